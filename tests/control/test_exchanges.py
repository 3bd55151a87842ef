"""The journal of a world is listed, filtered and emptied; secrets are masked unless the caller asks for them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.core.messages import Headers, Request, encode
from tests.toy.control import PROVIDERS, ControlPlane

JOURNAL = "worlds/default/journal"


@pytest.fixture
def used(control: ControlPlane) -> ControlPlane:
    """A server after five requests: 1 creates, 2 lists, 3 is not found, 4 has an unknown path, 5 is malformed."""
    control.add()
    control.call("GET", f"{PROVIDERS}?client_secret=hunter2&verbose=1")
    control.call("GET", f"{PROVIDERS}/nowhere")
    control.call("GET", "/nowhere")
    control.server.handle(
        Request("POST", PROVIDERS, Headers({"Authorization": "Token hunter3"}), b'{"client_secret": "hunter2"')
    )
    return control


def ids(exchanges: Any) -> list[int]:
    return [it["id"] for it in exchanges]


def test_an_exchange_has_the_request_the_response_the_changes_and_the_ignored_parts(used: ControlPlane) -> None:
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
def test_secrets_are_masked_unless_the_caller_asks_for_them(used: ControlPlane, target: str) -> None:
    assert "hunter" not in json.dumps(used.ask("GET", target))
    assert "hunter2" in json.dumps(used.ask("GET", f"{target}?secrets=true"))


def test_the_scheme_of_a_credential_is_not_masked(used: ControlPlane) -> None:
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
def test_filters_select_exchanges(used: ControlPlane, query: str, expected: list[int]) -> None:
    assert ids(used.ask("GET", f"{JOURNAL}?{query}")) == expected


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "after=-1", "status=x", "secrets=maybe"])
def test_an_invalid_filter_is_refused(used: ControlPlane, query: str) -> None:
    used.ask("GET", f"{JOURNAL}?{query}", status=400)


def test_emptying_a_journal_resets_neither_ids_nor_state(used: ControlPlane) -> None:
    used.ask("DELETE", JOURNAL, status=204)
    assert used.ask("GET", JOURNAL) == []
    assert used.names() == ["n"]
    assert ids(used.ask("GET", JOURNAL)) == [6]
    used.ask("GET", f"{JOURNAL}/1", status=404)


@pytest.mark.parametrize("target", ["worlds/nowhere/journal", f"{JOURNAL}/99"])
def test_an_unknown_world_or_exchange_is_not_found(used: ControlPlane, target: str) -> None:
    used.ask("GET", target, status=404)


def test_the_control_planes_own_requests_are_in_no_worlds_journal(used: ControlPlane) -> None:
    used.ask("GET", "health")
    assert ids(used.ask("GET", JOURNAL)) == [1, 2, 3, 4, 5]


def test_any_request_can_be_listed(control: ControlPlane) -> None:
    bodies = [b"\xff\x00", b"[" * 900 + b"]" * 900, b'{"a": 1, "a": 2}', b'"\\ud800"', b"a" * 200_000]
    for body in bodies:
        headers = Headers({"Authorization": "Token \udcff", "X": "\udcfe"})
        control.server.handle(Request("POST", PROVIDERS, headers, body))
    assert len(control.ask("GET", JOURNAL)) == len(bodies)
    assert len(control.ask("GET", f"{JOURNAL}?secrets=true")) == len(bodies)


def test_a_body_that_is_nothing_but_a_secret_is_masked(control: ControlPlane) -> None:
    login = Request("POST", "/v1/tokens", Headers(), encode({"username": "any", "password": "any"}))
    refresh = control.server.handle(login).json()["refreshToken"]["id"]
    renewal = Request("PATCH", "/v1/tokens/access-token/refresh", Headers(), encode(refresh))
    token = control.server.handle(renewal).json()
    listed = json.dumps(control.ask("GET", JOURNAL))
    assert refresh not in listed
    assert token not in listed
    assert token in json.dumps(control.ask("GET", f"{JOURNAL}?secrets=true"))
    expected = {"operation": "refreshAccessToken", "body": "another", "answer": "another"}
    nearest = control.ask("POST", f"{JOURNAL}/verify", expected)["nearest"]
    assert nearest["differences"] == ["body is not as expected", "answer is not as expected"]
