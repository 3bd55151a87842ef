"""A fake deployment that can't be recognised as a mock, and whose responses can be falsified."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from mockserver import Headers, MockServer, Request, Response
from tests.toy.relay import relayed

CREDENTIAL = "s3cr3t-Cr3dential.0815"
"""The only credential that a fake accepts."""

Falsify = Callable[[Request, Response], Response]
"""Returns a false response in place of the right one."""


class Fake:
    """Jackson's API on loopback. `requests` holds the method, target and Authorization of every request."""

    def __init__(self, falsify: Falsify | None = None, scenario: str = "documented") -> None:
        self.requests: list[tuple[str, str, str | None]] = []
        self._falsify = falsify
        self._server = MockServer(scenario=scenario)
        self._lock = threading.Lock()
        self.url = ""

    def answer(self, request: Request) -> Response:
        """Answers a request. A fake has no control plane."""
        with self._lock:
            self.requests.append((request.method, request.target, request.headers.get("Authorization")))
            if request.target.startswith("/_mock/"):
                return Response(404)
            if request.headers.get("Authorization"):
                is_valid = request.headers["Authorization"] == f"Api-Key {CREDENTIAL}"
                authorization = "Api-Key mock-admin" if is_valid else "Api-Key mock-revoked"
                request.headers = Headers({**request.headers, "authorization": authorization})
            response = self._server.handle(request)
            return self._falsify(request, response) if self._falsify else response

    def directories(self) -> list[dict[str, Any]]:
        """Returns the fake's directories."""
        headers = Headers({"Authorization": "Api-Key any"})
        target = "/api/v1/directory-sync?tenant=boxyhq&product=jackson"
        listed: list[dict[str, Any]] = self._server.handle(Request("GET", target, headers)).json()["data"]
        return listed


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """Serves a fake on a free port of loopback."""
    with relayed(fake.answer) as fake.url:
        yield fake


def with_body(response: Response, change: Callable[[Any], object]) -> Response:
    """Returns the response with its body changed; `change` changes the JSON in place."""
    body = response.json()
    change(body)
    return Response(response.status, orjson.dumps(body), response.headers)
