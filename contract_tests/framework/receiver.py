"""A webhook receiver on loopback, which takes down only what is rightly signed.

It needs nothing but the standard library, and can behave as badly as real receivers do.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

HEADER = "BoxyHQ-Signature"
_SIGNATURE = re.compile("t=([0-9]{1,16}),s=([0-9a-f]{64})")

HANG = "hang"
STREAM = "stream"


@dataclass(frozen=True)
class Received:
    """One request. `verified` tells whether its signature is right; `at` is in seconds of a monotonic clock."""

    event: Any
    verified: bool
    signature: str
    at: float


def verify(secret: str, signature: str, body: bytes) -> bool:
    """Whether a signature (`t=<epoch ms>,s=<hex>`) is the one of this body under this secret."""
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        return False
    expected = hmac.new(secret.encode(), match[1].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, match[2])


class Receiver:
    """Answers each request with the next of `answers`, and 200 when they are used up.

    An answer is an HTTP status, `HANG` (none is ever given) or `STREAM` (200 with a body that never ends).
    """

    def __init__(self, secret: str, answers: Iterable[int | str] = ()) -> None:
        self.secret = secret
        self.received: list[Received] = []
        self._answers = iter(answers)
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"

    def __enter__(self) -> Receiver:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def wait(self, count: int, seconds: float = 10.0) -> list[Received]:
        """The requests so far, once there are this many; TimeoutError where they do not come in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.received) >= count, seconds):
                raise TimeoutError(f"{len(self.received)} of {count} webhook requests came within {seconds} s")
            return list(self.received)

    def events(self) -> list[str]:
        """The names of the events that came rightly signed, in order."""
        return [it.event["event"] for it in self.received if it.verified]

    def _take(self, signature: str, body: bytes) -> int | str:
        received = Received(json.loads(body), verify(self.secret, signature, body), signature, time.monotonic())
        with self._changed:
            self.received.append(received)
            self._changed.notify_all()
            return next(self._answers, 200)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = receiver._take(self.headers.get(HEADER, ""), body)
                if answer == HANG:
                    receiver._closing.wait()
                    return
                self.send_response(200 if answer == STREAM else int(answer))
                self.end_headers()
                while answer == STREAM and not receiver._closing.wait(0.01):
                    self.wfile.write(b"x" * 65_536)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # the sender is free to hang up
                    self.close_connection = True

            def log_message(self, *ignored: object) -> None:
                """Says nothing: what came is in `received`."""

        return Handler
