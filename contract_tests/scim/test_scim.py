"""SCIM at each of its mounts, judged from outside: by the public conformance tools, by identity providers, by fuzz."""

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
from ..framework.scim_grammar import filters, patch_paths
from ..framework.scim_mounts import MOUNTS, SCENARIO, Mount

CHECKS = 135
"""What scim2-tester 0.5.2 asks of a server with users, groups and the enterprise extension."""

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
fuzz = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A mock in a process of its own."""
    with mock("--scenario", SCENARIO) as url:
        yield url


@pytest.fixture(params=MOUNTS)
def mount(request: pytest.FixtureRequest, server: str) -> Iterator[Mount]:
    """A directory at each mount."""
    with MOUNTS[request.param](server) as made:
        yield made


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program that is installed beside Python."""
    program = Path(sys.executable).with_name(name)
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=180, check=False)


def lines(output: str, words: Sequence[str]) -> list[str]:
    """The lines of an output that begin with one of the words."""
    return [line for line in output.splitlines() if line.startswith(tuple(words))]


def test_scim2_tester_finds_nothing_wrong(mount: Mount) -> None:
    judged = tool("scim", "-u", mount.url, "-h", f"Authorization: Bearer {mount.token}", "test")
    assert not lines(judged.stdout, ("ERROR", "CRITICAL", "DEVIATION", "SKIPPED")), judged.stdout
    assert len(lines(judged.stdout, ("SUCCESS",))) == CHECKS, judged.stdout + judged.stderr


def test_scim_sanity_finds_nothing_wrong(mount: Mount) -> None:
    judged = tool("scim-sanity", "probe", mount.url, "--token", mount.token, "--i-accept-side-effects")
    assert re.search(r"\n  28 passed, 3 skipped, 31 total\n", judged.stdout), judged.stdout + judged.stderr
    assert judged.returncode == 0


@pytest.mark.parametrize("provider", ["okta", "entra", "onelogin", "jumpcloud"])
def test_every_identity_provider_is_understood(mount: Mount, provider: str) -> None:
    arguments = ("provision", provider, "--to", mount.url, "--token", mount.token, "--users", "22")
    played = subprocess.run(
        [sys.executable, "-m", "mockserver", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert "refused: 0" in played.stdout
    assert mount.call("GET", "/Groups").body["totalResults"] == 3
    users = mount.call("GET", "/Users").body["Resources"]
    assert any(user["active"] is False for user in users)
    assert sum("groups" in user for user in users) == 19


def test_a_user_and_its_group_live_and_end(mount: Mount) -> None:
    ann = mount.call("POST", "/Users", {"schemas": [USER], "userName": "Ann@example.com", "externalId": "x1"}).body
    for query in ('userName eq "ann@EXAMPLE.com"', 'externalId eq "x1"', f'id eq "{ann["id"]}"', 'userName sw "ann@"'):
        assert mount.call("GET", f"/Users?filter={quote(query)}").body["Resources"] == [ann]
    group = mount.call("POST", "/Groups", {"displayName": "Team", "members": [{"value": ann["id"]}]}).body
    path = f"/Users/{ann['id']}"
    assert mount.call("GET", path).body["groups"][0]["value"] == group["id"]
    changes = [{"op": "Replace", "path": "active", "value": "False"}]
    assert mount.call("PATCH", path, {"schemas": [PATCH], "Operations": changes}).body["active"] is False
    assert mount.call("PUT", path, {"schemas": [USER], "userName": "eve"}).body["userName"] == "eve"
    assert mount.call("DELETE", path).status == 204
    assert mount.call("GET", path).status == 404
    assert "members" not in mount.call("GET", f"/Groups/{group['id']}").body


def test_a_name_that_is_taken_is_refused(mount: Mount) -> None:
    mount.call("POST", "/Users", {"userName": "ann"})
    refused = mount.call("POST", "/Users", {"userName": "ANN"})
    assert (refused.status, refused.body["scimType"]) == (409, "uniqueness")


@pytest.mark.parametrize("token", ["", "unknown", "mock-expired", "mock-revoked"])
def test_a_token_that_selects_no_directory_is_refused(mount: Mount, token: str) -> None:
    stranger = Mount(mount.url, token)
    for method, path in (("GET", "/Users"), ("POST", "/Users"), ("DELETE", "/Users/x"), ("GET", "/Schemas")):
        refused = stranger.call(method, path)
        assert (refused.status, refused.body["status"]) == (401, "401")


def test_tokens_of_one_mount_open_no_other(server: str) -> None:
    with MOUNTS["netbird"](server) as one, MOUNTS["jackson"](server) as other:
        assert Mount(one.url, other.token).call("GET", "/Users").status == 401
        assert Mount(other.url, one.token).call("GET", "/Users").status == 401


@pytest.fixture(scope="module")
def directory(server: str) -> Iterator[Mount]:
    """A directory with two users, for all examples of a fuzz test."""
    with MOUNTS["netbird"](server) as made:
        for name in ("ann", "bob"):
            emails = [{"type": "work", "value": f"{name}@example.com", "primary": True}]
            made.call("POST", "/Users", {"userName": name, "emails": emails, "active": True})
        yield made


@fuzz
@given(filters)
def test_filters_of_the_grammar_are_answered(directory: Mount, text: str) -> None:
    whole = directory.call("GET", f"/Users?filter={quote(text)}")
    negated = directory.call("GET", f"/Users?filter={quote(f'not ({text})')}")
    assert (whole.status, negated.status) == (200, 200)
    assert whole.body["totalResults"] + negated.body["totalResults"] == 2


@fuzz
@given(filters | st.text(max_size=40), st.integers(0, 60), st.sampled_from('"[](). \\\x00é'))
def test_broken_filters_are_answered_or_refused(directory: Mount, text: str, place: int, wrong: str) -> None:
    broken = text[:place] + wrong + text[place:]
    answered = directory.call("GET", f"/Users?filter={quote(broken)}")
    assert answered.status in (200, 400), answered
    assert answered.status == 200 or answered.body["scimType"] == "invalidFilter"


@fuzz
@given(
    st.sampled_from(("add", "Replace", "REMOVE")),
    patch_paths | st.text(max_size=12),
    st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.fixed_dictionaries({"value": st.text(max_size=3)})),
)
def test_a_refused_patch_changes_nothing(directory: Mount, name: str, path: str, value: Any) -> None:
    made = directory.call("POST", "/Users", {"userName": "eve", "emails": [{"type": "work", "value": "e"}]}).body
    where = f"/Users/{made['id']}"
    operations = [{"op": "replace", "path": "title", "value": "x"}, {"op": name, "path": path, "value": value}]
    answered = directory.call("PATCH", where, {"schemas": [PATCH], "Operations": operations})
    found = directory.call("GET", where)
    directory.call("DELETE", where)
    assert answered.status in (200, 400, 409), answered
    assert found.body == (answered.body if answered.status == 200 else made)
