"""Faults on real connections: responses that are late, cut off or garbled, and no other client disturbed."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest

from mockserver import MockServer
from mockserver.transports.background import Background

PATH = "/api/identity-providers"


@pytest.fixture(scope="module")
def server() -> MockServer:
    return MockServer(services=["netbird"])


@pytest.fixture(scope="module")
def url(server: MockServer) -> Iterator[str]:
    with Background(server) as url:
        yield url


Connect: TypeAlias = Callable[[], HTTPConnection]


@pytest.fixture
def connect(url: str) -> Iterator[Connect]:
    """Opens connections that are closed after the test."""
    made: list[HTTPConnection] = []

    def connect() -> HTTPConnection:
        made.append(HTTPConnection(urlsplit(url).netloc, timeout=10))
        return made[-1]

    yield connect
    for connection in made:
        connection.close()


def ask(connection: HTTPConnection, fault: str = "", method: str = "GET") -> tuple[int, bytes, float]:
    """Returns status, body and seconds of one exchange."""
    started = time.perf_counter()
    headers = {"Authorization": "Token any", **({"X-Mock-Fault": fault} if fault else {})}
    connection.request(method, PATH, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read(), time.perf_counter() - started


def raw(*faults: str) -> bytes:
    """Returns pipelined requests as bytes."""
    head = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token any\r\n"
    return "".join(f"{head}X-Mock-Fault: {fault}\r\n\r\n" if fault else f"{head}\r\n" for fault in faults).encode()


def received(url: str, data: bytes) -> bytes:
    """Returns all bytes that the server sends until it closes the connection."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as client:
        client.sendall(data)
        return b"".join(iter(lambda: client.recv(65_536), b""))


def test_a_status_leaves_the_connection_as_it_is(connect: Connect) -> None:
    connection = connect()
    assert ask(connection, "status=503")[0] == 503
    held = connection.sock
    assert ask(connection)[0] == 200
    assert connection.sock is held


def test_a_delay_delays_its_own_response_and_no_other(connect: Connect) -> None:
    with ThreadPoolExecutor(20) as pool:
        slow = [pool.submit(ask, connect(), "delay=700ms") for _ in range(15)]
        time.sleep(0.1)
        connection = connect()
        quick = [ask(connection)[2] for _ in range(20)]
        assert not any(it.done() for it in slow)
        assert max(quick) < 0.3
        for status, _, seconds in [it.result() for it in slow]:
            assert status == 200
            assert 0.7 <= seconds < 2


def test_answers_on_a_connection_do_not_overtake_a_delayed_one(url: str) -> None:
    started = time.perf_counter()
    data = received(url, raw("delay=300ms, status=503", "", "status=500, delay=100ms", "disconnect", ""))
    assert time.perf_counter() - started >= 0.4
    assert re.findall(rb"HTTP/1.1 ([0-9]+)", data) == [b"503", b"200", b"500"]


def test_a_disconnect_is_a_connection_that_ends_without_an_answer(url: str, connect: Connect) -> None:
    with pytest.raises(RemoteDisconnected):
        ask(connect(), "disconnect")
    assert received(url, raw("disconnect")) == b""


def test_a_truncated_answer_breaks_off_in_its_body(connect: Connect) -> None:
    with pytest.raises(IncompleteRead) as broken:
        ask(connect(), "truncate")
    _, whole, _ = ask(connect())
    assert whole.startswith(broken.value.partial)
    assert 0 < len(broken.value.partial) < len(whole)


def test_a_truncated_answer_without_a_body_breaks_off_in_its_head(url: str) -> None:
    data = received(url, raw("truncate").replace(b"GET", b"HEAD"))
    assert data.startswith(b"HTTP/1.1 200")
    assert b"\r\n\r\n" not in data


def test_garbage_comes_whole_and_is_no_json(connect: Connect) -> None:
    connection = connect()
    status, body, _ = ask(connection, "garbage")
    assert status == 200
    with pytest.raises(ValueError, match=r"."):
        json.loads(body)
    assert ask(connection)[0] == 200


def test_a_client_that_leaves_before_its_delayed_answer_harms_nobody(connect: Connect) -> None:
    connection = connect()
    connection.request("GET", PATH, headers={"Authorization": "Token any", "X-Mock-Fault": "delay=100ms"})
    connection.close()
    time.sleep(0.2)
    assert ask(connect())[0] == 200


def test_a_follower_receives_each_exchange_as_it_happens(connect: Connect) -> None:
    follower = connect()
    follower.request("GET", "/_mock/worlds/followed/journal?follow")
    missing = follower.getresponse()
    assert missing.status == 404
    missing.read()
    other = connect()
    other.request("PUT", "/_mock/worlds/followed", "{}", {"Content-Type": "application/json"})
    other.getresponse().read()
    follower.request("GET", "/_mock/worlds/followed/journal?follow", headers={"Connection": "close"})
    stream = follower.getresponse()
    assert (stream.status, stream.headers["Content-Type"]) == (200, "text/event-stream")
    for number in (1, 2):
        other.request("GET", PATH, headers={"Authorization": "Token any", "X-Mock-World": "followed"})
        other.getresponse().read()
        assert stream.readline() == b"id: %d\n" % number
        assert json.loads(stream.readline().removeprefix(b"data: "))["response"]["status"] == 200
        assert stream.readline() == b"\n"
    other.request("DELETE", "/_mock/worlds/followed")
    other.getresponse().read()
    assert stream.read() == b""


def test_a_follower_that_leaves_is_forgotten(connect: Connect, server: MockServer) -> None:
    connection = connect()
    ask(connection)
    journal = server.worlds.get("default").journal
    for _ in range(5):
        follower = connect()
        follower.request("GET", "/_mock/worlds/default/journal?follow&limit=1")
        answer = follower.getresponse()
        assert answer.readline().startswith(b"id: ")
        assert journal.followed
        answer.close()
        follower.close()
    until = time.monotonic() + 10
    while journal.followed and time.monotonic() < until:
        ask(connection)
        time.sleep(0.01)
    assert not journal.followed
    connection.close()
