"""Provisioning by whole identity providers: whoever receives every webhook knows what the directory contains."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from ..framework.plain_http import send
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
    with mock("--scenario", "empty") as url:
        yield url


def provision(provider: str, directory: Any) -> None:
    """Pushes eight users to a directory, in the dialect of an identity provider."""
    scim = directory["scim"]
    command = [sys.executable, "-m", "mockserver", "provision", provider]
    options = ["--to", scim["endpoint"], f"--token={scim['secret']}", "--users", "8"]
    completed = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60, check=False)
    assert completed.returncode == 0, completed.stdout + completed.stderr


def reconstructed(events: list[Any]) -> tuple[dict[str, Any], dict[str, set[str]]]:
    """Returns what a program knows that has received only these events: users by id, and group members by group id."""
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
def test_the_events_are_enough_to_reconstruct_the_directory(url: str, provider: str) -> None:
    with Receiver(SECRET) as receiver:
        webhook = {"webhook_url": receiver.url, "webhook_secret": SECRET}
        body = {"tenant": provider, "product": "p", "type": TYPES[provider], **webhook}
        directory = send(url, "POST", DIRECTORIES, body, KEY).body["data"]
        provision(provider, directory)
        query = f"tenant={provider}&product=p"
        users = send(url, "GET", f"{DIRECTORIES}/users?{query}", None, KEY).body["data"]
        groups = send(url, "GET", f"{DIRECTORIES}/groups?{query}", None, KEY).body["data"]
        webhooks = receiver.wait(event_count(url, directory))
    assert all(it.verified for it in webhooks)
    known_users, known_groups = reconstructed([it.event for it in webhooks])
    assert users
    assert known_users == {user["id"]: user for user in users}
    assert known_groups == {
        group["id"]: {member["value"] for member in group["raw"].get("members", ())} for group in groups
    }


def event_count(url: str, directory: Any) -> int:
    """Returns how many events a directory has sent or will send."""
    deliveries = send(url, "GET", "/_mock/worlds/default/deliveries?limit=10000").body
    return sum(it["payload"]["directory_id"] == directory["id"] for it in deliveries)
