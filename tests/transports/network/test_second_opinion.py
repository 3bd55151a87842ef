"""Our own protocol against aiohttp's: the same requests to `mockserver serve` and `web_application`, over sockets."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from mockserver import MockServer, web_application
from mockserver.core.hosts import Hosts
from mockserver.transports.network import Network
from mockserver.transports.network.access_log import AccessLog
from mockserver.transports.network.bounds import LONGEST_LINE, Bounds
from mockserver.transports.network.gate import Gate
from tests.transports.network.requests import Asked, compressed, documented, random_requests
from tests.transports.network.test_network import NO_HTTP

SEEDS = range(4)
PER_SEED = 700
INSTANT = 1_790_000_000_000_000_000

HOP_BY_HOP = {"connection", "date", "keep-alive", "server", "transfer-encoding"}
"""What belongs to a connection, and what names its server and its second."""


@dataclass(frozen=True)
class Heard:
    """A response as far as it matters; `status` is 0 where there was none, or not even a whole head."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


DIFFERENCES = {
    "no HTTP": "aiohttp answers what is no HTTP before any application is asked, with a page in place of JSON.",
    "compressed": "aiohttp undoes Content-Encoding; our own server reads the bytes as they are.",
    "expectation": "aiohttp refuses an expectation that it does not know; RFC 9110, 10.1.1 lets a server ignore it.",
    "long head": "aiohttp limits each line and the number of fields, our own server also their sum.",
}
"""What may differ, and why that is right."""


def difference(asked: Asked, ours: Heard, theirs: Heard) -> str:
    """The name of the reason why two responses may differ; empty where there is none."""
    if ours.status == theirs.status == 400 and ("content-type", "text/plain; charset=utf-8") in theirs.headers:
        return "no HTTP"
    if "Content-Encoding" in asked.headers:
        return "compressed"
    if ours.status == 431:
        return "long head"
    return "expectation" if "Expect" in asked.headers and theirs.status == 417 else ""


class Peer:
    """A client of one server; its connection is kept for as long as both sides allow."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, data: bytes, bodiless: bool) -> tuple[Heard, bool]:
        """The response to one request, and whether the connection can be kept."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        reader, writer = self._streams
        writer.write(data)
        try:
            async with asyncio.timeout(5):
                return await _response(reader, bodiless)
        except (asyncio.IncompleteReadError, ConnectionError):
            return Heard(0), False

    def hang_up(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _response(reader: asyncio.StreamReader, bodiless: bool) -> tuple[Heard, bool]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ")[1])
    if status == 100:
        return await _response(reader, bodiless)
    fields = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines[1:] if line)]
    headers = tuple(sorted(it for it in fields if it[0] not in HOP_BY_HOP))
    length = 0 if bodiless else int(dict(fields).get("content-length", 0))
    try:
        body, whole = await reader.readexactly(length), True
    except asyncio.IncompleteReadError as error:
        body, whole = error.partial, False
    return Heard(status, headers, body), whole and ("connection", "close") not in fields


def mock() -> MockServer:
    """One of two servers that nothing but the requests can make differ."""
    return MockServer(seed=7, wall=lambda: INSTANT)


@asynccontextmanager
async def peers() -> AsyncIterator[tuple[Peer, Peer]]:
    """A client of our own server and a client of aiohttp's."""
    loop = asyncio.get_running_loop()
    own = Network(Gate(mock(), Hosts(), "http"), Bounds(), AccessLog("off", loop.call_soon))
    ours = Peer(int((await own.start("127.0.0.1", 0)).rpartition(":")[2]))
    runner = web.AppRunner(
        web_application(mock()),
        access_log=None,
        shutdown_timeout=0.1,
        max_line_size=LONGEST_LINE,
        max_field_size=LONGEST_LINE,
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    theirs = Peer(runner.addresses[0][1])
    try:
        yield ours, theirs
    finally:
        ours.hang_up()
        theirs.hang_up()
        await own.stop()
        await runner.cleanup()


async def differing(requests: Iterable[tuple[Asked, bytes]]) -> tuple[list[object], Counter[str], Counter[int]]:
    """Plays requests to both; returns unexplained differences, and how often there were which reasons and statuses."""
    unexplained: list[object] = []
    reasons: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    async with peers() as (ours, theirs):
        for asked, data in requests:
            bodiless = asked.method == "HEAD"
            (own, keep), (other, keep_too) = await asyncio.gather(ours.ask(data, bodiless), theirs.ask(data, bodiless))
            statuses[own.status] += 1
            if own != other or not (keep and keep_too):
                ours.hang_up()
                theirs.hang_up()
            if own == other:
                continue
            reason = difference(asked, own, other)
            reasons[reason] += 1
            if not reason:
                unexplained.append((data[:400], own, other))
    return unexplained, reasons, statuses


def test_both_protocols_give_the_same_answers() -> None:
    every = [*documented(), *(asked for seed in SEEDS for asked in random_requests(seed, PER_SEED)), *compressed()]
    every.append(Asked("GET", "/_mock/w/tea/api/identity-providers").with_header("Expect", "tea"))
    raw = [(Asked("GET", "/"), data) for data in NO_HTTP.values()]
    unexplained, reasons, statuses = asyncio.run(differing([*((it, it.encode()) for it in every), *raw]))
    assert not unexplained, (len(unexplained), unexplained[:3])
    assert reasons.keys() == DIFFERENCES.keys()
    assert {200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 421, 422, 503, 0} <= statuses.keys()
    assert len(every) > 2_500
