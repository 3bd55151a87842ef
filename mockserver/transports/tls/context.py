"""TLS for the server, with certificates of a local authority."""

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
"""Certificates of worlds that are kept; the one used longest ago makes room."""


def context(authority: Authority, hosts: Iterable[str]) -> ssl.SSLContext:
    """What a server speaks that answers to loopback, to these hosts, and to NAME.localhost for each world.

    No client accepts a certificate for `*.localhost`, it would be too wide, so each such name gets one of its own when
    it is first asked for.
    """
    common = _speaking(authority.issue(dict.fromkeys([*LOOPBACK, *hosts])))

    @lru_cache(_REMEMBERED)
    def of_world(host: str) -> ssl.SSLContext:
        return _speaking(authority.issue([host]))

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


def _speaking(identity: bytes) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_alpn_protocols(["http/1.1"])
    with tempfile.TemporaryDirectory() as folder:  # for its owner only; OpenSSL reads keys from nothing but files
        path = Path(folder) / "identity.pem"
        path.write_bytes(identity)
        made.load_cert_chain(path)
    return made
