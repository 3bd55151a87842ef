"""A world's journal is read, filtered, followed and emptied; secrets show only to who asks for them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.core.messages import Headers, Request, encode
from tests.toy.control import PROVIDERS, Plane

JOURNAL = "worlds/default/journal"


@pytest.fixture
def used(plane: Plane) -> Plane:
    """A server of which five things were asked: 1 created, 2 listed, 3 not found, 4 unknown path, 5 malformed."""
    plane.add()
    plane.call("GET", f"{PROVIDERS}?client_secret=hunter2&verbose=1")
    plane.call("GET", f"{PROVIDERS}/nowhere")
    plane.call("GET", "/nowhere")
    plane.server.handle(
        Request("POST", PROVIDERS, Headers({"Authorization": "Token hunter3"}), b'{"client_secret": "hunter2"')
    )
    return plane


def ids(exchanges: Any) -> list[int]:
    return [it["id"] for it in exchanges]


def test_an_exchange_tells_what_was_asked_answered_changed_and_ignored(used: Plane) -> None:
    created = used.ask("GET", f"{JOURNAL}/1")
    assert created["at"] == "2023-11-14T22:13:20.000Z"
    assert (created["service"], created["operation"]) == ("netbird", "createIdentityProvider")
    assert (created["request"]["method"], created["request"]["body"]["name"]) == ("POST", "n")
    assert created["response"]["status"] == 200
    assert created["response"]["headers"]["X-Mock-Exchange"] == "1"
    change = created["changes"][0]
    assert (change["collection"], change["before"]) == ("netbird.identity_providers", None)
    assert change["after"]["id"] == created["response"]["body"]["id"]
    assert used.ask("GET", f"{JOURNAL}/2")["ignored"] == ["query client_secret", "query verbose"]


@pytest.mark.parametrize("target", [JOURNAL, f"{JOURNAL}/1", f"{JOURNAL}/2", f"{JOURNAL}/5"])
def test_secrets_are_masked_unless_they_are_asked_for(used: Plane, target: str) -> None:
    assert "hunter" not in json.dumps(used.ask("GET", target))
    assert "hunter2" in json.dumps(used.ask("GET", f"{target}?secrets=true"))


def test_of_the_credential_the_scheme_is_shown(used: Plane) -> None:
    assert used.ask("GET", f"{JOURNAL}/1")["request"]["headers"]["authorization"] == "Token ***"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("limit=2", [4, 5]),
        ("after=3", [4, 5]),
        ("after=1&limit=1", [5]),
        ("status=404", [3, 4]),
        ("method=POST", [1, 5]),
        ("service=netbird", [1, 2, 3, 5]),
        ("operation=getIdentityProvider", [3]),
        (f"path={PROVIDERS}", [1, 2, 5]),
        ("status=404&service=netbird", [3]),
        ("service=vcf", []),
    ],
)
def test_exchanges_are_found_by_every_filter(used: Plane, query: str, expected: list[int]) -> None:
    assert ids(used.ask("GET", f"{JOURNAL}?{query}")) == expected


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "after=-1", "status=x", "secrets=maybe"])
def test_a_filter_that_can_not_be_is_refused(used: Plane, query: str) -> None:
    used.ask("GET", f"{JOURNAL}?{query}", status=400)


def test_an_emptied_journal_counts_on_and_the_state_stays(used: Plane) -> None:
    used.ask("DELETE", JOURNAL, status=204)
    assert used.ask("GET", JOURNAL) == []
    assert used.names() == ["n"]
    assert ids(used.ask("GET", JOURNAL)) == [6]
    used.ask("GET", f"{JOURNAL}/1", status=404)


@pytest.mark.parametrize("target", ["worlds/nowhere/journal", f"{JOURNAL}/99"])
def test_what_is_not_there_is_not_found(used: Plane, target: str) -> None:
    used.ask("GET", target, status=404)


def test_the_control_planes_own_requests_are_in_no_worlds_journal(used: Plane) -> None:
    used.ask("GET", "health")
    assert ids(used.ask("GET", JOURNAL)) == [1, 2, 3, 4, 5]


def test_whatever_was_sent_can_be_shown(plane: Plane) -> None:
    bodies = [b"\xff\x00", b"[" * 900 + b"]" * 900, b'{"a": 1, "a": 2}', b'"\\ud800"', b"a" * 200_000]
    for body in bodies:
        headers = Headers({"Authorization": "Token \udcff", "X": "\udcfe"})
        plane.server.handle(Request("POST", PROVIDERS, headers, body))
    assert len(plane.ask("GET", JOURNAL)) == len(bodies)
    assert len(plane.ask("GET", f"{JOURNAL}?secrets=true")) == len(bodies)


def test_a_body_that_is_nothing_but_a_secret_is_masked(plane: Plane) -> None:
    login = Request("POST", "/v1/tokens", Headers(), encode({"username": "any", "password": "any"}))
    refresh = plane.server.handle(login).json()["refreshToken"]["id"]
    renewal = Request("PATCH", "/v1/tokens/access-token/refresh", Headers(), encode(refresh))
    token = plane.server.handle(renewal).json()
    shown = json.dumps(plane.ask("GET", JOURNAL))
    assert refresh not in shown
    assert token not in shown
    assert token in json.dumps(plane.ask("GET", f"{JOURNAL}?secrets=true"))
    expected = {"operation": "refreshAccessToken", "body": "another", "answer": "another"}
    nearest = plane.ask("POST", f"{JOURNAL}/verify", expected)["nearest"]
    assert nearest["differences"] == ["body is not as expected", "answer is not as expected"]
