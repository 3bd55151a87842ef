"""What leaves a world, webhooks and mail, can be looked at, and webhooks be sent again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.toy.control import Plane


@pytest.fixture
def busy(plane: Plane) -> Plane:
    """A server in whose world three webhooks wait and two mails were written."""
    body = {"tenant": "t", "product": "p", "webhook_url": "http://127.0.0.1:9/hook", "webhook_secret": "hunter2"}
    made = plane.call("POST", "/api/v1/directory-sync", body, Authorization="Api-Key any")
    scim = made.json()["data"]["scim"]
    for name in ("one", "two", "three"):
        user = {"userName": name}
        pushed = plane.call("POST", f"{scim['path']}/Users", user, Authorization=f"Bearer {scim['secret']}")
        assert pushed.status == 201, pushed.body
    plane.ask("PUT", "worlds/default/state", {**plane.ask("GET", "worlds/default/state"), "collections": mailed(plane)})
    return plane


def mailed(plane: Plane) -> Any:
    """The world's collections, with two mails."""
    facts = {"at": "2026-01-01T00:00:00.000Z", "service": "netfoundry", "subject": "s", "text": "t", "facts": {}}
    mails = {key: {"id": key, "to": f"{key}@a.example", **facts} for key in ("ann", "bob")}
    return {**plane.ask("GET", "worlds/default/state")["collections"], "mail": mails}


def test_deliveries_are_listed_newest_last_without_their_secrets(busy: Plane) -> None:
    deliveries = busy.ask("GET", "worlds/default/deliveries")
    assert [it["payload"]["data"]["raw"]["userName"] for it in deliveries] == ["one", "two", "three"]
    assert {it["status"] for it in deliveries} == {"waiting"}
    assert "hunter2" not in str(deliveries)


@pytest.mark.parametrize(
    ("query", "names"), [("limit=2", ["two", "three"]), ("status=waiting&limit=1", ["three"]), ("status=failed", [])]
)
def test_deliveries_are_found_by_status_and_the_newest_are_kept(busy: Plane, query: str, names: list[str]) -> None:
    found = busy.ask("GET", f"worlds/default/deliveries?{query}")
    assert [it["payload"]["data"]["raw"]["userName"] for it in found] == names


def test_a_delivery_is_sent_again_with_all_its_tries(busy: Plane) -> None:
    first = busy.ask("GET", "worlds/default/deliveries")[0]
    again = busy.ask("POST", f"worlds/default/deliveries/{first['id']}/redeliver", status=202)
    assert (again["id"], again["status"], again["tries_left"]) == (first["id"], "waiting", 4)
    busy.ask("POST", "worlds/default/deliveries/nowhere/redeliver", status=404)


def test_mail_is_listed_and_found_by_its_recipient(busy: Plane) -> None:
    assert [it["to"] for it in busy.ask("GET", "worlds/default/mail")] == ["ann@a.example", "bob@a.example"]
    assert [it["id"] for it in busy.ask("GET", "worlds/default/mail?to=bob@a.example")] == ["bob"]


@pytest.mark.parametrize("target", ["deliveries", "mail"])
def test_a_world_that_does_not_exist_has_none(plane: Plane, target: str) -> None:
    plane.ask("GET", f"worlds/nowhere/{target}", status=404)
