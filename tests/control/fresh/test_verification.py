"""Assertions on a journal: counted where exchanges match, explained by the nearest where none does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.control.fresh.plane import PROVIDER, PROVIDERS, Plane


def verify(plane: Plane, **expectation: Any) -> Any:
    return plane.said("POST", "/journal/verify", expectation)


@pytest.fixture
def asked(plane: Plane) -> Plane:
    """A list, a refused creation, two creations."""
    plane.ask("GET", f"{PROVIDERS}?verbose=yes&page=2", x_run="7")
    plane.ask("POST", PROVIDERS, {"name": "x"})
    plane.ask("POST", PROVIDERS, {**PROVIDER, "name": "A"})
    plane.ask("POST", PROVIDERS, {**PROVIDER, "name": "B"})
    return plane


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        ({}, [1, 2, 3, 4]),
        ({"operation": "createIdentityProvider"}, [2, 3, 4]),
        ({"operation": "createIdentityProvider", "status": 200}, [3, 4]),
        ({"method": "POST", "after": 3}, [4]),
        ({"service": "netbird", "path": PROVIDERS}, [1, 2, 3, 4]),
        ({"query": {"page": "2"}}, [1]),
        ({"headers": {"x-RUN": "7"}}, [1]),
        ({"headers": {"Authorization": "Bearer any"}}, [1, 2, 3, 4]),
        ({"body": {"name": "A", "type": "oidc"}}, [3]),
        ({"body": {"client_secret": "hidden"}}, [3, 4]),
        ({"answer": {"name": "B"}}, [4]),
        ({"answer": [{"type": "oidc"}]}, [1]),
    ],
)
def test_an_exchange_matches_that_has_all_that_is_expected(asked: Plane, expectation: Any, found: list[int]) -> None:
    verdict = verify(asked, **expectation)
    assert verdict == {"satisfied": True, "matches": len(found), "exchanges": found, "nearest": None}


@pytest.mark.parametrize(("times", "satisfied"), [(0, False), (1, False), (2, True), (3, False)])
def test_as_many_exchanges_must_match_as_are_expected(asked: Plane, times: int, satisfied: bool) -> None:
    assert verify(asked, method="POST", status=200, times=times)["satisfied"] is satisfied


def test_that_nothing_was_asked_can_be_expected(asked: Plane) -> None:
    assert verify(asked, method="DELETE", times=0)["satisfied"] is True
    assert verify(asked, method="DELETE")["satisfied"] is False


def test_where_none_matches_the_nearest_tells_why(asked: Plane) -> None:
    expected = {**PROVIDER, "name": "C"}
    verdict = verify(asked, operation="createIdentityProvider", status=200, body=expected)
    assert (verdict["satisfied"], verdict["matches"]) == (False, 0)
    assert verdict["nearest"]["exchange"]["id"] == 4
    assert verdict["nearest"]["differences"] == ["body/name is 'B', not 'C'"]


@pytest.mark.parametrize(
    ("expectation", "difference"),
    [
        ({"status": 201}, "status is 200, not 201"),
        ({"query": {"page": "3"}}, "query/page is missing"),
        ({"headers": {"X-Run": "8"}}, "header X-Run is missing"),
        ({"body": {"scopes": ["a"]}}, "body/scopes is missing"),
        ({"answer": {"id": True}}, "not True"),
    ],
)
def test_differences_are_named_where_they_are(asked: Plane, expectation: Any, difference: str) -> None:
    differences = verify(asked, after=3, **expectation)["nearest"]["differences"]
    assert len(differences) == 1
    assert difference in differences[0]


def test_no_secret_is_in_what_is_told(asked: Plane) -> None:
    wrong = {"body": {"client_secret": "guessed"}, "headers": {"Authorization": "Bearer guessed"}}
    told = asked.control("POST", "/journal/verify", wrong).body
    assert b"hidden" not in told
    assert b"any" not in told
    shown = asked.control("POST", "/journal/verify?secrets=true", wrong).body
    assert b"hidden" in shown


def test_an_empty_journal_has_no_nearest(plane: Plane) -> None:
    assert verify(plane, method="GET") == {"satisfied": False, "matches": 0, "exchanges": [], "nearest": None}


def test_true_is_no_one(plane: Plane) -> None:
    plane.ask("POST", PROVIDERS, {**PROVIDER, "note": 1})
    assert verify(plane, body={"note": True})["matches"] == 0
    assert verify(plane, body={"note": 1})["matches"] == 1
