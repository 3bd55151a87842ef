"""Faults: rules that hit the calls they are about, in each API's own words, and by nothing but count, time or seed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.problems import Refused
from mockserver.state.store import Transaction, load
from mockserver.worlds import faults
from tests.control.fresh.plane import PROVIDER, PROVIDERS, Plane

APIS = {
    PROVIDERS: ["code", "message"],
    "/api/v1/directory-sync?tenant=t&product=p": ["data", "error"],
    "/v1/identity-providers": ["arguments", "causes", "context", "errorCode", "errorType", "label", "message"],
    "/identity/v1/organizations": ["error", "message", "path", "status", "timestamp"],
    "/api/scim/v2/Users": ["detail", "schemas", "status"],
}
"""A list of each API, and names that are in its error body."""


def add(plane: Plane, **rule: Any) -> Any:
    return plane.said("POST", "/faults", rule)


@pytest.mark.parametrize("status", [400, 404, 409, 418, 429, 500, 502, 503])
@pytest.mark.parametrize("path", APIS)
def test_a_status_is_told_in_the_words_of_the_api(plane: Plane, path: str, status: int) -> None:
    add(plane, effect={"status": status})
    answer = plane.ask("GET", path)
    assert answer.status == status
    assert set(APIS[path]) <= set(answer.json())


@pytest.mark.parametrize(("status", "body"), [(401, "Unauthorized"), (403, "Forbidden")])
def test_a_status_that_the_api_has_its_own_words_for_is_told_in_them(plane: Plane, status: int, body: str) -> None:
    add(plane, effect={"status": status})
    assert plane.ask("GET", "/api/v1/directory-sync").json() == {"error": {"message": body}}


def test_a_message_can_be_given(plane: Plane) -> None:
    add(plane, effect={"status": 503, "message": "down for maintenance", "retryAfter": 120})
    answer = plane.ask("GET", PROVIDERS)
    assert answer.json() == {"code": 503, "message": "down for maintenance"}
    assert answer.header("Retry-After") == "120"


def test_the_nth_call_of_an_operation_is_hit_and_no_other(plane: Plane) -> None:
    add(plane, match={"operationId": "listIdentityProviders"}, effect={"status": 503}, nth=3)
    assert plane.ask("GET", "/v1/identity-providers").status == 200
    assert plane.statuses(5) == [200, 200, 503, 200, 200]


def test_the_next_calls_are_hit_and_then_no_more(plane: Plane) -> None:
    add(plane, match={"service": "netbird"}, effect={"status": 503}, times=2)
    assert plane.ask("GET", "/v1/identity-providers").status == 200
    assert plane.statuses(4) == [503, 503, 200, 200]


def test_without_a_number_every_call_is_hit_until_the_rule_is_deleted(plane: Plane) -> None:
    rule = add(plane, effect={"status": 503})
    assert plane.statuses(3) == [503, 503, 503]
    plane.said("DELETE", f"/faults/{rule['id']}")
    plane.said("DELETE", f"/faults/{rule['id']}", status=404)
    assert plane.statuses(1) == [200]


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({}, True),
        ({"method": "GET"}, True),
        ({"method": "POST"}, False),
        ({"path": PROVIDERS}, True),
        ({"path": "/api/*"}, True),
        ({"path": "*providers"}, True),
        ({"path": "/api/identity"}, False),
        ({"path": "/api.identity-providers"}, False),
        ({"service": "jackson"}, False),
        ({"service": "netbird", "operationId": "getIdentityProvider"}, False),
    ],
)
def test_a_rule_is_about_calls_that_have_all_it_names(plane: Plane, match: Any, hit: bool) -> None:
    add(plane, match=match, effect={"status": 503})
    assert plane.ask("GET", f"/_mock/w/{plane.name}{PROVIDERS}?page=1").status == (503 if hit else 200)


def test_a_rate_limit_lets_so_many_calls_through_in_each_period_of_the_worlds_clock(plane: Plane) -> None:
    add(plane, effect={"rateLimit": {"requests": 2, "seconds": 60}})
    assert plane.statuses(2) == [200, 200]
    plane.said("PATCH", "/clock", {"advance": "PT20.5S"})
    answer = plane.ask("GET", PROVIDERS)
    assert (answer.status, answer.header("Retry-After")) == (429, "40")
    plane.said("PATCH", "/clock", {"advance": "PT40S"})
    assert plane.statuses(3) == [200, 200, 429]


@settings(max_examples=50)
@given(st.integers(0, 5), st.integers(1, 100), st.lists(st.integers(0, 50), max_size=40))
def test_a_rate_limit_never_lets_more_through_than_it_says(requests: int, seconds: int, pauses: list[int]) -> None:
    records = Transaction(load((faults.COLLECTION,), {}))
    faults.add_rule(records, {"effect": {"rateLimit": {"requests": requests, "seconds": seconds}}})
    called, now, passed = faults.CallSummary("netbird", "listIdentityProviders", "GET", PROVIDERS), 0, []
    for pause in pauses:
        now += pause * 1_000_000_000
        hit = faults.decide(records, called, now)
        if hit is None:
            passed.append(now)
        else:
            assert hit.status == 429
            assert 1 <= (hit.retry_after or 0) <= seconds
    # Two neighbouring periods may both be used up, never more, within the length of one.
    for start in passed:
        assert sum(start <= at < start + seconds * 1_000_000_000 for at in passed) <= 2 * requests


def test_chance_comes_from_the_seed_alone(plane: Plane) -> None:
    def played(seed: int) -> list[int]:
        plane.said("POST", "/reset")
        add(plane, effect={"status": 503}, probability=0.5, seed=seed)
        return plane.statuses(30)

    first = played(1)
    assert set(first) == {200, 503}
    assert played(1) == first
    assert played(2) != first


def test_chance_without_a_seed_is_refused(plane: Plane) -> None:
    plane.said("POST", "/faults", {"effect": {"status": 503}, "probability": 0.5}, status=400)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"effect": {}},
        {"effect": {"status": 200}},
        {"effect": {"status": 599}},
        {"effect": {"status": "503"}},
        {"effect": {"delay": "1h"}},
        {"effect": {"delay": "61s"}},
        {"effect": {"rateLimit": {"requests": 1}}},
        {"effect": {"status": 503}, "nth": 0},
        {"effect": {"status": 503}, "match": {"path": 1}},
    ],
)
def test_a_rule_that_breaks_the_document_is_refused_and_not_added(plane: Plane, rule: Any) -> None:
    plane.said("POST", "/faults", rule, status=400)
    assert plane.said("GET", "/faults") == []


def test_rules_count_alike_and_the_oldest_that_hits_decides(plane: Plane) -> None:
    add(plane, effect={"status": 503}, nth=2)
    add(plane, effect={"status": 500})
    assert plane.statuses(3) == [500, 503, 500]
    assert [(it["seen"], it["hits"]) for it in plane.said("GET", "/faults")] == [(3, 1), (3, 2)]


def test_there_is_a_limit_to_how_much_may_go_wrong(plane: Plane) -> None:
    for _ in range(faults.MAX_RULES):
        add(plane, effect={"status": 503}, match={"method": "TRACE"})
    plane.said("POST", "/faults", {"effect": {"status": 503}}, status=409)
    plane.said("DELETE", "/faults")
    assert plane.said("GET", "/faults") == []


def test_a_refused_call_was_not_carried_out_and_its_fault_is_in_the_journal(plane: Plane) -> None:
    add(plane, effect={"status": 503}, times=1)
    before = plane.state()["collections"]["netbird.identity_providers"]
    assert plane.ask("POST", PROVIDERS, PROVIDER, token="").status == 503
    assert plane.state()["collections"]["netbird.identity_providers"] == before
    assert plane.said("GET", "/journal")[-1]["fault"] == {"status": 503}
    assert plane.ask("POST", PROVIDERS, PROVIDER).status == 200
    assert plane.said("GET", "/journal")[-1]["fault"] is None


def test_a_disconnected_call_was_not_carried_out_and_has_no_answer(plane: Plane) -> None:
    before = plane.state()["collections"]
    assert plane.ask("POST", PROVIDERS, PROVIDER, x_mock_fault="disconnect").status == 0
    assert plane.state()["collections"] == before
    assert plane.said("GET", "/journal")[-1]["response"]["status"] == 0


@pytest.mark.parametrize("damage", ["truncate", "garbage"])
def test_a_call_whose_answer_is_spoilt_was_carried_out(plane: Plane, damage: str) -> None:
    before = len(plane.state()["collections"]["netbird.identity_providers"])
    plane.ask("POST", PROVIDERS, PROVIDER, x_mock_fault=damage)
    assert len(plane.state()["collections"]["netbird.identity_providers"]) == before + 1


def test_garbage_is_no_json_and_no_text(plane: Plane) -> None:
    answer = plane.ask("GET", PROVIDERS, x_mock_fault="garbage")
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode()


def test_a_header_is_a_fault_for_one_request_and_no_rule_counts_it(plane: Plane) -> None:
    add(plane, effect={"status": 500}, nth=2)
    assert plane.ask("GET", PROVIDERS, x_mock_fault="status=503").status == 503
    assert plane.statuses(2) == [200, 500]


@pytest.mark.parametrize(
    "header",
    ["", "nonsense", "status", "status=", "status=200", "status=999", "status=٥٠٣", "delay", "delay=5", "delay=1h"],
)
@pytest.mark.parametrize("path", APIS)
def test_a_header_that_makes_no_sense_is_refused_by_the_api_itself(plane: Plane, path: str, header: str) -> None:
    answer = plane.ask("GET", path, x_mock_fault=header)
    assert answer.status == 400
    assert set(APIS[path]) <= set(answer.json())


@given(st.text(max_size=30))
def test_no_header_is_too_strange(header: str) -> None:
    try:
        read = faults.parse_header(header)
    except Refused:
        return
    assert read.status or read.delay or read.damage or "delay" in header


def test_the_control_plane_has_no_faults(plane: Plane) -> None:
    add(plane, effect={"status": 503})
    assert plane.control("GET", "/faults", x_mock_fault="status=503").status == 200


def test_a_fork_has_the_faults_of_its_origin_and_counts_for_itself(plane: Plane) -> None:
    add(plane, effect={"status": 503}, nth=2)
    plane.statuses(1)
    fork = Plane(f"{plane.name}-fork", scenario=plane.name)
    assert fork.statuses(2) == [503, 200]
    assert plane.statuses(1) == [503]
    fork.said("DELETE", "")
