"""Webhook deliveries and e-mails are listed, and deliveries are sent again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.toy.control import ControlPlane


@pytest.fixture
def busy(control: ControlPlane) -> ControlPlane:
    """A server whose default world has three waiting deliveries and two e-mails."""
    control.ask(
        "PUT", "worlds/default/state", {**control.ask("GET", "worlds/default/state"), "collections": mailed(control)}
    )
    body = {"tenant": "t", "product": "p", "webhook_url": "http://127.0.0.1:9/hook", "webhook_secret": "hunter2"}
    made = control.call("POST", "/api/v1/directory-sync", body, Authorization="Api-Key any")
    scim = made.json()["data"]["scim"]
    for name in ("one", "two", "three"):
        user = {"userName": name}
        pushed = control.call("POST", f"{scim['path']}/Users", user, Authorization=f"Bearer {scim['secret']}")
        assert pushed.status == 201, pushed.body
    return control


def mailed(control: ControlPlane) -> Any:
    """Returns the collections of the default world with two e-mails added."""
    facts = {"at": "2026-01-01T00:00:00.000Z", "service": "netfoundry", "subject": "s", "text": "t", "facts": {}}
    mails = {key: {"id": key, "to": f"{key}@a.example", **facts} for key in ("ann", "bob")}
    return {**control.ask("GET", "worlds/default/state")["collections"], "mail": mails}


def test_deliveries_are_listed_newest_last_without_their_secrets(busy: ControlPlane) -> None:
    deliveries = busy.ask("GET", "worlds/default/deliveries")
    assert [it["payload"]["data"]["raw"]["userName"] for it in deliveries] == ["one", "two", "three"]
    assert {it["status"] for it in deliveries} == {"waiting"}
    assert "hunter2" not in str(deliveries)


@pytest.mark.parametrize(
    ("query", "names"), [("limit=2", ["two", "three"]), ("status=waiting&limit=1", ["three"]), ("status=failed", [])]
)
def test_deliveries_are_filtered_by_status_and_limited_to_the_newest(
    busy: ControlPlane, query: str, names: list[str]
) -> None:
    found = busy.ask("GET", f"worlds/default/deliveries?{query}")
    assert [it["payload"]["data"]["raw"]["userName"] for it in found] == names


def test_a_delivery_is_sent_again_with_all_its_tries(busy: ControlPlane) -> None:
    first = busy.ask("GET", "worlds/default/deliveries")[0]
    again = busy.ask("POST", f"worlds/default/deliveries/{first['id']}/redeliver", status=202)
    assert (again["id"], again["status"], again["tries_left"]) == (first["id"], "waiting", 4)
    busy.ask("POST", "worlds/default/deliveries/nowhere/redeliver", status=404)


@pytest.mark.parametrize("way", ["fork", "rewind", "import"])
def test_a_delivery_that_waited_is_held_in_a_fork_a_rewound_and_an_imported_world(busy: ControlPlane, way: str) -> None:
    world = "fork" if way == "fork" else "default"
    if way == "fork":
        busy.ask("PUT", "worlds/fork", {"from": "default"}, status=201)
    elif way == "rewind":
        newest = busy.ask("GET", "worlds/default/journal")[-1]["id"]
        busy.ask("POST", "worlds/default/rewind", {"to": newest})
    else:
        busy.ask("PUT", "worlds/default/state", busy.ask("GET", "worlds/default/state"))
    listed = busy.ask("GET", f"worlds/{world}/deliveries?status=held")
    assert len(listed) == 3
    assert "redeliver sends it" in listed[0]["reason"]
    busy.ask("POST", f"worlds/{world}/deliveries/{listed[0]['id']}/redeliver", status=202)
    waiting = busy.ask("GET", f"worlds/{world}/deliveries?status=waiting")
    assert [(it["id"], it["reason"]) for it in waiting] == [(listed[0]["id"], None)]


def test_mail_is_listed_and_filtered_by_recipient(busy: ControlPlane) -> None:
    assert [it["to"] for it in busy.ask("GET", "worlds/default/mail")] == ["ann@a.example", "bob@a.example"]
    assert [it["id"] for it in busy.ask("GET", "worlds/default/mail?to=bob@a.example")] == ["bob"]


@pytest.mark.parametrize("target", ["deliveries", "mail"])
def test_an_unknown_world_has_neither_deliveries_nor_mail(control: ControlPlane, target: str) -> None:
    control.ask("GET", f"worlds/nowhere/{target}", status=404)
