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
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from aiohttp import web

from mockserver import cors
from mockserver.access_log import AccessLog
from mockserver.hosts import Hosts
from mockserver.messages import Request, Response, encode
from mockserver.problems import MalformedRequest, PayloadTooLarge
from mockserver.server import MockServer

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


class Reply(web.StreamResponse):
    """A response whose bytes, head and all, are made and written at once."""

    def __init__(self, head: bytes, body: bytes, keep: bool) -> None:
        super().__init__()
        self._keep_alive = keep
        self._bytes = head + body

    async def prepare(self, request: web.BaseRequest) -> None:  # type: ignore[override]
        """Nothing to prepare; `write_eof` needs to know where to write."""
        self._transport = request.transport

    async def write_eof(self, data: bytes = b"") -> None:
        """Writes the whole response."""
        transport = self._transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client is gone")
        transport.write(self._bytes)
        self._eof_sent = True


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
        self._web: web.Server | None = None
        self._listener: asyncio.Server | None = None
        self._date = (0, "")

    async def start(self, host: str, port: int) -> str:
        """Listens; OSError where the address can't be had. Gives the URL, with the port that was taken."""
        loop = asyncio.get_running_loop()
        self._web = web.Server(self._answer, access_log=None, keepalive_timeout=self._bounds.idle, lingering_time=2.0)
        family = socket.AF_INET6 if ":" in host else socket.AF_UNSPEC
        self._listener = await loop.create_server(self._connection, host, port, family=family, ssl=self._tls, backlog=1024)
        taken = self._listener.sockets[0].getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        return f"{self._scheme}://{shown}:{taken}"

    async def stop(self) -> None:
        """Stops listening and lets requests under way finish."""
        if self._listener and self._web:
            self._listener.close()
            self._web.pre_shutdown()
            await self._web.shutdown(timeout=3.0)
        self._log.flush()

    def _connection(self) -> asyncio.BaseProtocol:
        assert self._web is not None
        protocol = self._web()
        if len(self._web.connections) >= self._bounds.connections:
            return _Refusal()
        asyncio.get_running_loop().call_later(self._bounds.head, _drop_idle, protocol, self._bounds.head)
        return protocol

    async def _answer(self, incoming: web.BaseRequest) -> web.StreamResponse:
        started = time.perf_counter()
        message = incoming._message
        headers = message.headers
        host = headers.get("Host", "")
        origin = self._known_hosts.get(host) or self._origin(host)
        request = Request(message.method, message.path, headers, b"", origin)
        if incoming.body_exists:
            await self._read(incoming, request)
        response = self._respond(request, host)
        self._log.add(request, response, time.perf_counter() - started, incoming.remote if self._log.wants_peer else "")
        keep = not message.should_close and request.unreadable is None
        body = b"" if message.method == "HEAD" else response.body
        return Reply(self._head(response, message.version, keep), body, keep)

    def _respond(self, request: Request, host: str) -> Response:
        if not request.origin:
            text = f"this server does not answer to the host {host!r}; start it with --allow-host NAME to let it"
            return _said(421, text)
        control = request.target.startswith("/_mock/") and not request.target.startswith("/_mock/w/")
        if control and cors.foreign(request):
            return _said(403, "pages of other origins may not use the control plane")
        response = self._server.handle(request)
        if not control:
            cors.permit(request, response)
        return response

    async def _read(self, incoming: web.BaseRequest, request: Request) -> None:
        """The body, within its bounds; what keeps it from being read is the core's to refuse."""
        limit = IMPORT_LIMIT if request.target.startswith("/_mock/worlds/") else self._bounds.body
        content = incoming.content
        if (incoming.content_length or 0) > limit:
            request.unreadable = PayloadTooLarge(limit)
            return
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(None if content.is_eof() else self._bounds.read):
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

    def _head(self, response: Response, version: Any, keep: bool) -> bytes:
        now = int(time.time())
        if now != self._date[0]:
            self._date = (now, formatdate(now, usegmt=True))
        length = "" if response.status in (204, 304) else f"Content-Length: {len(response.body)}\r\n"
        connection = "" if keep == (version.minor == 1) else f"Connection: {'keep-alive' if keep else 'close'}\r\n"
        fields = "".join([f"{name}: {value}\r\n" for name, value in response.headers])
        status = _STATUS_LINES.get(response.status) or f"HTTP/1.1 {response.status} \r\n"
        head = f"{status}{fields}{length}{connection}Date: {self._date[1]}\r\n\r\n"
        return head.encode("latin-1", "replace")


class _Refusal(asyncio.Protocol):
    """What a connection beyond the bound gets."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        transport.close()


def _drop_idle(protocol: Any, after: float) -> None:
    """Closes a connection that has not sent a whole request head within the bound of its opening."""
    if protocol.transport is not None and protocol._request_count == 0:
        protocol.force_close()


def _said(status: int, message: str) -> Response:
    return Response(status, encode({"status": status, "message": message}), [("Content-Type", "application/json")])


_STATUS_LINES = {int(status): f"HTTP/1.1 {int(status)} {status.phrase}\r\n" for status in HTTPStatus}

Ready = Callable[[str], None]


async def serve(network: Network, host: str, port: int, ready: Ready, stopping: asyncio.Event) -> None:
    """Serves until `stopping` is set; `ready` is told the URL once requests are answered."""
    ready(await network.start(host, port))
    await stopping.wait()
    await network.stop()
