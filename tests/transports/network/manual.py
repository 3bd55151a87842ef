"""A connection without sockets, on an event loop whose time a test moves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, cast

from mockserver.core.messages import Effect, Request, Response
from mockserver.transports.network.access_log import AccessLog
from mockserver.transports.network.batch import Batch
from mockserver.transports.network.bounds import Bounds
from mockserver.transports.network.connection import Connection, ServerContext


class Timer:
    """A timer that fires when its loop's time has come."""

    def __init__(self, due: float, fire: Callable[[], None]) -> None:
        self.due = due
        self.fire = fire
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """The part of an event loop that a connection uses."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, callback: Callable[..., None], *arguments: Any) -> Timer:
        self.timers.append(Timer(self.now + seconds, lambda: callback(*arguments)))
        return self.timers[-1]

    @property
    def waiting(self) -> list[Timer]:
        """The timers that will still fire."""
        self.timers = [timer for timer in self.timers if not timer.cancelled]
        return self.timers

    def advance(self, seconds: float) -> None:
        """Lets time pass; timers fire in order."""
        end = self.now + seconds
        while due := [timer for timer in self.waiting if timer.due <= end]:
            first = min(due, key=lambda timer: timer.due)
            self.timers.remove(first)
            self.now = max(self.now, first.due)
            first.fire()
        self.now = end


class Transport:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.written = b""
        self.reading = True
        self.closing = False

    def write(self, data: bytes) -> None:
        assert not self.closing
        self.written += data

    def close(self) -> None:
        self.closing = True

    abort = close

    def is_closing(self) -> bool:
        return self.closing

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def get_extra_info(self, name: str) -> None:
        return None


class Client:
    """One connection to a server that answers with `respond`."""

    def __init__(self, respond: Callable[[Request], Response], bounds: Bounds | None = None) -> None:
        self.loop = Loop()
        self.transport = Transport()
        log = AccessLog("off", lambda _: None)
        self.batch = Batch(lambda _: None)
        self.context = ServerContext(respond, bounds or Bounds(), log, self.batch)
        self.connection = Connection(self.context, cast(asyncio.AbstractEventLoop, self.loop))
        self.connection.connection_made(cast(asyncio.BaseTransport, self.transport))

    def send(self, data: bytes) -> None:
        """Sends bytes as one read of the server, which a server that closes does not make."""
        if not self.transport.closing:
            self.connection.data_received(data)
        self.batch.flush()

    def wait(self, seconds: float) -> None:
        self.loop.advance(seconds)
        self.batch.flush()

    def received(self) -> bytes:
        """What the client has received, without the one header that depends on the time of day."""
        return re.sub(rb"Date: [^\r]*\r\n", b"", self.transport.written)


def echo(request: Request) -> Response:
    """A response that repeats the request. The header Fault says what its transport does to it: "DELAY DAMAGE"."""
    delay, _, damage = (request.headers.get("Fault") or "0 ").partition(" ")
    effect = Effect(delay=int(delay), damage=damage) if "Fault" in request.headers else None
    refusal = f" {type(request.unreadable).__name__}" if request.unreadable else ""
    body = f"{request.method} {request.target}{refusal}\n".encode() + request.body
    return Response(200, body, [("Echo", request.target)], effect)
