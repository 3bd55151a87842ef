"""The memory of an exchange and of a connection is freed at once, without the garbage collector."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest

from mockserver import MockServer
from mockserver.core.messages import Headers, Request
from mockserver.transports.network.bounds import Bounds
from mockserver.transports.network.connection import Connection
from mockserver.worlds.worlds import Limits
from tests.transports.sockets import RESPONSE_TIMEOUT, Served

SENT = [
    ("GET", "/api/identity-providers", b"", 200),
    ("GET", "/api/identity-providers/nobody", b"", 404),
    ("GET", "/api/nowhere", b"", 404),
    ("PATCH", "/api/identity-providers", b"", 405),
    ("POST", "/api/identity-providers", b"{", 400),
    ("POST", "/api/identity-providers", b"{}", 422),
    ("GET", "/api/scim/v2/Users?filter=no", b"", 400),
    ("PATCH", "/api/scim/v2/Users/nobody", b'{"schemas":[]}', 400),
    ("POST", "/v1/identity-providers", b"{}", 400),
    ("POST", "/identity/v1/user-identities", b"{}", 400),
    ("POST", "/api/v1/dsync", b"{}", 400),
    ("GET", "/_mock/worlds/nowhere", b"", 404),
]


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(("method", "target", "body", "status"), SENT)
def test_an_exchange_is_freed_when_the_journal_removes_it(
    uncollected: None, method: str, target: str, body: bytes, status: int
) -> None:
    server = MockServer(scenario="documented", limits=Limits(exchanges=1))
    headers = Headers({"Authorization": "Bearer mock-admin", "Content-Type": "application/json"})
    assert server.handle(Request(method, target, headers, body)).status == status
    gc.collect()
    for _ in range(3):
        server.handle(Request(method, target, headers, body))
    assert gc.collect() == 0


def test_a_connection_is_freed_when_it_is_over(uncollected: None) -> None:
    with Served(Bounds(), "127.0.0.1", MockServer(scenario="empty")) as served:
        for _ in range(3):
            assert served.ask("GET", "/api/identity-providers").status == 200
            with served.connect() as wire:
                wire.send("POST", "/api/identity-providers", b"{")
                assert wire.reply().status == 400
        until = time.monotonic() + RESPONSE_TIMEOUT
        while connections() and time.monotonic() < until:
            time.sleep(0.01)
        assert not connections()


def connections() -> list[Connection]:
    return [it for it in gc.get_objects() if isinstance(it, Connection)]
