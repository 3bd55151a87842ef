"""Where a server listens."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.transports.network.bounds import Bounds
from tests.transports.sockets import Served

PATH = "/api/identity-providers"


def test_ipv6_is_served_where_there_is_ipv6() -> None:
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    with Served(Bounds(), "::1", MockServer(scenario="empty")) as server:
        assert server.url.startswith("http://[::1]:")
        assert server.ask("GET", PATH).status == 200


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_a_name_with_several_addresses_has_one_port_on_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def resolved(host: str, *rest: Any, **more: Any) -> list[Any]:
        addresses = ("127.0.0.1", "127.0.0.2") if host == "localhost" else (host,)
        return [found for address in addresses for found in resolve(address, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with Served(Bounds(), "localhost", MockServer(scenario="empty")) as server:
        port = int(server.url.rpartition(":")[2])
        for address in ("127.0.0.1", "127.0.0.2"):
            socket.create_connection((address, port)).close()
