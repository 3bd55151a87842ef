"""Compares the cost of a request to the mock with that of a bare aiohttp handler, in one run.

The two servers take turns in short slices, so that other load on the machine affects both alike. Each ratio is the
median over pairs of slices. A row that is below its target is marked. The run also measures start-up, memory, the time
to fork a world, and the cost of a request in worlds of 100 to 1,000,000 records.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import uvloop

from benchmarks import scim
from benchmarks.load import Result, Work, drive
from benchmarks.scale import forks, scaling

PROVIDER = {
    "type": "oidc",
    "name": "My OIDC Provider",
    "issuer": "https://accounts.google.com",
    "client_id": "123456789.apps.googleusercontent.com",
    "client_secret": "secret123",
}


def main() -> None:
    """Runs everything and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=8, help="pairs of slices for each kind of request (default: %(default)s)"
    )
    parser.add_argument(
        "--slice", type=float, default=0.5, help="length of a slice (default: %(default)s)", metavar="SECONDS"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to this file")
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    started = time.perf_counter()
    with server("mockserver", "serve", "--port", "0", "--access-log", "off", "--scenario", "empty") as mock:
        figures["startup_seconds"] = round(time.perf_counter() - started, 3)
        with server("benchmarks.bare") as bare:
            figures["requests"] = uvloop.run(measure(mock.url, bare.url, options.rounds, options.slice))
        figures["memory_mib"] = memory(mock.pid)
    figures["fork_microseconds_of_100000_records"] = forks(100_000)
    figures["microseconds_per_request_at_records"] = scaling((100, 10_000, 1_000_000))
    show(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


class Server:
    """A server process, its URL and its process id."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid


@contextmanager
def server(*module: str) -> Iterator[Server]:
    """Runs a server in its own process. The block starts when the server has printed its `ready` line."""
    process = subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith("ready "):
                yield Server(line.split()[1], process.pid)
                return
        raise RuntimeError(f"{module[0]} did not start")
    finally:
        process.terminate()
        process.wait()


async def measure(mock: str, bare: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Returns requests per second, 99th percentiles and the ratio of the rates, for each kind of request."""
    body = orjson.dumps(PROVIDER)
    create = Work("create", mock, "POST", "/api/identity-providers", body)
    key = (await _ask(create))["id"]
    read = Work("get", mock, "GET", f"/api/identity-providers/{key}")
    for _ in range(9):
        await _ask(create)
    listing = Work("list of 10", mock, "GET", "/api/identity-providers")
    pairs = [
        (read, Work("bare get", bare, "GET", "/constant/1")),
        (listing, Work("bare get", bare, "GET", "/constant/1")),
        (create, Work("bare post", bare, "POST", "/constant", body)),
        *[(work, Work("bare get", bare, "GET", "/constant/1")) for work in await scim.works(mock, _ask)],
    ]
    return {ours.name: await _compare(ours, theirs, rounds, seconds) for ours, theirs in pairs}


async def _compare(ours: Work, theirs: Work, rounds: int, seconds: float) -> dict[str, float]:
    slices: list[tuple[Result, Result]] = []
    for number in range(rounds):
        print(f"\r{ours.name}: {number + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
        slices.append((await drive(ours, seconds), await drive(theirs, seconds)))
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    return {
        "target": ours.target,
        "rate": round(statistics.median(mine.rate for mine, _ in slices)),
        "bare_rate": round(statistics.median(other.rate for _, other in slices)),
        "ratio": round(statistics.median(mine.rate / other.rate for mine, other in slices), 3),
        "p99_ms": round(statistics.median(mine.p99 for mine, _ in slices), 3),
        "bare_p99_ms": round(statistics.median(other.p99 for _, other in slices), 3),
    }


async def _ask(work: Work) -> Any:
    host, port = work.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(work.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    answer = orjson.loads(await reader.readexactly(length))
    writer.close()
    return answer


def memory(pid: int) -> float | None:
    """Returns the resident memory of a process in MiB, or None on a system without `/proc`."""
    status = Path(f"/proc/{pid}/statm")
    if not status.exists():
        return None
    return round(int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def show(figures: dict[str, Any]) -> None:
    """Prints the figures as a table."""
    print(f"{'request':<22}{'per second':>12}{'bare aiohttp':>14}{'ratio':>8}{'p99 ms':>9}{'bare p99':>10}")
    for name, row in figures["requests"].items():
        mark = "" if row["ratio"] >= row["target"] else f"  below {row['target']}"
        print(
            f"{name:<22}{row['rate']:>12,}{row['bare_rate']:>14,}{row['ratio']:>8.2f}"
            f"{row['p99_ms']:>9.2f}{row['bare_p99_ms']:>10.2f}{mark}"
        )
    print(f"start-up {figures['startup_seconds']} s, memory {figures['memory_mib']} MiB")
    print(f"fork of a world of 100,000 records: {figures['fork_microseconds_of_100000_records']} µs")
    for name, costs in figures["microseconds_per_request_at_records"].items():
        print(f"{name}: " + ", ".join(f"{cost} µs at {size:,} records" for size, cost in costs.items()))


if __name__ == "__main__":
    main()
