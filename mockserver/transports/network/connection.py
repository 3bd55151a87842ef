"""One client of the server: requests are read, answered by the core, and written in the order in which they came.

aiohttp's parser reads requests; each is answered by the core, synchronously, as soon as it is whole. Its answer is one
piece of bytes, and leaves with those of the same round of the event loop. No task, future or timer is made per request,
except for an answer that a fault delays.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any, TypeAlias, cast

import aiohttp

from mockserver.core.messages import Request, Response
from mockserver.core.problems import Problem
from mockserver.transports.network.access_log import AccessLog
from mockserver.transports.network.batch import Batch
from mockserver.transports.network.bounds import HEARTBEAT, Bounds
from mockserver.transports.network.encoding import apply_damage, encode_response, transport_error
from mockserver.transports.network.request_body import RequestBody
from mockserver.transports.network.request_parser import ParsedRequest, RequestParser, Unparsable
from mockserver.transports.network.states import (
    CLOSED,
    CLOSING,
    DELAYED,
    IDLE,
    RECEIVING,
    STREAMING,
    TRANSITIONS,
    ConnectionState,
)

Wrap: TypeAlias = Callable[[asyncio.Transport], asyncio.Transport]


@dataclass(eq=False)
class ServerContext:
    """What the connections of one server share.

    `respond` answers a request. `wrap`, where there is one, gives the transport that a connection writes to in place of
    its own.
    """

    respond: Callable[[Request], Response]
    bounds: Bounds
    log: AccessLog
    batch: Batch
    wrap: Wrap | None = None
    connections: set[Connection] = field(default_factory=set)


class Connection(asyncio.Protocol):
    """One client. `state` says what the connection does; `states.py` draws how it changes, `_enter` changes it.

    Beside its state a connection knows what has arrived and cannot be used yet (`_parsed` requests, `_unparsed` bytes),
    and whether the client reads: `_blocked` is set while the transport's buffer is full. A blocked connection answers
    nothing, in any state, so a client cannot make the server keep answers that the client does not read.
    """

    def __init__(self, context: ServerContext, loop: asyncio.AbstractEventLoop) -> None:
        self.state = IDLE
        self._context = context
        self._loop = loop
        self._parser = RequestParser(loop)
        self._transport: asyncio.Transport | None = None
        self._parsed: deque[ParsedRequest] = deque()
        self._unparsed = b""
        self._blocked = False
        self._body: RequestBody | None = None  # in RECEIVING
        self._abandon: Callable[[], object] | None = None  # ends what DELAYED and STREAMING wait for
        self._deadline = loop.time() + context.bounds.patience  # of the first request

    def _enter(self, state: ConnectionState, abandon: Callable[[], object] | None = None) -> None:
        """Changes the state, and with it the time that the client has. `abandon` is called when the state is left."""
        assert state in TRANSITIONS[self.state], f"{self.state} → {state}"
        self.state = state
        self._restart_clock()
        if self._abandon is not abandon:
            leave, self._abandon = self._abandon, abandon
            if leave is not None:
                leave()

    def _restart_clock(self) -> None:
        """Sets the deadline that the sweep of the listener enforces."""
        bounds = self._context.bounds
        state = self.state
        if self._blocked or state is RECEIVING or state is CLOSING:
            seconds = bounds.patience
        elif state is IDLE:
            seconds = bounds.idle
        else:
            seconds = HEARTBEAT if state is STREAMING else inf
        self._deadline = self._loop.time() + seconds

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Registers the connection, or turns it away where there are too many."""
        context = self._context
        given = cast(asyncio.Transport, transport)
        self._transport = context.wrap(given) if context.wrap else given
        context.connections.add(self)
        if len(context.connections) > context.bounds.connections:
            self._refuse(503, "too many connections")

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forgets the connection; a request that is not whole was never asked."""
        self._context.connections.discard(self)
        self._enter(CLOSED)
        self._transport = self._body = None
        self._parsed.clear()
        self._unparsed = b""

    def data_received(self, data: bytes) -> None:
        """Answers every request that these bytes complete, in order, or keeps the bytes until that is possible."""
        if self._reads:
            self._parse(data)
        elif self._transport is not None and (self.state is DELAYED or self._blocked):
            # One read is kept, so that a client that leaves is noticed; more would be memory at the client's command.
            self._unparsed += data
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """Notes that the client does not read its answers: its requests are not read either."""
        self._blocked = True
        self._restart_clock()
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Notes that the client reads again."""
        self._blocked = False
        self._restart_clock()
        self._resume()

    # What the listener calls.

    def close(self) -> None:
        """Sends what was written and hangs up."""
        if self._transport is not None and self.state is not CLOSING:
            self._enter(CLOSING)
            self._context.batch.flush()
            self._transport.close()

    def check_deadline(self, now: float) -> None:
        """Hangs up on a client that takes too long. A client that follows a stream is sent a comment instead."""
        if now < self._deadline or self._transport is None:
            return
        if self.state is STREAMING and not self._blocked:
            self._send(b":\n\n")
            self._restart_clock()
            return
        if self.state is not CLOSING:
            self._enter(CLOSING)
        self._transport.abort()

    # From bytes to requests.

    @property
    def _reads(self) -> bool:
        """Whether bytes that arrive can be parsed now."""
        return (self.state is IDLE or self.state is RECEIVING) and not self._blocked

    def _parse(self, data: bytes) -> None:
        try:
            self._parsed.extend(self._parser.feed(data, self._body is not None))
        except Unparsable as error:
            self._refuse(error.status, str(error))
            return
        body = self._body
        if body is not None and body.take():
            self._body = None
            self._enter(IDLE)
            self._answer(body.head, body.content, body.refusal)
        self._proceed()

    def _proceed(self) -> None:
        """Answers the requests that are whole until one has to wait."""
        while self._parsed and self.state is IDLE and not self._blocked:
            head, payload = self._parsed.popleft()
            self._deadline = self._loop.time() + self._context.bounds.idle
            if payload is aiohttp.EMPTY_PAYLOAD:
                self._answer(head, b"", None)
                continue
            body = RequestBody(head, payload, self._context.bounds.longest_body(head.path))
            if body.take():
                self._answer(head, body.content, body.refusal)
            else:
                self._body = body
                self._enter(RECEIVING)
                if body.awaits_permission:
                    self._send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _resume(self) -> None:
        """Goes on with what arrived while nothing could be answered, then reads again."""
        self._proceed()
        if self._unparsed and self._reads:
            data, self._unparsed = self._unparsed, b""
            self._parse(data)
        if self._transport is not None and not self._blocked and not self._unparsed:
            self._transport.resume_reading()

    # From requests to bytes.

    def _answer(self, head: Any, body: bytes, refusal: Problem | None) -> None:
        """Has one request answered by the core."""
        log = self._context.log
        started = time.perf_counter() if log.enabled else 0.0
        request = Request(head.method, head.path, head.headers, body, "", refusal)
        response = self._context.respond(request)
        if response.stream is not None and head.method != "HEAD":
            self._follow(response)
        else:
            # After a body that was not read, or a wish for another protocol, what arrives next cannot be understood.
            keep = not head.should_close and not head.upgrade and refusal is None
            explicit = keep != (head.version.minor == 1)
            self._write(response, keep, explicit, head.method != "HEAD")
        if log.enabled:
            peer = self._transport and self._transport.get_extra_info("peername")
            log.add(request, response, time.perf_counter() - started, peer)

    def _write(self, response: Response, keep: bool, explicit: bool, with_body: bool) -> None:
        """Sends a response, or what a fault leaves of it, when its time has come."""
        data = encode_response(response, time.time(), keep, explicit, with_body)
        effect = response.effect
        if effect is not None:
            data, keep = apply_damage(data, effect.damage, keep)
            if effect.delay:
                timer = self._loop.call_later(effect.delay / 1000, self._send_delayed, data, keep)
                self._enter(DELAYED, timer.cancel)
                return
        self._finish(data, keep)

    def _send_delayed(self, data: bytes, keep: bool) -> None:
        self._enter(IDLE)
        self._finish(data, keep)
        self._resume()

    def _finish(self, data: bytes, keep: bool) -> None:
        self._send(data)
        if not keep:
            self.close()

    def _refuse(self, status: int, message: str) -> None:
        """Answers what is no request, and hangs up."""
        self._write(transport_error(status, message), keep=False, explicit=True, with_body=True)

    def _follow(self, response: Response) -> None:
        """Sends a response that goes on until its client leaves, or does not keep up with it."""
        assert response.stream is not None
        self._enter(STREAMING)
        self._send(encode_response(response, time.time(), keep=False, explicit=True, with_body=True))
        stop = response.stream(self._send_piece)
        if self.state is STREAMING:
            self._abandon = stop
        else:
            stop()

    def _send_piece(self, piece: bytes | None) -> None:
        if piece is None or self._blocked:
            self.close()
        else:
            self._send(piece)

    def _send(self, data: bytes) -> None:
        if self._transport is not None:
            self._context.batch.add(self._transport, data)
