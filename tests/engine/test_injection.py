"""A fault of the request's header or of a rule makes a request fail, in the words of its service."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mockserver.core.clock import Clock
from mockserver.core.messages import Answer, Effect, Request, Response
from mockserver.core.problems import Problem
from mockserver.documents.spec import Operation
from mockserver.engine.injection import inject
from mockserver.engine.routing import Routing
from mockserver.state.store import Transaction, load
from mockserver.worlds import faults
from mockserver.worlds.journal import Budget, Exchange, Journal, Settings
from mockserver.worlds.world import World
from tests.toy.api import SERVICE
from tests.toy.document import DOCUMENT

ROUTING = Routing([SERVICE], {"toy": DOCUMENT})
NOW = 1_000_000_000


class Hit:
    """One request for the list of things, in a world with these rules, and what became of it."""

    def __init__(self, header: str | None, *wishes: dict[str, Any]) -> None:
        settings = Settings(0, 0, {}, Clock(lambda: NOW))
        state = load((*SERVICE.collections, faults.COLLECTION), {})
        self.world = World("w", "", state, settings, (state, settings), Journal(10, Budget(10**9)))
        records = Transaction(state)
        for wish in wishes:
            faults.add_rule(records, wish)
        self.before = self.world.commit(records)
        request = Request("GET", "/things")
        self.exchange = Exchange(1, NOW, "toy", "listThings", request, Response(500), self.before, settings)
        endpoint, _ = ROUTING.find("GET", "/things")
        assert endpoint is not None
        self.response = inject(header, endpoint, self.world, "/things", self.exchange)

    @property
    def seen(self) -> int:
        """How many calls the first rule has counted."""
        return int(Transaction(self.world.state).page(faults.NAME)[0]["seen"])


def test_a_status_is_refused_in_the_words_of_the_service() -> None:
    hit = Hit("status=429")
    assert hit.response is not None
    assert (hit.response.status, hit.response.json()) == (429, {"toy": "TooManyRequests", "said": "too many requests"})
    assert hit.response.header("Content-Type") == "application/json; charset=UTF-8"
    assert hit.exchange.fault == Effect(429, retry_after=1)


def test_a_disconnection_has_no_response() -> None:
    hit = Hit("disconnect")
    assert hit.response == Response(0)
    assert hit.exchange.fault == Effect(damage="disconnect")


@pytest.mark.parametrize("header", ["delay=1s", "truncate", "garbage"])
def test_a_request_whose_response_is_delayed_or_damaged_is_carried_out(header: str) -> None:
    hit = Hit(header)
    assert hit.response is None
    assert hit.exchange.fault == faults.parse_header(header)


@pytest.mark.parametrize("header", ["nonsense", "status=200", "delay=1h"])
def test_an_impossible_fault_is_refused_by_the_service(header: str) -> None:
    hit = Hit(header)
    assert hit.response is not None
    assert (hit.response.status, hit.response.json()["toy"]) == (400, "Refused")
    assert hit.exchange.fault is None


def test_a_rule_that_matches_the_call_decides() -> None:
    match = {"service": "toy", "operationId": "listThings", "method": "GET", "path": "/things"}
    hit = Hit(None, {"match": match, "effect": {"status": 503}})
    assert hit.response is not None
    assert (hit.response.status, hit.response.json()["said"]) == (503, "service unavailable")
    assert hit.exchange.fault == Effect(503)


def test_the_counters_of_the_rules_are_committed_and_are_part_of_the_exchange() -> None:
    hit = Hit(None, {"effect": {"status": 503}, "nth": 2})
    assert (hit.response, hit.exchange.fault, hit.seen) == (None, None, 1)
    assert hit.exchange.state is hit.world.state is not hit.before


def test_a_header_replaces_the_rules_which_do_not_count_the_call() -> None:
    hit = Hit("status=503", {"effect": {"status": 500}})
    assert hit.response is not None
    assert (hit.response.status, hit.seen) == (503, 0)
    assert hit.exchange.state is hit.world.state is hit.before


def test_the_window_of_a_rate_limit_begins_at_the_instant_of_the_exchange() -> None:
    hit = Hit(None, {"effect": {"rateLimit": {"requests": 1, "seconds": 60}}})
    (rule,) = Transaction(hit.world.state).page(faults.NAME)
    assert rule["window"] == {"since": NOW, "calls": 1}
    assert hit.response is None


def test_the_service_knows_path_and_instant_of_what_it_refuses() -> None:
    def problem(problem: Problem, operation: Operation | None) -> Answer:
        return Answer({"path": problem.path, "at": problem.at, "operation": operation and operation.id}, problem.status)

    routing = Routing([replace(SERVICE, problem=problem)], {"toy": DOCUMENT})
    endpoint, _ = routing.find("GET", "/things")
    hit = Hit(None)
    assert endpoint is not None
    response = inject("status=503", endpoint, hit.world, "/things", hit.exchange)
    assert response is not None
    assert response.json() == {"path": "/things", "at": NOW, "operation": "listThings"}
