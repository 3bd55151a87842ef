"""Whole identity providers, each in its own dialect, push to a directory; the application reads and hears the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from ..framework.exchanges import Exchange, ask
from ..framework.processes import mock
from ..framework.receiver import Receiver

SECRET = "hush"
DIRECTORIES = "/api/v1/dsync"
KEY = "Api-Key mock-admin"
TYPES = {
    "okta": "okta-scim-v2",
    "entra": "azure-scim-v2",
    "onelogin": "onelogin-scim-v2",
    "jumpcloud": "jumpcloud-scim-v2",
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with mock("--scenario", "empty") as address:
        yield address


def provision(provider: str, directory: Any) -> None:
    scim = directory["scim"]
    command = [sys.executable, "-m", "mockserver", "provision", provider]
    options = ["--to", scim["endpoint"], f"--token={scim['secret']}", "--users", "8"]
    played = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60, check=False)
    assert played.returncode == 0, played.stdout + played.stderr


def replayed(events: list[Any]) -> tuple[dict[str, Any], dict[str, set[str]]]:
    """What a program knows that was told these events and nothing else: users by id, and groups' members."""
    users: dict[str, Any] = {}
    groups: dict[str, set[str]] = {}
    for event in events:
        name, data = event["event"], event["data"]
        if name == "user.deleted":
            users.pop(data["id"])
            for members in groups.values():
                members.discard(data["id"])
        elif name.startswith("user."):
            users[data["id"]] = data
        elif name == "group.deleted":
            groups.pop(data["id"])
        elif name in ("group.created", "group.updated"):
            groups.setdefault(data["id"], set())
        elif name == "group.user_added":
            groups[data["group"]["id"]].add(data["id"])
        else:
            groups[data["group"]["id"]].discard(data["id"])
    return users, groups


@pytest.mark.parametrize("provider", TYPES)
def test_who_hears_every_event_knows_what_the_directory_holds(url: str, provider: str) -> None:
    with Receiver(SECRET) as receiver:
        webhook = {"webhook_url": receiver.url, "webhook_secret": SECRET}
        body = {"tenant": provider, "product": "p", "type": TYPES[provider], **webhook}
        directory = ask(url, Exchange("POST", DIRECTORIES, body, KEY)).body["data"]
        provision(provider, directory)
        scope = f"tenant={provider}&product=p"
        users = ask(url, Exchange("GET", f"{DIRECTORIES}/users?{scope}", None, KEY)).body["data"]
        groups = ask(url, Exchange("GET", f"{DIRECTORIES}/groups?{scope}", None, KEY)).body["data"]
        told = event_count(url, directory)
        received = receiver.wait(told)
    assert all(it.verified for it in received)
    known_users, known_groups = replayed([it.event for it in received])
    assert users
    assert known_users == {user["id"]: user for user in users}
    assert known_groups == {
        group["id"]: {member["value"] for member in group["raw"].get("members", ())} for group in groups
    }


def event_count(url: str, directory: Any) -> int:
    """How many events a directory had to tell."""
    every = ask(url, Exchange("GET", "/_mock/worlds/default/deliveries?limit=10000", None)).body
    return sum(it["payload"]["directory_id"] == directory["id"] for it in every)
