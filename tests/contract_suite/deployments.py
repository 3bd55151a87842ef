"""A deployment that is no mock to whoever looks, and that lies as it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

from mockserver import Headers, MockServer, Request, Response

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

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = Headers(dict(self.headers.items()))
            response = fake.answer(Request(self.command, self.path, headers, body, fake.url))
            self.send_response(response.status)
            for name, value in response.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def with_body(response: Response, change: Callable[[Any], object]) -> Response:
    """The answer with a body that was changed in place."""
    body = response.json()
    change(body)
    return Response(response.status, orjson.dumps(body), response.headers)
