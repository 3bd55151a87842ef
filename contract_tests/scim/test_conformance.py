"""SCIM at each endpoint of the mock: public conformance tools, identity providers and fuzzed filters and patches."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..framework.processes import mock
from ..framework.scim_endpoints import ENDPOINTS, SCENARIO, ScimEndpoint
from ..framework.scim_grammar import filters, patch_paths

CHECKS = 135
"""The checks of scim2-tester 0.5.2 for a server with users, groups and the enterprise extension."""

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
fuzz = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a mock in a process of its own."""
    with mock("--scenario", SCENARIO) as url:
        yield url


@pytest.fixture(params=ENDPOINTS)
def endpoint(request: pytest.FixtureRequest, server: str) -> Iterator[ScimEndpoint]:
    """A new directory at each of the mock's SCIM endpoints."""
    with ENDPOINTS[request.param](server) as endpoint:
        yield endpoint


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program that is installed in the same environment as Python."""
    program = Path(sys.executable).with_name(name)
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=180, check=False)


def lines(output: str, words: Sequence[str]) -> list[str]:
    """Returns the lines of an output that begin with one of the words."""
    return [line for line in output.splitlines() if line.startswith(tuple(words))]


def test_scim2_tester_finds_nothing_wrong(endpoint: ScimEndpoint) -> None:
    completed = tool("scim", "-u", endpoint.url, "-h", f"Authorization: Bearer {endpoint.token}", "test")
    assert not lines(completed.stdout, ("ERROR", "CRITICAL", "DEVIATION", "SKIPPED")), completed.stdout
    assert len(lines(completed.stdout, ("SUCCESS",))) == CHECKS, completed.stdout + completed.stderr


def test_scim_sanity_finds_nothing_wrong(endpoint: ScimEndpoint) -> None:
    completed = tool("scim-sanity", "probe", endpoint.url, "--token", endpoint.token, "--i-accept-side-effects")
    assert re.search(r"\n  28 passed, 3 skipped, 31 total\n", completed.stdout), completed.stdout + completed.stderr
    assert completed.returncode == 0


@pytest.mark.parametrize("provider", ["okta", "entra", "onelogin", "jumpcloud"])
def test_every_identity_provider_can_provision(endpoint: ScimEndpoint, provider: str) -> None:
    arguments = ("provision", provider, "--to", endpoint.url, "--token", endpoint.token, "--users", "22")
    completed = subprocess.run(
        [sys.executable, "-m", "mockserver", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert "refused: 0" in completed.stdout
    assert endpoint.send("GET", "/Groups").body["totalResults"] == 3
    users = endpoint.send("GET", "/Users").body["Resources"]
    assert any(user["active"] is False for user in users)
    assert sum("groups" in user for user in users) == 19


def test_a_user_and_its_group_are_found_changed_and_deleted(endpoint: ScimEndpoint) -> None:
    ann = endpoint.send("POST", "/Users", {"schemas": [USER], "userName": "Ann@example.com", "externalId": "x1"}).body
    for query in ('userName eq "ann@EXAMPLE.com"', 'externalId eq "x1"', f'id eq "{ann["id"]}"', 'userName sw "ann@"'):
        assert endpoint.send("GET", f"/Users?filter={quote(query)}").body["Resources"] == [ann]
    group = endpoint.send("POST", "/Groups", {"displayName": "Team", "members": [{"value": ann["id"]}]}).body
    path = f"/Users/{ann['id']}"
    assert endpoint.send("GET", path).body["groups"][0]["value"] == group["id"]
    changes = [{"op": "Replace", "path": "active", "value": "False"}]
    assert endpoint.send("PATCH", path, {"schemas": [PATCH], "Operations": changes}).body["active"] is False
    assert endpoint.send("PUT", path, {"schemas": [USER], "userName": "eve"}).body["userName"] == "eve"
    assert endpoint.send("DELETE", path).status == 204
    assert endpoint.send("GET", path).status == 404
    assert "members" not in endpoint.send("GET", f"/Groups/{group['id']}").body


def test_a_name_that_is_taken_is_refused(endpoint: ScimEndpoint) -> None:
    endpoint.send("POST", "/Users", {"userName": "ann"})
    refused = endpoint.send("POST", "/Users", {"userName": "ANN"})
    assert (refused.status, refused.body["scimType"]) == (409, "uniqueness")


@pytest.mark.parametrize("token", ["", "unknown", "mock-expired", "mock-revoked"])
def test_a_token_that_belongs_to_no_directory_is_refused(endpoint: ScimEndpoint, token: str) -> None:
    stranger = ScimEndpoint(endpoint.url, token)
    for method, path in (("GET", "/Users"), ("POST", "/Users"), ("DELETE", "/Users/x"), ("GET", "/Schemas")):
        refused = stranger.send(method, path)
        assert (refused.status, refused.body["status"]) == (401, "401")


def test_a_token_of_one_endpoint_is_refused_at_the_others(server: str) -> None:
    with ENDPOINTS["netbird"](server) as one, ENDPOINTS["jackson"](server) as other:
        assert ScimEndpoint(one.url, other.token).send("GET", "/Users").status == 401
        assert ScimEndpoint(other.url, one.token).send("GET", "/Users").status == 401


@pytest.fixture(scope="module")
def directory(server: str) -> Iterator[ScimEndpoint]:
    """A directory with two users, which all examples of a fuzz test share."""
    with ENDPOINTS["netbird"](server) as directory:
        for name in ("ann", "bob"):
            emails = [{"type": "work", "value": f"{name}@example.com", "primary": True}]
            directory.send("POST", "/Users", {"userName": name, "emails": emails, "active": True})
        yield directory


@fuzz
@given(filters)
def test_every_filter_of_the_grammar_is_answered(directory: ScimEndpoint, text: str) -> None:
    whole = directory.send("GET", f"/Users?filter={quote(text)}")
    negated = directory.send("GET", f"/Users?filter={quote(f'not ({text})')}")
    assert (whole.status, negated.status) == (200, 200)
    assert whole.body["totalResults"] + negated.body["totalResults"] == 2


@fuzz
@given(filters | st.text(max_size=40), st.integers(0, 60), st.sampled_from('"[](). \\\x00é'))
def test_an_altered_filter_is_answered_or_refused_as_invalid(
    directory: ScimEndpoint, text: str, place: int, wrong: str
) -> None:
    altered = text[:place] + wrong + text[place:]
    response = directory.send("GET", f"/Users?filter={quote(altered)}")
    assert response.status in (200, 400), response
    assert response.status == 200 or response.body["scimType"] == "invalidFilter"


@fuzz
@given(
    st.sampled_from(("add", "Replace", "REMOVE")),
    patch_paths | st.text(max_size=12),
    st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.fixed_dictionaries({"value": st.text(max_size=3)})),
)
def test_a_refused_patch_changes_nothing(directory: ScimEndpoint, name: str, path: str, value: Any) -> None:
    user = directory.send("POST", "/Users", {"userName": "eve", "emails": [{"type": "work", "value": "e"}]}).body
    where = f"/Users/{user['id']}"
    operations = [{"op": "replace", "path": "title", "value": "x"}, {"op": name, "path": path, "value": value}]
    response = directory.send("PATCH", where, {"schemas": [PATCH], "Operations": operations})
    stored = directory.send("GET", where)
    directory.send("DELETE", where)
    assert response.status in (200, 400, 409), response
    assert stored.body == (response.body if response.status == 200 else user)
