"""A deployment that is no mock to whoever looks, and that lies as it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from mockserver import Headers, MockServer, Request, Response
from tests.toy.relay import relayed

CREDENTIAL = "s3cr3t-Cr3dential.0815"
"""The only one that it takes."""

Lie = Callable[[Request, Response], Response]
"""Makes another answer out of an honest one."""


class Fake:
    """Jackson's API on loopback. `asked` is every request that came: method, path and Authorization."""

    def __init__(self, lie: Lie | None = None, scenario: str = "documented") -> None:
        self.asked: list[tuple[str, str, str | None]] = []
        self._lie = lie
        self._server = MockServer(scenario=scenario)
        self._lock = threading.Lock()
        self.url = ""

    def answer(self, request: Request) -> Response:
        """What is answered. The control plane is not there."""
        with self._lock:
            self.asked.append((request.method, request.target, request.headers.get("Authorization")))
            if request.target.startswith("/_mock/"):
                return Response(404)
            if request.headers.get("Authorization"):
                known = request.headers["Authorization"] == f"Api-Key {CREDENTIAL}"
                told = "Api-Key mock-admin" if known else "Api-Key mock-revoked"
                request.headers = Headers({**request.headers, "authorization": told})
            honest = self._server.handle(request)
            return self._lie(request, honest) if self._lie else honest

    def directories(self) -> list[dict[str, Any]]:
        """The directories that it holds."""
        headers = Headers({"Authorization": "Api-Key any"})
        target = "/api/v1/directory-sync?tenant=boxyhq&product=jackson"
        found: list[dict[str, Any]] = self._server.handle(Request("GET", target, headers)).json()["data"]
        return found


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """Serves it on a free port of loopback."""
    with relayed(fake.answer) as fake.url:
        yield fake


def with_body(response: Response, change: Callable[[Any], object]) -> Response:
    """The answer with a body that was changed in place."""
    body = response.json()
    change(body)
    return Response(response.status, orjson.dumps(body), response.headers)
