"""Webhooks from a real server to real receivers, good ones and bad ones."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from contract_tests.framework.receiver import HANG, STREAM, Receiver

SECRET = "hush"


class Served:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.connection = HTTPConnection(address, timeout=10)

    def ask(self, method: str, path: str, body: object = None, token: str = "any") -> Any:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self.connection.getresponse()
        text = response.read()
        assert response.status < 300, text
        return json.loads(text) if text else None

    def directory(self, world: str, url: str) -> Any:
        body = {"tenant": "t", "product": "p", "webhook_url": url, "webhook_secret": SECRET}
        return self.ask("POST", f"/_mock/w/{world}/api/v1/directory-sync", body)["data"]

    def push(self, world: str, directory: Any, name: str) -> float:
        """Pushes a user; gives the seconds it took."""
        began = time.perf_counter()
        path = f"/_mock/w/{world}{directory['scim']['path']}/Users"
        self.ask("POST", path, {"userName": name}, directory["scim"]["secret"])
        return time.perf_counter() - began

    def settled(self, world: str, count: int, seconds: float = 30.0) -> list[Any]:
        """The world's deliveries, once this many are settled."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            every: list[Any] = self.ask("GET", f"/_mock/worlds/{world}/deliveries")
            if sum(it["status"] != "waiting" for it in every) >= count:
                return every
            time.sleep(0.02)
        raise AssertionError(f"not settled after {seconds} s: {every}")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--scenario", "empty", "--access-log", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = next(line for line in process.stdout if line.startswith("ready "))
        server = Served(process, ready.split("//")[1].strip())
        yield server
        server.connection.close()
        process.terminate()


def test_events_arrive_signed_and_in_order(served: Served) -> None:
    with Receiver(SECRET) as receiver:
        directory = served.directory("order", receiver.url)
        for number in range(50):
            served.push("order", directory, f"user{number}")
        received = receiver.wait(50)
    assert all(it.verified for it in received)
    assert [it.event["data"]["raw"]["userName"] for it in received] == [f"user{number}" for number in range(50)]


def test_a_receiver_that_refuses_gets_the_event_again_three_seconds_later_with_the_same_signature(
    served: Served,
) -> None:
    with Receiver(SECRET, [500]) as receiver:
        directory = served.directory("again", receiver.url)
        served.push("again", directory, "ann")
        served.push("again", directory, "bob")
        first, second, third = receiver.wait(3)
        assert second.at - first.at == pytest.approx(3.0, abs=0.5)
        assert second.signature == first.signature
        assert [it.event["data"]["email"] for it in (first, second, third)] == ["ann", "ann", "bob"]
        served.settled("again", 2)


def test_a_receiver_that_hangs_costs_the_pushing_nothing_and_loses_nothing(served: Served) -> None:
    with Receiver(SECRET, [HANG]) as hanging, Receiver(SECRET) as quick:
        slow, fast = served.directory("hang", hanging.url), served.directory("hang", quick.url)
        took = [served.push("hang", slow, f"user{number}") for number in range(20)]
        served.push("hang", fast, "ann")
        quick.wait(1)
        assert max(took) < 1.0
        statuses = [it["status"] for it in served.settled("hang", 1)]
        assert statuses.count("waiting") == 20


def test_a_receiver_that_streams_for_ever_has_answered_with_its_status(served: Served) -> None:
    with Receiver(SECRET, [STREAM]) as receiver:
        directory = served.directory("stream", receiver.url)
        served.push("stream", directory, "ann")
        (delivery,) = served.settled("stream", 1)
        assert delivery["status"] == "delivered"
        assert [it["status"] for it in delivery["attempts"]] == [200]


def test_a_receiver_that_is_not_there_is_named_as_the_reason(served: Served) -> None:
    directory = served.directory("gone", "http://127.0.0.1:9/hook")
    served.push("gone", directory, "ann")
    time.sleep(0.3)
    (delivery,) = served.ask("GET", "/_mock/worlds/gone/deliveries")
    assert delivery["status"] == "waiting"
    assert "Cannot connect" in delivery["reason"]


def test_redirects_are_not_followed(served: Served) -> None:
    with Receiver(SECRET, [302, 302, 302, 302]) as receiver:
        directory = served.directory("redirect", receiver.url)
        served.push("redirect", directory, "ann")
        receiver.wait(1)
        time.sleep(0.1)
        (delivery,) = served.ask("GET", "/_mock/worlds/redirect/deliveries")
        assert delivery["reason"] == "the receiver answered 302"


def test_the_documents_example_host_is_held_back_and_a_redelivery_too(served: Served) -> None:
    directory = served.directory("held", "https://my-cool-app.com/webhook")
    served.push("held", directory, "ann")
    (delivery,) = served.settled("held", 1)
    assert (delivery["status"], delivery["attempts"]) == ("held", [])
    assert "my-cool-app.com" in delivery["reason"]
    served.ask("POST", f"/_mock/worlds/held/deliveries/{delivery['id']}/redeliver")
    (delivery,) = served.settled("held", 1)
    assert (delivery["status"], delivery["attempts"]) == ("held", [])


def test_a_redelivery_is_sent_at_once(served: Served) -> None:
    with Receiver(SECRET) as receiver:
        directory = served.directory("twice", receiver.url)
        served.push("twice", directory, "ann")
        (delivery,) = served.settled("twice", 1)
        time.sleep(0.005)
        served.ask("POST", f"/_mock/worlds/twice/deliveries/{delivery['id']}/redeliver")
        first, second = receiver.wait(2)
        assert first.event == second.event
        assert first.signature != second.signature
        assert second.verified
