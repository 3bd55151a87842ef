"""Requests from the network, and their answers.

aiohttp's parser reads requests; each is answered by the core, synchronously, as soon as it is whole. Its answer is one
piece of bytes, and leaves with those of the same round of the event loop. No task, future or timer is made per request.
One sweep a second closes the connections that take too long: to send a request, to read an answer, or to say anything
at all. An answer that a fault delays waits on a timer of its connection, and what comes after it on that connection
with it; nobody else does.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable
from ssl import SSLContext
from typing import Any, TypeAlias, cast

import aiohttp
from aiohttp.http import HttpRequestParser
from aiohttp.http_exceptions import HttpProcessingError

from mockserver.core.messages import Request, Response
from mockserver.core.problems import MalformedRequest, PayloadTooLarge
from mockserver.transports.network.access_log import AccessLog
from mockserver.transports.network.batch import Batch
from mockserver.transports.network.bounds import (
    HEARTBEAT,
    LONGEST_HEAD,
    LONGEST_LINE,
    Bounds,
    declared_length,
    head_too_long,
)
from mockserver.transports.network.delayed import Delayed
from mockserver.transports.network.encoding import apply_damage, encode_response, transport_error
from mockserver.transports.network.gate import Gate

Hold: TypeAlias = Callable[[asyncio.Transport], asyncio.Transport]


class Network:
    """One server on one address. `start` binds and gives the URL, `stop` ends what is open.

    `hold`, where there is one, gives a transport that holds answers back as long as they must not leave.
    """

    batch: Batch

    def __init__(
        self, gate: Gate, bounds: Bounds, log: AccessLog, tls: SSLContext | None = None, hold: Hold | None = None
    ) -> None:
        self.respond = gate.respond
        self.bounds = bounds
        self.log = log
        self.connections: set[Connection] = set()
        self.hold = hold
        self._tls = tls
        self._listener: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self, host: str, port: int) -> str:
        """Listens; OSError where the address can't be had. Gives the URL, with the port that was taken."""
        loop = asyncio.get_running_loop()
        self.batch = Batch(loop.call_soon)
        self._listener = await self._listen(loop, host, port)
        taken = self._listener.sockets[0].getsockname()[1]
        if any(it.getsockname()[1] != taken for it in self._listener.sockets):
            # A name with several addresses got another free port on each.
            self._listener.close()
            self._listener = await self._listen(loop, host, taken)
        self._sweep = loop.call_later(1.0, self._close_overdue)
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if self._tls else 'http'}://{shown}:{taken}"

    async def _listen(self, loop: asyncio.AbstractEventLoop, host: str, port: int) -> asyncio.Server:
        return await loop.create_server(
            lambda: Connection(self, loop),
            host,
            port,
            family=socket.AF_INET6 if ":" in host else socket.AF_UNSPEC,
            ssl=self._tls,
            ssl_handshake_timeout=self.bounds.patience if self._tls else None,
            backlog=1024,
        )

    async def stop(self) -> None:
        """Stops listening and closes what is open; answers that were written still get out."""
        if self._listener is not None and self._sweep is not None:
            self._sweep.cancel()
            self._listener.close()
            for connection in list(self.connections):
                connection.close()
        self.log.flush()

    def _close_overdue(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in list(self.connections):
            connection.close_if_overdue(now)
        self._sweep = loop.call_later(1.0, self._close_overdue)


class Connection(asyncio.Protocol):
    """One client. A request is `_pending` from its head until its body is whole; those that came after it
    are `_waiting`. `_head` counts the bytes that came before a head was whole.

    aiohttp's parser feeds the body to a stream that may ask its protocol to pause; what arrives is taken from it at
    once, so there is never a reason to.
    """

    _reading_paused = False

    def __init__(self, network: Network, loop: asyncio.AbstractEventLoop) -> None:
        bounds = network.bounds
        parser = HttpRequestParser(
            cast(Any, self), loop, 2**18, max_line_size=LONGEST_LINE, max_field_size=LONGEST_LINE, auto_decompress=False
        )
        self._loop = loop
        self._parser: Any = parser
        self._network = network
        self._transport: asyncio.Transport | None = None
        self._writing_paused = False
        self._waiting: deque[tuple[Any, Any]] = deque()
        self._pending: tuple[Any, Any] | None = None
        self._body: list[bytes] = []
        self._size = 0
        self._head = 0
        self._closing = False
        self._delayed: Delayed | None = None
        self._leave: Callable[[], None] | None = None
        self._since = loop.time() - bounds.idle + bounds.patience

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Registers the connection, or turns it away where there are too many."""
        given, hold = cast(asyncio.Transport, transport), self._network.hold
        self._transport = hold(given) if hold else given
        self._network.connections.add(self)
        if len(self._network.connections) > self._network.bounds.connections:
            self._write(transport_error(503, "too many connections"), keep=False)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forgets the connection; a request that is not whole was never asked."""
        self._network.connections.discard(self)
        self._transport = self._parser = None
        self._waiting.clear()
        if self._delayed is not None:
            self._delayed.cancel()
        if self._leave is not None:
            self._leave()

    def data_received(self, data: bytes) -> None:
        """Answers every request that these bytes complete, in order."""
        if self._closing or self._parser is None:
            return
        try:
            messages, upgraded, _ = self._parser.feed_data(data)
        except HttpProcessingError as error:
            self._write(transport_error(400, (str(error.message).splitlines() or ["malformed"])[0]), keep=False)
            return
        self._head += len(data)
        if self._pending is not None:
            self._head = 0
            self._collect()
        elif self._head > LONGEST_HEAD and head_too_long(messages):
            self._write(transport_error(431, f"the header fields are longer than {LONGEST_HEAD} bytes"), keep=False)
            return
        if messages:
            self._head = 0
            self._waiting.extend(messages)
        self._proceed()
        if upgraded:
            self.close()

    def _proceed(self) -> None:
        """Answers what is whole, in order, as long as the client reads its answers."""
        while self._waiting and self._pending is None and not self._writing_paused and not self._closing:
            self._pending = self._waiting.popleft()
            self._since = self._loop.time()
            self._collect()

    def _collect(self) -> None:
        """Takes what there is of the body; answers once it is whole, or known to be too large."""
        assert self._pending is not None
        message, payload = self._pending
        if payload is aiohttp.EMPTY_PAYLOAD:
            self._answer(message, None)
            return
        try:
            chunk = payload.read_nowait(-1)
        except Exception:  # whatever kept the parser from reading it
            self._answer(message, MalformedRequest("the body can't be read"))
            return
        self._body.append(chunk)
        self._size += len(chunk)
        complete = payload.is_eof()
        size = self._size if complete else max(self._size, declared_length(message))
        limit = self._network.bounds.longest_body(message.path)
        if size > limit:
            self._answer(message, PayloadTooLarge(limit))
        elif complete:
            self._answer(message, None)
        elif self._body == [b""] and message.headers.get("Expect", "").lower() == "100-continue":
            self._send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _answer(self, message: Any, unreadable: Exception | None) -> None:
        """Has the pending request answered. After a body that was not read the connection can't go on."""
        body = b"" if not self._body or unreadable else b"".join(self._body)
        self._pending, self._body, self._size = None, [], 0
        log, started = self._network.log, time.perf_counter()
        request = Request(message.method, message.path, message.headers, body, "", unreadable)
        response = self._network.respond(request)
        keep = not message.should_close and unreadable is None
        if response.stream is not None and message.method != "HEAD":
            self._follow(response)
        else:
            self._write(response, keep, keep != (message.version.minor == 1), message.method != "HEAD")
        if log.enabled:
            peer = self._transport and self._transport.get_extra_info("peername")
            log.add(request, response, time.perf_counter() - started, peer)

    def _write(self, response: Response, keep: bool, explicit: bool = True, with_body: bool = True) -> None:
        """Sends a response; one that is delayed, or comes after one that is, when its time has come."""
        effect = response.effect
        data = encode_response(response, time.time(), keep, explicit, with_body)
        if effect is None and not self._delayed:
            self._finish(data, keep)
            return
        if effect is not None:
            data, keep = apply_damage(data, effect.damage, keep)
        self._delayed = self._delayed or Delayed(self._loop, self._finish)
        self._closing = not self._delayed.add(effect.delay / 1000 if effect else 0.0, data, keep)

    def _finish(self, data: bytes, keep: bool) -> None:
        self._send(data)
        if not keep:
            self.close()

    def _follow(self, response: Response) -> None:
        """Sends a response that goes on until its client leaves, or does not keep up with it."""
        assert response.stream is not None
        self._closing = True
        self._send(encode_response(response, time.time(), keep=False, explicit=True, with_body=True))
        self._leave = response.stream(self._send_piece)

    def _send_piece(self, piece: bytes | None) -> None:
        if piece is None or self._writing_paused:
            self.close()
        else:
            self._send(piece)

    def _send(self, data: bytes) -> None:
        if self._transport is not None:
            self._network.batch.add(self._transport, data)

    def close(self) -> None:
        """Sends what was written and hangs up."""
        self._closing = True
        if self._transport is not None:
            self._network.batch.flush()
            self._transport.close()

    def close_if_overdue(self, now: float) -> None:
        """Hangs up on a client that keeps a request or an answer waiting, or has been silent for too long."""
        bounds = self._network.bounds
        if self._leave is not None and not self._writing_paused:
            if now - self._since > HEARTBEAT:
                self._since = now
                self._send(b":\n\n")
            return
        busy = self._pending is not None or self._writing_paused
        if now - self._since > (bounds.patience if busy else bounds.idle) and self._transport is not None:
            self._closing = True
            self._transport.abort()

    def pause_writing(self) -> None:
        """The client does not read its answers: neither are its requests read."""
        self._writing_paused = True
        self._since = self._loop.time()
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._writing_paused = False
        self._proceed()
        if self._transport is not None and not self._writing_paused:
            self._transport.resume_reading()

    def pause_reading(self, **_: bool) -> None:
        """The parser's stream is never full: see above."""

    resume_reading = pause_reading

    @property
    def connected(self) -> bool:
        """Asked by the parser's stream."""
        return self._transport is not None


Ready = Callable[[str], None]


async def serve(network: Network, host: str, port: int, ready: Ready, stopping: asyncio.Event) -> None:
    """Serves until `stopping` is set; `ready` is told the URL once requests are answered."""
    ready(await network.start(host, port))
    await stopping.wait()
    await network.stop()
