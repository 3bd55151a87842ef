"""A rule hits the calls that it matches, by count, seed or time; an effect says what happens to the response."""

from __future__ import annotations

import re
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.messages import Effect, Response
from mockserver.core.problems import (
    Conflict,
    Forbidden,
    InternalError,
    Problem,
    Refused,
    TooManyRequests,
    Unauthenticated,
)
from mockserver.state.store import Record, Transaction, load
from mockserver.worlds import faults
from mockserver.worlds.faults import CallSummary, path_matches
from tests.hostile.work import steps

SECOND = 1_000_000_000
CALL = CallSummary("netbird", "getUser", "GET", "/api/users/1")


class Rules:
    """The rules of one world, in one transaction."""

    def __init__(self, *wishes: dict[str, Any]) -> None:
        self.records = Transaction(load((faults.COLLECTION,), {}))
        for wish in wishes:
            faults.add_rule(self.records, wish)

    def decide(self, called: CallSummary = CALL, now: int = 0) -> Effect | None:
        return faults.decide(self.records, called, now)

    def statuses(self, count: int) -> list[int | None]:
        """Returns the statuses of the faults that hit the next calls; None for a call that is not hit."""
        decided = [self.decide() for _ in range(count)]
        return [fault.status if fault else None for fault in decided]

    @property
    def stored(self) -> list[Record]:
        return self.records.page(faults.NAME)


def test_a_rule_is_stored_with_its_defaults() -> None:
    assert Rules({"effect": {"status": 503}}).stored == [
        {
            "id": "1",
            "match": {},
            "effect": {"status": 503},
            "nth": 1,
            "times": None,
            "probability": 1,
            "seed": None,
            "seen": 0,
            "hits": 0,
            "window": None,
        }
    ]


def test_a_rule_is_stored_as_it_was_wished_for_and_returned() -> None:
    wish = {"match": {"method": "GET"}, "effect": {"delay": "1s"}, "nth": 2, "times": 3, "probability": 0.5, "seed": 7}
    records = Transaction(load((faults.COLLECTION,), {}))
    rule = faults.add_rule(records, wish)
    assert {name: rule[name] for name in wish} == wish
    assert records.get(faults.NAME, rule["id"]) == rule


def test_rules_are_a_collection_of_their_world() -> None:
    assert (faults.NAME, faults.COLLECTION.name) == ("faults", "faults")


def test_the_number_of_rules_is_bounded() -> None:
    rules = Rules(*[{"effect": {"status": 503}}] * faults.MAX_RULES)
    assert len(rules.stored) == 100
    with pytest.raises(Conflict, match="there are 100 faults already"):
        faults.add_rule(rules.records, {"effect": {"status": 503}})


def test_a_world_has_rules_from_the_first_to_the_last() -> None:
    state = load((faults.COLLECTION,), {})
    assert faults.any_rules(state) is False
    assert faults.any_rules(load((), {})) is False
    records = Transaction(state)
    rule = faults.add_rule(records, {"effect": {"status": 503}})
    state = records.commit()
    assert faults.any_rules(state) is True
    records = Transaction(state)
    records.delete(faults.NAME, rule["id"])
    assert faults.any_rules(records.commit()) is False


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({}, True),
        ({"service": "netbird", "operationId": "getUser", "method": "GET", "path": "/api/users/1"}, True),
        ({"service": "jackson"}, False),
        ({"operationId": "getGroup"}, False),
        ({"method": "PUT"}, False),
        ({"path": "/api/users/2"}, False),
        ({"path": "/api/users"}, False),
        ({"path": "/api/*/1"}, True),
        ({"path": "*"}, True),
        ({"path": "/*/2"}, False),
        ({"path": "/api.users/1"}, False),
    ],
)
def test_a_rule_matches_a_call_with_every_property_that_it_names(match: dict[str, str], hit: bool) -> None:
    rules = Rules({"match": match, "effect": {"status": 503}})
    assert (rules.decide() is not None) is hit
    assert rules.stored[0]["seen"] == hit


@pytest.mark.parametrize(
    ("wish", "hits"),
    [
        ({}, [True, True, True, True]),
        ({"nth": 2}, [False, True, False, False]),
        ({"times": 2}, [True, True, False, False]),
        ({"nth": 2, "times": 2}, [False, True, True, False]),
        ({"nth": 3, "times": None}, [False, False, True, True]),
        ({"probability": 0, "seed": 1}, [False, False, False, False]),
        ({"probability": 1}, [True, True, True, True]),
    ],
)
def test_a_rule_hits_from_the_nth_call_on_so_many_times(wish: dict[str, Any], hits: list[bool]) -> None:
    rules = Rules({"effect": {"status": 503}, **wish})
    assert rules.statuses(4) == [503 if hit else None for hit in hits]
    assert (rules.stored[0]["seen"], rules.stored[0]["hits"]) == (4, sum(hits))


def test_a_probability_is_decided_by_the_seed_and_the_number_of_the_call() -> None:
    wish = {"effect": {"status": 503}, "probability": 0.25, "seed": 1}
    hits = [position for position, status in enumerate(Rules(wish).statuses(100)) if status]
    assert hits[:6] == [3, 6, 16, 21, 24, 37]
    assert 15 <= len(hits) <= 35
    assert Rules(wish).statuses(100) == Rules(wish).statuses(100) != Rules({**wish, "seed": 2}).statuses(100)


def test_every_matching_rule_counts_a_call_and_the_oldest_that_hits_decides() -> None:
    rules = Rules({"effect": {"status": 503}, "nth": 2}, {"effect": {"status": 500}}, {"effect": {"status": 502}})
    assert rules.statuses(3) == [500, 503, 500]
    assert [(rule["seen"], rule["hits"]) for rule in rules.stored] == [(3, 1), (3, 2), (3, 0)]


def test_a_rule_that_does_not_match_hides_no_later_one() -> None:
    rules = Rules({"match": {"method": "PUT"}, "effect": {"status": 503}}, {"effect": {"status": 500}})
    assert rules.statuses(1) == [500]


def test_a_rate_limit_lets_so_many_calls_pass_in_each_window_of_the_worlds_clock() -> None:
    rules = Rules({"effect": {"rateLimit": {"requests": 2, "seconds": 60}, "message": "slow down"}})
    start = 1_000 * SECOND
    assert rules.decide(now=start) is None
    assert rules.stored[0]["window"] == {"since": start, "calls": 1}
    assert rules.decide(now=start + 60 * SECOND - 1) is None
    assert rules.decide(now=start + 60 * SECOND - 1) == Effect(429, "slow down", 1)
    assert rules.stored[0]["window"] == {"since": start, "calls": 3}
    assert (rules.stored[0]["seen"], rules.stored[0]["hits"]) == (3, 1)
    assert rules.decide(now=start + 60 * SECOND) is None
    assert rules.stored[0]["window"] == {"since": start + 60 * SECOND, "calls": 1}


@pytest.mark.parametrize(("elapsed", "wait"), [(0, 60), (1, 60), (20 * SECOND, 40), (20 * SECOND + 1, 40)])
def test_retry_after_is_the_rest_of_the_window_in_whole_seconds(elapsed: int, wait: int) -> None:
    rules = Rules({"effect": {"rateLimit": {"requests": 1, "seconds": 60}}})
    assert rules.decide(now=SECOND) is None
    fault = rules.decide(now=SECOND + elapsed)
    assert fault is not None
    assert (fault.status, fault.retry_after) == (429, wait)
    assert rules.decide(now=SECOND + elapsed) == fault
    assert rules.stored[0]["hits"] == 2


def test_a_clock_that_was_set_back_starts_a_new_window() -> None:
    rules = Rules({"effect": {"rateLimit": {"requests": 1, "seconds": 60}}})
    assert rules.decide(now=100 * SECOND) is None
    assert rules.decide(now=50 * SECOND) is None


@pytest.mark.parametrize(
    ("header", "effect"),
    [
        ("status=503", Effect(503)),
        ("status=429", Effect(429, retry_after=1)),
        ("delay=250ms", Effect(delay=250)),
        ("delay=2s", Effect(delay=2_000)),
        ("delay=60s", Effect(delay=60_000)),
        ("delay=60001ms", Effect(delay=60_000)),
        ("delay=99999s", Effect(delay=60_000)),
        ("disconnect", Effect(damage="disconnect")),
        ("truncate", Effect(damage="truncate")),
        ("garbage", Effect(damage="garbage")),
        (" status=400 , delay=1ms,truncate", Effect(400, delay=1, damage="truncate")),
        ("truncate,disconnect", Effect(damage="disconnect")),
    ],
)
def test_a_header_names_the_parts_of_an_effect(header: str, effect: Effect) -> None:
    assert faults.parse_header(header) == effect


@pytest.mark.parametrize(
    "header",
    [
        *["", "nonsense", "status", "status=", "status=abc", "status=0503", "delay", "disconnect=", "disconnect=1"],
        *["status=503,", "status=503;delay=1s", "503", "=503", "delay=250ms=", "status=503 delay=1s"],
    ],
)
def test_a_header_with_an_unknown_part_is_refused(header: str) -> None:
    with pytest.raises(Refused):
        faults.parse_header(header)


@pytest.mark.parametrize("part", ["x=1", "delay", "status=5"])
def test_the_refusal_of_a_header_names_the_unknown_part_and_lists_the_known_ones(part: str) -> None:
    with pytest.raises(Refused) as refusal:
        faults.parse_header(f"truncate, {part}")
    expected = f"X-Mock-Fault: {part!r} is none of status=503, delay=250ms, disconnect, truncate, garbage"
    assert refusal.value.message == expected


@pytest.mark.parametrize("status", [200, 399, 432, 599, 600])
def test_a_status_that_is_not_that_of_an_error_is_refused(status: int) -> None:
    with pytest.raises(Refused, match=f"{status} is no HTTP status of an error"):
        faults.effect({"status": status})


@pytest.mark.parametrize("status", [400, 418, 511])
def test_any_error_status_is_accepted(status: int) -> None:
    assert faults.effect({"status": status, "message": "m", "retryAfter": 0}) == Effect(status, "m", 0)


@pytest.mark.parametrize("delay", ["", "5", "ms", "1m", "1h", "-1s", "1.5s", "100000ms", "1 s", "1sx"])
def test_a_delay_that_can_not_be_parsed_is_refused(delay: str) -> None:
    with pytest.raises(Refused, match="is no delay"):
        faults.effect({"delay": delay})


@pytest.mark.parametrize(
    ("fault", "kind", "status", "message"),
    [
        (Effect(401), Unauthenticated, 401, "token invalid"),
        (Effect(403), Forbidden, 403, "permission denied"),
        (Effect(429), TooManyRequests, 429, "too many requests"),
        (Effect(500), InternalError, 500, "internal server error"),
        (Effect(503), Problem, 503, "service unavailable"),
        (Effect(404), Problem, 404, "not found"),
        (Effect(503, "closed"), Problem, 503, "closed"),
        (Effect(401, "who?"), Unauthenticated, 401, "who?"),
        (Effect(), InternalError, 500, "internal server error"),
    ],
)
def test_the_status_of_a_fault_is_a_problem_for_the_service(
    fault: Effect, kind: type[Problem], status: int, message: str
) -> None:
    problem = faults.problem_for(fault)
    assert type(problem) is kind
    assert (problem.status, problem.message) == (status, message)
    assert not isinstance(problem, Unauthenticated) or problem.given


def test_applying_a_fault_leaves_the_connection_to_the_transport() -> None:
    response = Response(200, b"{}")
    fault = Effect(delay=5, damage="truncate")
    faults.apply(fault, response)
    assert response == Response(200, b"{}", [], effect=fault)


def test_applying_a_fault_adds_retry_after_and_garbage() -> None:
    response = Response(503, b"{}", [("A", "b")])
    fault = Effect(503, retry_after=0, damage="garbage")
    faults.apply(fault, response)
    assert response == Response(503, faults.GARBAGE, [("A", "b"), ("Retry-After", "0")], effect=fault)


def test_a_rule_is_shown_without_its_window() -> None:
    (rule,) = Rules({"effect": {"status": 503}}).stored
    shown = faults.rule_as_json(rule)
    assert "window" not in shown
    assert {**shown, "window": None} == rule


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (Effect(), {}),
        (
            Effect(503, "m", 3, 250, "truncate"),
            {"status": 503, "message": "m", "retryAfter": 3, "delay": "250ms", "truncate": True},
        ),
        (Effect(damage="disconnect"), {"disconnect": True}),
    ],
)
def test_an_effect_is_shown_with_the_members_of_a_rule(fault: Effect, shown: dict[str, Any]) -> None:
    assert faults.effect_as_json(fault) == shown


@given(st.text("ab/*", max_size=8), st.text("ab/", max_size=12))
def test_a_star_stands_for_any_characters_and_everything_else_for_itself(pattern: str, path: str) -> None:
    expression = ".*".join(map(re.escape, pattern.split("*")))
    assert path_matches(pattern, path) == bool(re.fullmatch(expression, path))


@pytest.mark.parametrize(
    "pattern", ["*a" * 30 + "*b", "*" * 10_000 + "b", "*a" * 10_000 + "b", "a*" * 10_000, "*" * 30]
)
def test_a_pattern_of_many_stars_takes_steps_in_proportion_to_the_path(pattern: str) -> None:
    path = "a" * 16_000
    assert steps(lambda: path_matches(pattern, path * 2)) < 2.5 * steps(lambda: path_matches(pattern, path))
    started = process_time()
    path_matches(pattern, path)  # a few milliseconds; a regular expression never ended
    assert process_time() - started < 1
