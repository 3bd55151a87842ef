"""The cost of a request and of a fork in the core, for worlds of different sizes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from mockserver import Headers, MockServer, Request
from mockserver.commands.serve import settle_memory

HEADERS = Headers({"Authorization": "Token mock-admin", "Content-Type": "application/json"})
REQUESTS = 400
ROUNDS = 15


def filled(records: int) -> MockServer:
    """Returns a server whose default world holds the given number of identity providers."""
    server = MockServer(scenario="empty")
    providers = {
        f"{number:020d}": {
            "id": f"{number:020d}",
            "type": "oidc",
            "name": f"Provider {number}",
            "issuer": "https://accounts.example.com",
            "client_id": f"client-{number}",
            "client_secret": "secret",
        }
        for number in range(records)
    }
    world = server.worlds.get_or_create("default")
    server.worlds.restore(world, {"collections": {"netbird.identity_providers": providers}})
    world.initial = (world.state, world.settings)
    return server


def scaling(sizes: Iterable[int]) -> dict[str, dict[int, float]]:
    """Returns microseconds per request in the core, by kind of request and number of records.

    The sizes take turns, so that changes of the machine's speed affect all alike. The garbage collector is set as in a
    server.
    """
    servers = {size: filled(size) for size in sizes}
    settle_memory()
    kinds: dict[str, Callable[[int], Request]] = {"get": _get, "create": _create}
    costs: dict[str, dict[int, list[float]]] = {kind: {size: [] for size in servers} for kind in kinds}
    for _ in range(ROUNDS):
        for size, server in servers.items():
            for kind, request in kinds.items():
                costs[kind][size].append(_cost(server, request(size)))
            server.worlds.get_or_create("default").reset()
    return {
        kind: {size: round(statistics.median(found), 1) for size, found in by_size.items()}
        for kind, by_size in costs.items()
    }


def forks(records: int) -> float:
    """Returns the microseconds that it takes to fork a world of the given number of records."""
    server = filled(records)
    taken = []
    for number in range(200):
        started = time.perf_counter()
        server.worlds.create(f"fork-{number}", "default")
        taken.append(time.perf_counter() - started)
    return round(statistics.median(taken) * 1e6, 1)


def _get(size: int) -> Request:
    return Request("GET", f"/api/identity-providers/{size // 2:020d}", HEADERS)


def _create(_: int) -> Request:
    provider: dict[str, Any] = {
        "type": "oidc",
        "name": "New",
        "issuer": "https://accounts.example.com",
        "client_id": "client",
        "client_secret": "secret",
    }
    return Request("POST", "/api/identity-providers", HEADERS, orjson.dumps(provider))


def _cost(server: MockServer, request: Request) -> float:
    started = time.perf_counter()
    for _ in range(REQUESTS):
        server.handle(request)
    return (time.perf_counter() - started) / REQUESTS * 1e6
