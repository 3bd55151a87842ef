"""The point of directory sync: what an identity provider pushes over SCIM is read over REST and told by webhook.

Played against the mock, and against the real product where it can be had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from ..framework.exchanges import Answered, Exchange, ask
from ..framework.processes import Unavailable, mock, polis
from ..framework.receiver import Receiver

SECRET = "hush"
DIRECTORIES = "/api/v1/directory-sync"
KEY = "Api-Key mock-admin"
DEPLOYMENTS: dict[str, Callable[[], AbstractContextManager[str]]] = {"mock": mock, "polis": polis}


@pytest.fixture(scope="module", params=DEPLOYMENTS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    try:
        with DEPLOYMENTS[request.param]() as address:
            yield address
    except Unavailable as error:
        pytest.skip(f"{request.param} was NOT tested: {error}")


class Flow:
    """An application and an identity provider around one new directory, whose webhook is the receiver."""

    def __init__(self, url: str, receiver: Receiver) -> None:
        self.url = url
        self.receiver = receiver
        webhook = {"webhook_url": receiver.url, "webhook_secret": receiver.secret}
        body = {"tenant": "flow", "product": "test", **webhook}
        self.directory = self.answer(Exchange("POST", DIRECTORIES, body, KEY))["data"]
        self.token = f"Bearer {self.directory['scim']['secret']}"

    def answer(self, exchange: Exchange) -> Any:
        answered: Answered = ask(self.url, exchange)
        assert answered.status < 300, answered
        return answered.body

    def push(self, method: str, path: str, body: Any = None) -> Any:
        return self.answer(Exchange(method, self.directory["scim"]["path"] + path, body, self.token))

    def change(self, path: str, *operations: Any) -> Any:
        schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
        return self.push("PATCH", path, {"schemas": schemas, "Operations": operations})

    def read(self, path: str) -> Any:
        scope = f"directoryId={self.directory['id']}"
        return self.answer(Exchange("GET", f"{DIRECTORIES}{path}?{scope}", None, KEY))["data"]

    def remove(self) -> None:
        self.answer(Exchange("DELETE", f"{DIRECTORIES}/{self.directory['id']}", None, KEY))


@pytest.fixture
def flow(url: str) -> Iterator[Flow]:
    with Receiver(SECRET) as receiver:
        flow = Flow(url, receiver)
        yield flow
        flow.remove()


def new_user(flow: Flow, name: str) -> Any:
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
    address = f"{name}@acme.example"
    emails = [{"primary": True, "value": address, "type": "work"}]
    return flow.push("POST", "/Users", {"schemas": schemas, "userName": address, "emails": emails, "active": True})


def new_group(flow: Flow, name: str) -> Any:
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
    return flow.push("POST", "/Groups", {"schemas": schemas, "displayName": name})


def test_a_pushed_user_is_read_and_told(flow: Flow) -> None:
    pushed = new_user(flow, "ann")
    (read,) = flow.read("/users")
    assert (read["id"], read["email"], read["active"]) == (pushed["id"], "ann@acme.example", True)
    (received,) = flow.receiver.wait(1)
    assert received.verified
    event = received.event
    assert event["event"] == "user.created"
    assert (event["tenant"], event["product"], event["directory_id"]) == ("flow", "test", flow.directory["id"])
    assert event["data"]["id"] == pushed["id"]
    assert event["data"]["raw"]["userName"] == "ann@acme.example"


def test_a_deactivated_user_is_read_and_told_as_such(flow: Flow) -> None:
    pushed = new_user(flow, "ann")
    flow.change(f"/Users/{pushed['id']}", {"op": "replace", "value": {"active": False}})
    assert flow.read(f"/users/{pushed['id']}")["active"] is False
    received = flow.receiver.wait(2)
    assert [it.event["event"] for it in received] == ["user.created", "user.updated"]
    assert received[1].event["data"]["active"] is False


def test_a_group_s_life_is_told_in_order_with_every_signature_right(flow: Flow) -> None:
    ann, group = new_user(flow, "ann"), new_group(flow, "Developers")
    path = f"/Groups/{group['id']}"
    flow.change(path, {"op": "add", "path": "members", "value": [{"value": ann["id"]}]})
    assert flow.read(f"/groups/{group['id']}/members") == [{"user_id": ann["id"]}]
    flow.change(path, {"op": "replace", "value": {"displayName": "Engineers"}})
    assert flow.read(f"/groups/{group['id']}")["name"] == "Engineers"
    flow.change(path, {"op": "remove", "path": f'members[value eq "{ann["id"]}"]'})
    flow.push("DELETE", path)
    flow.push("DELETE", f"/Users/{ann['id']}")
    received = flow.receiver.wait(7)
    assert all(it.verified for it in received)
    assert flow.receiver.events() == [
        "user.created", "group.created", "group.user_added", "group.updated", "group.user_removed", "group.deleted",
        "user.deleted",
    ]  # fmt: skip
    joined = received[2].event["data"]
    assert (joined["id"], joined["group"]["id"], joined["group"]["name"]) == (ann["id"], group["id"], "Developers")


def test_what_the_receiver_refuses_comes_again(url: str) -> None:
    with Receiver(SECRET, [503]) as receiver:
        flow = Flow(url, receiver)
        new_user(flow, "ann")
        first, second = receiver.wait(2)
        assert (first.event, first.signature) == (second.event, second.signature)
        assert 2.5 < second.at - first.at < 4.5
        flow.remove()
