"""A webhook receiver on loopback that verifies signatures, and that can fail in the ways in which real receivers fail.

It uses only the standard library.
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
class ReceivedWebhook:
    """One request. `verified` is true if its signature is valid; `at` is in seconds of a monotonic clock."""

    event: Any
    verified: bool
    signature: str
    at: float


def verify(secret: str, signature: str, body: bytes) -> bool:
    """Returns whether a signature (`t=<epoch ms>,s=<hex>`) is valid for a body and a secret."""
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        return False
    expected = hmac.new(secret.encode(), match[1].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, match[2])


class Receiver:
    """Answers each request with the next of `answers`, and with 200 after the last one.

    An answer is an HTTP status, `HANG` (no response is ever sent) or `STREAM` (200 with a body that never ends).
    """

    def __init__(self, secret: str, answers: Iterable[int | str] = ()) -> None:
        self.secret = secret
        self.received: list[ReceivedWebhook] = []
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

    def wait(self, count: int, seconds: float = 10.0) -> list[ReceivedWebhook]:
        """Returns all requests so far as soon as there are `count`. Raises TimeoutError if that takes too long."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.received) >= count, seconds):
                raise TimeoutError(f"{len(self.received)} of {count} webhook requests came within {seconds} s")
            return list(self.received)

    def events(self) -> list[str]:
        """Returns the names of the events with a valid signature, in the order in which they came."""
        return [webhook.event["event"] for webhook in self.received if webhook.verified]

    def _receive(self, signature: str, body: bytes) -> int | str:
        verified = verify(self.secret, signature, body)
        webhook = ReceivedWebhook(json.loads(body), verified, signature, time.monotonic())
        with self._changed:
            self.received.append(webhook)
            self._changed.notify_all()
            return next(self._answers, 200)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class WebhookHandler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = receiver._receive(self.headers.get(HEADER, ""), body)
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
                except OSError:  # the sender may close the connection at any time
                    self.close_connection = True

            def log_message(self, *ignored: object) -> None:
                """Logs nothing: the requests are in `received`."""

        return WebhookHandler
