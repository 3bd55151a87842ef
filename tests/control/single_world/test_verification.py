"""Verification of a journal: matching exchanges are counted; if none matches, the nearest one is explained."""

from __future__ import annotations

from typing import Any

import pytest

from tests.control.single_world.world import PROVIDER, PROVIDERS, ControlledWorld


def verify(world: ControlledWorld, **expectation: Any) -> Any:
    return world.control_json("POST", "/journal/verify", expectation)


@pytest.fixture
def used(world: ControlledWorld) -> ControlledWorld:
    """A world after four requests: a list, a refused creation and two creations."""
    world.ask("GET", f"{PROVIDERS}?verbose=yes&page=2", x_run="7")
    world.ask("POST", PROVIDERS, {"name": "x"})
    world.ask("POST", PROVIDERS, {**PROVIDER, "name": "A"})
    world.ask("POST", PROVIDERS, {**PROVIDER, "name": "B"})
    return world


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
def test_an_exchange_that_has_every_expected_member_matches(
    used: ControlledWorld, expectation: Any, found: list[int]
) -> None:
    verdict = verify(used, **expectation)
    assert verdict == {"satisfied": True, "matches": len(found), "exchanges": found, "nearest": None}


@pytest.mark.parametrize(("times", "satisfied"), [(0, False), (1, False), (2, True), (3, False)])
def test_the_number_of_matching_exchanges_must_equal_times(used: ControlledWorld, times: int, satisfied: bool) -> None:
    assert verify(used, method="POST", status=200, times=times)["satisfied"] is satisfied


def test_no_matching_exchange_can_be_expected(used: ControlledWorld) -> None:
    assert verify(used, method="DELETE", times=0)["satisfied"] is True
    assert verify(used, method="DELETE")["satisfied"] is False


def test_if_none_matches_the_nearest_exchange_and_its_differences_are_returned(used: ControlledWorld) -> None:
    expected = {**PROVIDER, "name": "C"}
    verdict = verify(used, operation="createIdentityProvider", status=200, body=expected)
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
def test_a_difference_names_its_place(used: ControlledWorld, expectation: Any, difference: str) -> None:
    differences = verify(used, after=3, **expectation)["nearest"]["differences"]
    assert len(differences) == 1
    assert difference in differences[0]


def test_secrets_are_masked_in_the_result(used: ControlledWorld) -> None:
    wrong = {"body": {"client_secret": "guessed"}, "headers": {"Authorization": "Bearer guessed"}}
    told = used.control("POST", "/journal/verify", wrong).body
    assert b"hidden" not in told
    assert b"any" not in told
    shown = used.control("POST", "/journal/verify?secrets=true", wrong).body
    assert b"hidden" in shown


def test_an_empty_journal_has_no_nearest_exchange(world: ControlledWorld) -> None:
    assert verify(world, method="GET") == {"satisfied": False, "matches": 0, "exchanges": [], "nearest": None}


def test_true_does_not_equal_one(world: ControlledWorld) -> None:
    world.ask("POST", PROVIDERS, {**PROVIDER, "note": 1})
    assert verify(world, body={"note": True})["matches"] == 0
    assert verify(world, body={"note": 1})["matches"] == 1


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"path": "password", "value": "hunter2"}, {"value": "guessed"}),
        ({"path": "password", "value": "hunter2"}, {"path": "password", "value": "guessed"}),
        ({"password": {"plain": "hunter2"}}, {"password": {"plain": "guessed"}}),
        ({"list": [{"password": ["hunter2"]}]}, {"list": [{"password": ["guessed"]}]}),
    ],
)
def test_secrets_without_a_name_of_their_own_are_masked_in_differences(
    world: ControlledWorld, sent: dict[str, Any], wrong: dict[str, Any]
) -> None:
    world.ask("POST", PROVIDERS, sent)
    shown = world.control("POST", "/journal/verify", {"body": wrong}).body
    assert b"is '***', not '***'" in shown
    assert b"hunter2" not in shown
    assert b"guessed" not in shown
