"""Directory sync: what an identity provider pushes over SCIM is read over REST, and announced by webhooks.

The tests run against the mock, and against the real product where it is available.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from ..framework.processes import Unavailable, mock, polis
from ..framework.receiver import Receiver
from .directory_sync import SECRET, DirectorySync

SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {"mock": mock, "polis": polis}


@pytest.fixture(scope="module", params=SERVERS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    try:
        with SERVERS[request.param]() as url:
            yield url
    except Unavailable as error:
        pytest.skip(f"{request.param} was NOT tested: {error}")


@pytest.fixture
def sync(url: str) -> Iterator[DirectorySync]:
    with Receiver(SECRET) as receiver:
        sync = DirectorySync(url, receiver)
        yield sync
        sync.delete()


def test_a_pushed_user_can_be_read_and_is_announced(sync: DirectorySync) -> None:
    pushed = sync.new_user("ann")
    (user,) = sync.read("/users")
    assert (user["id"], user["email"], user["active"]) == (pushed["id"], "ann@acme.example", True)
    (webhook,) = sync.receiver.wait(1)
    assert webhook.verified
    event = webhook.event
    assert event["event"] == "user.created"
    assert (event["tenant"], event["product"], event["directory_id"]) == ("flow", "test", sync.directory["id"])
    assert event["data"]["id"] == pushed["id"]
    assert event["data"]["raw"]["userName"] == "ann@acme.example"


def test_a_deactivated_user_is_read_and_announced_as_inactive(sync: DirectorySync) -> None:
    pushed = sync.new_user("ann")
    sync.patch(f"/Users/{pushed['id']}", {"op": "replace", "value": {"active": False}})
    assert sync.read(f"/users/{pushed['id']}")["active"] is False
    webhooks = sync.receiver.wait(2)
    assert [it.event["event"] for it in webhooks] == ["user.created", "user.updated"]
    assert webhooks[1].event["data"]["active"] is False


def test_all_changes_of_a_group_are_announced_in_order_with_valid_signatures(sync: DirectorySync) -> None:
    ann, group = sync.new_user("ann"), sync.new_group("Developers")
    path = f"/Groups/{group['id']}"
    sync.patch(path, {"op": "add", "path": "members", "value": [{"value": ann["id"]}]})
    assert sync.read(f"/groups/{group['id']}/members") == [{"user_id": ann["id"]}]
    sync.patch(path, {"op": "replace", "value": {"displayName": "Engineers"}})
    assert sync.read(f"/groups/{group['id']}")["name"] == "Engineers"
    sync.patch(path, {"op": "remove", "path": f'members[value eq "{ann["id"]}"]'})
    sync.push("DELETE", path)
    sync.push("DELETE", f"/Users/{ann['id']}")
    webhooks = sync.receiver.wait(7)
    assert all(it.verified for it in webhooks)
    assert sync.receiver.events() == [
        "user.created", "group.created", "group.user_added", "group.updated", "group.user_removed", "group.deleted",
        "user.deleted",
    ]  # fmt: skip
    member = webhooks[2].event["data"]
    assert (member["id"], member["group"]["id"], member["group"]["name"]) == (ann["id"], group["id"], "Developers")


def test_a_webhook_that_the_receiver_refuses_is_sent_again(url: str) -> None:
    with Receiver(SECRET, [503]) as receiver:
        sync = DirectorySync(url, receiver)
        sync.new_user("ann")
        first, second = receiver.wait(2)
        assert (first.event, first.signature) == (second.event, second.signature)
        assert 2.5 < second.at - first.at < 4.5
        sync.delete()
