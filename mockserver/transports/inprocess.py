"""The mock for httpx code, without a socket. The only importer of httpx and respx.

`transport()` is for clients that take a transport. `respx_router()` puts the mock at the vendors' real host names, for
all other code. Both answer synchronous and asynchronous clients. Nothing runs in the background here: webhooks stay
undelivered, and following a journal returns what is in it and ends.
"""

from __future__ import annotations

import asyncio
import re
import time
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import cache
from itertools import count
from threading import Lock

import httpx
import respx

from mockserver.core.messages import Effect, Request, Response
from mockserver.core.problems import NotFound
from mockserver.engine.address import HEADER
from mockserver.server import MockServer

_numbers = count(1)


def transport(server: MockServer | None = None, world: str | None = None) -> httpx.MockTransport:
    """Returns a transport for `httpx.Client(transport=...)` or `httpx.AsyncClient`, with any base URL.

    It has a new world unless `world` names one. A request that names a world itself is answered from that world.
    """
    server = server or _shared()
    return httpx.MockTransport(_Exchanges(server, world or _fresh_name()).answer)


def respx_router(server: MockServer | None = None, world: str | None = None) -> respx.MockRouter:
    """Returns a respx router, for use as a context or decorator, that answers as the vendors' hosts would.

    Each router has a new world, which is dropped with it, unless `world` names one. respx refuses requests to other
    hosts; add routes to the router to answer them.
    """
    chosen = server or _shared()
    name = world or _fresh_name()
    router = respx.MockRouter(assert_all_called=False)
    exchanges = _Exchanges(chosen, name)
    for url in chosen.vendor_urls:
        router.route(url__regex=_pattern(url)).mock(side_effect=exchanges.answer)
    if world is None:
        weakref.finalize(router, _drop, chosen, name)
    return router


class _Exchanges:
    """Answers requests from a server, one at a time, because threads may share a client."""

    def __init__(self, server: MockServer, world: str) -> None:
        self._server = server
        self._world = world
        self._one_at_a_time = _lock(server)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Returns the response to a request whose body is read. Raises the error of httpx that a fault causes."""
        headers = request.headers.copy()
        headers.setdefault(HEADER, self._world)
        origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        target = request.url.raw_path.decode("ascii")
        with self._one_at_a_time:
            response = self._server.handle(Request(request.method, target, headers, request.content, origin))
        effect = response.effect or Effect()
        if effect.damage == "disconnect":
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        return _sent(request, response, effect)


def _sent(request: httpx.Request, response: Response, effect: Effect) -> httpx.Response:
    """Returns an httpx response. Its body waits and breaks off as a fault demands."""
    wait = _wait(request, effect)
    body = b"" if request.method == "HEAD" else response.body
    headers = list(response.headers)
    if response.stream is None and response.status not in (204, 304):
        headers.append(("Content-Length", str(len(response.body))))
    if not wait and effect.damage != "truncate":
        return httpx.Response(response.status, headers=headers, content=body, request=request)
    stream = _Body(body, wait, effect.damage == "truncate")
    return httpx.Response(response.status, headers=headers, stream=stream, request=request)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes after `wait` seconds, and may break off in the middle."""

    def __init__(self, body: bytes, wait: float, truncated: bool) -> None:
        self._body = body
        self._wait = wait
        self._truncated = truncated

    def __iter__(self) -> Iterator[bytes]:
        time.sleep(self._wait)
        yield from self._pieces()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.sleep(self._wait)
        for piece in self._pieces():
            yield piece

    def _pieces(self) -> Iterator[bytes]:
        if not self._truncated:
            yield self._body
            return
        yield self._body[: len(self._body) // 2]
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


def _wait(request: httpx.Request, effect: Effect) -> float:
    """Returns the seconds to delay a response. Raises ReadTimeout at once where the client would not wait that long."""
    seconds = effect.delay / 1000
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is not None and seconds > patience:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    return seconds


def _pattern(url: str) -> str:
    """Returns a regular expression for everything below a vendor's URL. `{name}` in it is one label of a host name."""
    parts = (re.escape(part) for part in re.split(r"{[a-z]+}", url))
    return "^" + "[a-z0-9-]+".join(parts) + "(?:[/?]|$)"


@cache
def _shared() -> MockServer:
    """Returns the server for callers without one. Compiling the documents takes a while, so they share it."""
    return MockServer()


@cache
def _lock(server: MockServer) -> Lock:
    return Lock()


def _fresh_name() -> str:
    return f"inprocess-{next(_numbers)}"


def _drop(server: MockServer, world: str) -> None:
    with suppress(NotFound):  # nothing was ever asked of it
        server.worlds.drop(world)
