"""The TLS context of a server, with certificates of a local authority."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from mockserver.core.problems import Problem
from mockserver.engine.address import world_of_host
from mockserver.transports.tls.authority import Authority

LOOPBACK = ("localhost", "127.0.0.1", "::1")

_REMEMBERED = 256
"""Certificates of worlds that are kept in memory. The least recently used one makes room."""


def context(authority: Authority, hosts: Iterable[str]) -> ssl.SSLContext:
    """Returns the context of a server for loopback, for `hosts`, and for NAME.localhost of each world.

    No client accepts a certificate for `*.localhost`, because it would be too wide. So each of these names gets its own
    certificate when a client first asks for the name.
    """
    common = _server_context(authority.issue(dict.fromkeys([*LOOPBACK, *hosts])))

    @lru_cache(_REMEMBERED)
    def of_world(host: str) -> ssl.SSLContext:
        return _server_context(authority.issue([host]))

    def choose(connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        if host is not None and _names_world(host.lower()):
            connection.context = of_world(host.lower())

    common.sni_callback = choose
    return common


def _names_world(host: str) -> bool:
    try:
        return world_of_host(f"https://{host}") is not None
    except (Problem, ValueError):
        return False


def _server_context(identity: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with tempfile.TemporaryDirectory() as folder:  # only the owner can read it; OpenSSL reads keys only from files
        path = Path(folder) / "identity.pem"
        path.write_bytes(identity)
        context.load_cert_chain(path)
    return context
