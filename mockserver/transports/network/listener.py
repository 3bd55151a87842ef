"""A server on one address: it accepts connections, watches their deadlines and closes them at the end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from ssl import SSLContext
from typing import TypeAlias

from mockserver.transports.network.access_log import AccessLog
from mockserver.transports.network.batch import Batch
from mockserver.transports.network.bounds import Bounds
from mockserver.transports.network.connection import Connection, ServerContext, Wrap
from mockserver.transports.network.gate import Gate

_SWEEP = 1.0
"""Seconds between two looks at the deadlines of all connections. One timer is cheaper than one for each connection."""

_BACKLOG = 1024


class Network:
    """A server on one address. Its life is `start`, `stop`.

    `wrap`, where there is one, gives the transport that a connection writes to in place of its own: one that delays
    answers until they may leave.
    """

    def __init__(
        self, gate: Gate, bounds: Bounds, log: AccessLog, tls: SSLContext | None = None, wrap: Wrap | None = None
    ) -> None:
        self._context = ServerContext(gate.respond, bounds, log, Batch(_soon), wrap)
        self._tls = tls
        self._listener: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> set[Connection]:
        """The connections that are open."""
        return self._context.connections

    async def start(self, host: str, port: int) -> str:
        """Listens. Returns the URL, with the port that was taken. Raises OSError where the address can't be had."""
        loop = asyncio.get_running_loop()
        self._listener = await self._listen(loop, host, port)
        taken = self._listener.sockets[0].getsockname()[1]
        if any(it.getsockname()[1] != taken for it in self._listener.sockets):
            # A name with several addresses got another free port on each.
            self._listener.close()
            self._listener = await self._listen(loop, host, taken)
        self._sweep = loop.call_later(_SWEEP, self._check_deadlines)
        authority = f"[{host}]" if ":" in host else host
        return f"{'https' if self._tls else 'http'}://{authority}:{taken}"

    async def _listen(self, loop: asyncio.AbstractEventLoop, host: str, port: int) -> asyncio.Server:
        return await loop.create_server(
            lambda: Connection(self._context, loop),
            host,
            port,
            family=socket.AF_INET6 if ":" in host else socket.AF_UNSPEC,
            ssl=self._tls,
            ssl_handshake_timeout=self._context.bounds.patience if self._tls else None,
            backlog=_BACKLOG,
        )

    async def stop(self) -> None:
        """Stops listening and closes all connections; answers that were written are still sent."""
        if self._listener is not None and self._sweep is not None:
            self._sweep.cancel()
            self._listener.close()
            for connection in list(self.connections):
                connection.close()
        self._context.log.flush()

    def _check_deadlines(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in list(self.connections):
            connection.check_deadline(now)
        self._sweep = loop.call_later(_SWEEP, self._check_deadlines)


Ready: TypeAlias = Callable[[str], None]


async def serve(network: Network, host: str, port: int, ready: Ready, stopping: asyncio.Event) -> None:
    """Serves until `stopping` is set. Calls `ready` with the URL once requests are answered."""
    ready(await network.start(host, port))
    await stopping.wait()
    await network.stop()


def _soon(callback: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_soon(callback)
