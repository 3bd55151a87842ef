"""The events that are delivered to a directory's webhook, and their log."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.documents.schemas import Schemas
from mockserver.registry.resources import document
from mockserver.state.store import Transaction
from mockserver.worlds import deliveries
from mockserver.worlds.deliveries import Outcome
from tests.services.jackson.client import Api

WEBHOOK = {"webhook_url": "http://127.0.0.1:9000/hook", "webhook_secret": "hush"}


@pytest.fixture
def directory(api: Api) -> Any:
    return api.directory(**WEBHOOK)


def payloads_sent(api: Api) -> list[Any]:
    return [delivery["payload"] for delivery in api.deliveries()]


def settle(api: Api, *outcomes: Outcome) -> None:
    """Plays a receiver that answers the attempts with these statuses, one after the other."""
    world = api.server.worlds.get("default")
    for outcome in outcomes:
        records = Transaction(world.state)
        (queue,) = deliveries.queues(records)
        record = deliveries.next_waiting(records, queue)
        assert record is not None
        deliveries.record_outcome(records, deliveries.next_attempt(record, 0), outcome, world.clock.now())
        world.commit(records)


def test_every_change_causes_a_webhook_event_in_order(api: Api, directory: Any) -> None:
    ann = api.push_user(directory, "ann")
    group = api.push(directory, "POST", "/Groups", {"displayName": "Devs", "members": [{"value": ann["id"]}]})
    rename = {"op": "replace", "path": "displayName", "value": "Developers"}
    leave = {"op": "remove", "path": "members"}
    api.push(directory, "PATCH", f"/Groups/{group['id']}", {"Operations": [rename]})
    api.push(directory, "PATCH", f"/Groups/{group['id']}", {"Operations": [leave]})
    off = {"op": "replace", "value": {"active": False}}
    api.push(directory, "PATCH", f"/Users/{ann['id']}", {"Operations": [off]})
    api.push(directory, "DELETE", f"/Groups/{group['id']}")
    api.push(directory, "DELETE", f"/Users/{ann['id']}")
    assert [payload["event"] for payload in payloads_sent(api)] == [
        "user.created", "group.created", "group.user_added", "group.updated", "group.user_removed", "user.updated",
        "group.deleted", "user.deleted",
    ]  # fmt: skip


def test_an_event_contains_the_directory_and_the_user(api: Api, directory: Any) -> None:
    ann = api.push_user(directory, "ann")
    (payload,) = payloads_sent(api)
    user = api.data("GET", f"/users/{ann['id']}?tenant=t&product=p")
    assert payload == {
        "event": "user.created", "tenant": "t", "product": "p", "directory_id": directory["id"], "data": user,
    }  # fmt: skip


def test_a_membership_event_contains_the_user_and_the_group(api: Api, directory: Any) -> None:
    ann = api.push_user(directory, "ann")
    group = api.push(directory, "POST", "/Groups", {"displayName": "Devs", "members": [{"value": ann["id"]}]})
    data = payloads_sent(api)[-1]["data"]
    assert data["id"] == ann["id"]
    assert data["group"]["id"] == group["id"]
    assert data["group"]["name"] == "Devs"


def test_an_invalid_push_causes_no_event(api: Api, directory: Any) -> None:
    api.push_user(directory, "ann")
    path = f"/api/scim/v2.0/{directory['id']}/Users"
    again = api.ask("POST", path, {"userName": "ann"}, f"Bearer {directory['scim']['secret']}")
    assert again.status == 409
    assert len(payloads_sent(api)) == 1


def test_without_a_webhook_nothing_is_delivered(api: Api) -> None:
    api.push_user(api.directory(), "ann")
    assert payloads_sent(api) == []


def test_only_the_secret_of_the_directory_is_valid_at_its_endpoint(api: Api, directory: Any) -> None:
    other = api.directory()
    path = f"/api/scim/v2.0/{directory['id']}/Users"
    for token in (other["scim"]["secret"], "x", "é"):
        assert api.ask("GET", path, authorization=f"Bearer {token}").status == 401
    api.data("PATCH", f"/{directory['id']}", {"deactivated": True})
    assert api.ask("GET", path, authorization=f"Bearer {directory['scim']['secret']}").status == 401


def test_the_log_lists_settled_deliveries_newest_first_while_it_is_enabled(api: Api, directory: Any) -> None:
    api.push_user(directory, "unlogged")
    api.data("PATCH", f"/{directory['id']}", {"log_webhook_events": True})
    api.push_user(directory, "ann")
    api.push_user(directory, "bob")
    settle(api, Outcome(200))
    assert api.data("GET", "/events?tenant=t&product=p") == []
    settle(api, *[Outcome(None, "hung up")] * 4, Outcome(204))
    bob, ann = api.data("GET", f"/events?directoryId={directory['id']}")
    assert (ann["status_code"], ann["delivered"]) == (500, False)
    assert (bob["status_code"], bob["delivered"]) == (200, True)
    assert bob["webhook_endpoint"] == WEBHOOK["webhook_url"]
    assert bob["payload"]["data"]["raw"]["userName"] == "bob"


def test_the_log_entry_of_a_failed_delivery_has_the_receivers_last_status(api: Api, directory: Any) -> None:
    api.data("PATCH", f"/{directory['id']}", {"log_webhook_events": True})
    api.push_user(directory, "ann")
    settle(api, Outcome(500), Outcome(500), Outcome(500), Outcome(404))
    (entry,) = api.data("GET", "/events?tenant=t&product=p")
    assert entry["status_code"] == 404


def test_each_tenant_has_a_log_of_its_own(api: Api, directory: Any) -> None:
    api.data("PATCH", f"/{directory['id']}", {"log_webhook_events": True})
    api.push_user(directory, "ann")
    settle(api, Outcome(200))
    api.directory(tenant="other")
    assert api.data("GET", "/events?tenant=other&product=p") == []
    assert api.data("GET", f"/events?tenant=other&product=p&directoryId={directory['id']}") == []


def test_the_control_plane_redelivers_a_delivery_and_404s_an_unknown_one(api: Api, directory: Any) -> None:
    api.push_user(directory, "ann")
    settle(api, Outcome(200))
    (delivery,) = api.deliveries()
    assert delivery["status"] == "delivered"
    path = "/_mock/worlds/default/deliveries/{}/redeliver"
    again = api.ask("POST", path.format(delivery["id"]))
    assert (again.status, again.json()["status"]) == (202, "waiting")
    waiting = api.ask("GET", "/_mock/worlds/default/deliveries?status=waiting").json()
    assert [it["id"] for it in waiting] == [delivery["id"]]
    assert api.ask("POST", path.format("nobody")).status == 404


@pytest.fixture(scope="module")
def webhooks() -> Any:
    """Returns the webhooks in the document: event name → validator of the posted body."""
    found = document("jackson")
    schemas = Schemas("jackson", found)
    media = "requestBody/content/application~1json/schema"
    return {name: schemas.validator(f"#/webhooks/{name}/post/{media}", "body") for name in found["webhooks"]}


def test_every_event_matches_the_webhook_in_the_document(api: Api, directory: Any, webhooks: Any) -> None:
    ann = api.push_user(directory, "ann")
    group = api.push(directory, "POST", "/Groups", {"displayName": "Devs", "members": [{"value": ann["id"]}]})
    api.push(directory, "PUT", f"/Groups/{group['id']}", {"displayName": "Developers"})
    api.push(directory, "PUT", f"/Users/{ann['id']}", {"userName": "ann", "active": False})
    api.push(directory, "DELETE", f"/Groups/{group['id']}")
    api.push(directory, "DELETE", f"/Users/{ann['id']}")
    payloads = payloads_sent(api)
    assert {payload["event"] for payload in payloads} == webhooks.keys()
    for payload in payloads:
        assert webhooks[payload["event"]].violations(payload) == []
