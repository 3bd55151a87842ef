"""HTTP over the network. The only importer of aiohttp.

aiohttp's low-level server parses and frames; a request goes to the core and its response is written as one piece of
bytes. What protects the server is here: the Host header, the size and the pace of what comes in, the number of
connections.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from aiohttp import StreamReader, web

from mockserver import cors
from mockserver.access_log import AccessLog
from mockserver.hosts import Hosts
from mockserver.messages import Request, Response
from mockserver.problems import MalformedRequest, PayloadTooLarge
from mockserver.server import MockServer
from mockserver.transports.wire import encoded, said

IMPORT_LIMIT = 256 * 1024 * 1024
"""Bytes that an imported state may have, whatever the limit for services is."""


@dataclass(frozen=True)
class Bounds:
    """`body` in bytes; `head` seconds for a request's head to arrive, `read` for its body, `idle` between requests."""

    body: int = 1024 * 1024
    head: float = 20.0
    read: float = 30.0
    idle: float = 75.0
    connections: int = 4_096


class Incoming:
    """A request as aiohttp's connection hands it over: all that is asked of a `web.BaseRequest`, at a tenth of its cost."""

    __slots__ = ("_task", "content", "message", "protocol")

    def __init__(self, message: Any, content: StreamReader, protocol: Connection, writer: Any, task: Any) -> None:
        self.message = message
        self.content = content
        self.protocol = protocol
        self._task = task

    def _finish(self) -> None:
        """Nothing is held that would have to be released."""

    def _cancel(self, error: BaseException) -> None:
        """The client is gone: whoever waits for the body hears of it."""
        self.content.set_exception(error)


class Reply:
    """A response whose bytes, head and all, are written at once: all that is asked of a `web.StreamResponse`."""

    __slots__ = ("_bytes", "_protocol", "keep_alive")

    def __init__(self, data: bytes, keep_alive: bool) -> None:
        self._bytes = data
        self.keep_alive = keep_alive

    async def prepare(self, incoming: Incoming) -> None:
        """Nothing to prepare; `write_eof` needs to know where to write."""
        self._protocol = incoming.protocol

    async def write_eof(self) -> None:
        """Writes the whole response; waits while the client does not read."""
        protocol = self._protocol
        if protocol.transport is None:
            raise ConnectionResetError("the client is gone")
        protocol.transport.write(self._bytes)
        if protocol.writing_paused:
            async with asyncio.timeout(protocol.patience):
                await protocol._drain_helper()


class Connection(web.RequestHandler):
    """One client's connection. `patience` is how many seconds it may take to read an answer."""

    __slots__ = ("patience",)

    def handle_error(
        self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> Any:
        """What could not be parsed as HTTP is answered in one line; a bug of ours is logged as well."""
        if status >= 500:
            self.logger.error("bug in the transport", exc_info=exc)
            message = "internal server error"
        reply = said(status, (message or "this is not HTTP").splitlines()[0])
        return Reply(encoded(reply, time.time(), keep=False, explicit=True, with_body=True), False)


class Connections(web.Server):
    """Makes connections, at most `bounds.connections` at a time."""

    def __init__(self, answer: Callable[[Incoming], Any], bounds: Bounds) -> None:
        factory: Any = Incoming
        super().__init__(cast(Any, answer), request_factory=factory)
        self._bounds = bounds

    def __call__(self) -> Any:
        if len(self.connections) >= self._bounds.connections:
            return _Refusal()
        loop = asyncio.get_running_loop()
        bounds = self._bounds
        made = Connection(self, loop=loop, access_log=None, keepalive_timeout=bounds.idle, lingering_time=2.0)
        made.patience = bounds.read
        loop.call_later(bounds.head, _drop_idle, made)
        return made


class Network:
    """One server on one address. `start` binds and gives the URL, `stop` finishes what is under way."""

    def __init__(self, server: MockServer, bounds: Bounds, hosts: Hosts, log: AccessLog, tls: Any = None) -> None:
        self._server = server
        self._bounds = bounds
        self._hosts = hosts
        self._log = log
        self._tls = tls
        self._scheme = "https" if tls else "http"
        self._known_hosts: dict[str, str] = {}
        self._connections: Connections | None = None
        self._listener: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> str:
        """Listens; OSError where the address can't be had. Gives the URL, with the port that was taken."""
        loop = asyncio.get_running_loop()
        self._connections = Connections(self._answer, self._bounds)
        family = socket.AF_INET6 if ":" in host else socket.AF_UNSPEC
        self._listener = await loop.create_server(
            self._connections, host, port, family=family, ssl=self._tls, backlog=1024
        )
        taken = self._listener.sockets[0].getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        return f"{self._scheme}://{shown}:{taken}"

    async def stop(self) -> None:
        """Stops listening and lets requests under way finish."""
        if self._listener and self._connections:
            self._listener.close()
            self._connections.pre_shutdown()
            await self._connections.shutdown(timeout=3.0)
        self._log.flush()

    async def _answer(self, incoming: Incoming) -> Reply:
        started = time.perf_counter()
        message = incoming.message
        headers = message.headers
        host = headers.get("Host", "")
        request = Request(message.method, message.path, headers, b"", self._known_hosts.get(host) or self._origin(host))
        if not incoming.content.is_eof() or message.method not in ("GET", "HEAD"):
            await self._read(incoming, request)
        response = self._respond(request, host)
        keep = not message.should_close and request.unreadable is None
        if self._log.wants_peer:
            self._log.add(request, response, time.perf_counter() - started, incoming.protocol.peername)
        explicit = keep != (message.version.minor == 1)
        return Reply(encoded(response, time.time(), keep, explicit, message.method != "HEAD"), keep)

    def _respond(self, request: Request, host: str) -> Response:
        if not request.origin:
            text = f"this server does not answer to the host {host!r}; start it with --allow-host NAME to let it"
            return said(421, text)
        control = request.target.startswith("/_mock/") and not request.target.startswith("/_mock/w/")
        if control and cors.foreign(request):
            return said(403, "pages of other origins may not use the control plane")
        response = self._server.handle(request)
        if not control:
            cors.permit(request, response)
        return response

    async def _read(self, incoming: web.BaseRequest, request: Request) -> None:
        """The body, within its bounds; what keeps it from being read is the core's to refuse."""
        limit = IMPORT_LIMIT if request.target.startswith("/_mock/worlds/") else self._bounds.body
        content = incoming.content
        if content.is_eof():
            request.body = content.read_nowait(-1)
            if len(request.body) > limit:
                request.unreadable = PayloadTooLarge(limit)
            return
        declared = request.headers.get("Content-Length", "0")
        if declared.isdigit() and int(declared) > limit:
            request.unreadable = PayloadTooLarge(limit)
            return
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._bounds.read):
                while chunk := await content.readany():
                    size += len(chunk)
                    if size > limit:
                        request.unreadable = PayloadTooLarge(limit)
                        return
                    chunks.append(chunk)
        except TimeoutError:
            request.unreadable = MalformedRequest("the body did not arrive in time", status=408)
        except (web.RequestPayloadError, ValueError) as error:
            request.unreadable = MalformedRequest(f"the body can't be read: {type(error).__name__}")
        request.body = b"".join(chunks)

    def _origin(self, host: str) -> str:
        """The URL that a Host header stands for; empty where it is none of ours."""
        if not self._hosts.allows(host):
            return ""
        if len(self._known_hosts) < 1_000:
            self._known_hosts[host] = f"{self._scheme}://{host}"
        return f"{self._scheme}://{host}"


class _Refusal(asyncio.Protocol):
    """What a connection beyond the bound gets."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        writable = cast(asyncio.Transport, transport)
        writable.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        transport.close()


def _drop_idle(connection: Connection) -> None:
    """Closes a connection that has not sent a whole request head within the bound of its opening."""
    if connection.transport is not None and connection._request_count == 0:
        connection.force_close()


Ready = Callable[[str], None]


async def serve(network: Network, host: str, port: int, ready: Ready, stopping: asyncio.Event) -> None:
    """Serves until `stopping` is set; `ready` is told the URL once requests are answered."""
    ready(await network.start(host, port))
    await stopping.wait()
    await network.stop()
