"""The mock as an aiohttp application, for programs and tests that run aiohttp's server already.

aiohttp's server does here what `connection.py` does for `mockserver serve`. Everything else is the same: the gate, the
core, what faults do to an answer, the delivery of webhooks.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from mockserver.core.hosts import Hosts
from mockserver.core.messages import Request, Response
from mockserver.core.problems import MalformedRequest, PayloadTooLarge, Problem
from mockserver.server import MockServer
from mockserver.transports.network.bounds import HEARTBEAT, Bounds
from mockserver.transports.network.encoding import apply_damage, encode_response
from mockserver.transports.network.gate import Gate
from mockserver.transports.network.webhook_client import webhook_delivery

_MOST_UNSENT = 1_000
"""Pieces of a stream that may wait for their client; one more ends the stream."""


def web_application(
    server: MockServer | None = None,
    *,
    allow_hosts: Collection[str] = (),
    webhook_hosts: Collection[str] = (),
    max_body: int = Bounds.body,
    **settings: Any,
) -> web.Application:
    """Returns an application whose every path is the mock's, except for routes that are added to it.

    `settings` are the keyword arguments of `MockServer`; a `server` that exists can be given in their place. The
    application answers to loopback addresses, to `localhost` and the names below it, and to `allow_hosts` ("*" for
    any). Webhooks are delivered while the application runs, to loopback and `webhook_hosts`. `max_body` is in bytes.

    Raises TypeError for a server together with settings, and whatever `MockServer` raises.
    """
    if server is not None and settings:
        raise TypeError(f"a server has its settings already: {', '.join(settings)}")
    chosen = server or MockServer(**settings)
    mock = _Mock(chosen, Hosts(allow_hosts), Bounds(body=max_body))

    async def deliver(_: web.Application) -> AsyncIterator[None]:
        async with webhook_delivery(chosen.worlds, webhook_hosts):
            yield

    # A middleware rather than a route: it also sees what no route matches, such as `OPTIONS *`.
    application = web.Application(middlewares=[mock.answer])
    application.cleanup_ctx.append(deliver)
    application.on_shutdown.append(mock.end_streams)
    return application


class _Mock:
    """Answers aiohttp's requests with the core."""

    def __init__(self, server: MockServer, hosts: Hosts, bounds: Bounds) -> None:
        self._gates = {scheme: Gate(server, hosts, scheme) for scheme in ("http", "https")}
        self._bounds = bounds
        self._streams: set[asyncio.Queue[bytes | None]] = set()

    @web.middleware
    async def answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The response to a request that none of the application's own routes matches."""
        if request.match_info.http_exception is None:
            return await handler(request)
        target = request.raw_path
        try:
            body, refusal = await _read(request, self._bounds.longest_body(target))
        except ConnectionError:  # a request that is not whole was never asked
            return _unsent()
        asked = Request(request.method, target, request.headers, body, "", refusal)
        response = self._gates[request.scheme].respond(asked)
        effect = response.effect
        if effect is not None and effect.delay:
            await asyncio.sleep(effect.delay / 1000)
        if effect is not None and effect.damage in ("disconnect", "truncate"):
            return _damage(request, response, effect.damage)
        if response.stream is not None and request.method != "HEAD":
            return await self._follow(request, response)
        answer = web.Response(status=response.status, body=response.body)
        _add_headers(answer, response)
        return answer

    async def _follow(self, request: web.Request, response: Response) -> web.StreamResponse:
        """Sends a response that goes on until its client leaves, does not keep up with it, or the server stops."""
        assert response.stream is not None
        pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._streams.add(pieces)
        # Before anything is awaited: no piece may be missing between the body and the stream.
        stop = response.stream(lambda piece: pieces.put_nowait(piece if pieces.qsize() < _MOST_UNSENT else None))
        answer = web.StreamResponse(status=response.status)
        _add_headers(answer, response)
        try:
            await answer.prepare(request)
            await answer.write(response.body)
            while (piece := await _next(pieces)) is not None:
                await answer.write(piece)
        except ConnectionError:
            return _unsent()
        finally:
            stop()
            self._streams.discard(pieces)
        return answer

    async def end_streams(self, _: web.Application) -> None:
        """Ends all streams, so that the server need not wait for those who follow."""
        for pieces in self._streams:
            pieces.put_nowait(None)


async def _next(pieces: asyncio.Queue[bytes | None]) -> bytes | None:
    """The next piece of a stream, or a comment by which a client that is gone is noticed."""
    try:
        return await asyncio.wait_for(pieces.get(), HEARTBEAT)
    except TimeoutError:
        return b":\n\n"


async def _read(request: web.Request, limit: int) -> tuple[bytes, Problem | None]:
    """The body of a request, and the problem with it. Raises ConnectionError where the client leaves."""
    too_large = PayloadTooLarge(limit)
    if (request.content_length or 0) > limit:
        return b"", too_large
    body = bytearray()
    try:
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > limit:
                return b"", too_large
    except ConnectionError:
        raise
    except Exception:  # whatever the parser found wrong with it
        return b"", MalformedRequest("the body can't be read")
    return bytes(body), None


def _damage(request: web.Request, response: Response, damage: str) -> web.Response:
    """Writes what a fault leaves of a response, and hangs up."""
    whole = encode_response(response, time.time(), keep=False, explicit=True, with_body=request.method != "HEAD")
    if request.transport is not None:
        request.transport.write(apply_damage(whole, damage, keep=False)[0])
        request.transport.close()
    return _unsent()


def _unsent() -> web.Response:
    """What a handler has to return although the connection is closed: aiohttp finds that out and writes nothing."""
    return web.Response()


def _add_headers(answer: web.StreamResponse, response: Response) -> None:
    for name, value in response.headers:
        # aiohttp cannot write what it read as escaped bytes; `encode_response` writes "?" there, too.
        answer.headers.add(name, value.encode("latin-1", "replace").decode("latin-1"))
