"""A cheap load generator: it repeats one request on persistent connections, one request at a time on each."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import cast

CONNECTIONS = 16


@dataclass(frozen=True)
class Work:
    """One kind of request to one server. `target` is the lowest acceptable ratio to the rate of the bare handler."""

    name: str
    url: str
    method: str
    path: str
    body: bytes = b""
    target: float = 0.9

    def encode(self) -> bytes:
        """Returns the request as bytes."""
        host = self.url.removeprefix("http://")
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: {host}",
            "Authorization: Bearer mock-admin",
            "Accept: */*",
        ]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + self.body


@dataclass
class Result:
    """Requests per second, and the 99th percentile of their durations in milliseconds."""

    rate: float
    p99: float


class _Connection(asyncio.Protocol):
    def __init__(self, request: bytes, durations: list[float]) -> None:
        self._request = request
        self._durations = durations
        self._missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self._missing:
            head, _, rest = data.partition(b"\r\n\r\n")
            if not data.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
                raise RuntimeError(f"the server answered {head[:200]!r} {rest[:200]!r}")
            at = head.lower().index(b"content-length:") + 15
            self._missing = int(head[at:].split(b"\r\n")[0]) + len(head) + 4
        self._missing -= len(data)
        if not self._missing:
            self._durations.append(time.perf_counter() - self._sent)
            self._send()


async def drive(work: Work, seconds: float) -> Result:
    """Sends one kind of request for the given number of seconds and returns the result."""
    loop = asyncio.get_running_loop()
    host, port = work.url.removeprefix("http://").split(":")
    durations: list[float] = []
    request = work.encode()
    made = [
        await loop.create_connection(lambda: _Connection(request, durations), host, int(port))
        for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(0.05)
    durations.clear()
    started = time.perf_counter()
    await asyncio.sleep(seconds)
    elapsed, taken = time.perf_counter() - started, sorted(durations)
    for transport, _ in made:
        transport.close()
    if not taken:
        raise RuntimeError(f"{work.name}: nothing was answered within {seconds} s")
    return Result(len(taken) / elapsed, taken[int(len(taken) * 0.99)] * 1000)
