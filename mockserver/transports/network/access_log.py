"""One line for each exchange, on standard error, as text or JSON. Lines are written in batches, after the responses."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TextIO

from mockserver.core.messages import Request, Response
from mockserver.engine.masking import Masking

STYLES = ("text", "json", "off")


class AccessLog:
    """Logs exchanges. `style` is one of STYLES; `later(f)` arranges for f to be called soon.

    Headers and bodies are not logged, and secrets in a query are masked.
    """

    def __init__(self, style: str, later: Callable[[Callable[[], None]], object], out: TextIO | None = None) -> None:
        self._write = {"text": _text, "json": _json}.get(style)
        self.enabled = self._write is not None
        self._later = later
        self._out = out or sys.stderr
        self._lines: list[str] = []
        self._masking = Masking()

    def add(self, request: Request, response: Response, seconds: float, peer: object) -> None:
        """Adds a line. `seconds` is what the exchange took, `peer` the address of the client."""
        if self._write is None:
            return
        if not self._lines:
            self._later(self.flush)
        target = self._masking.target(request.target) if "?" in request.target else request.target
        self._lines.append(self._write(_address(peer), request.method, target, response, seconds))

    def flush(self) -> None:
        """Writes the lines that wait."""
        lines, self._lines = self._lines, []
        if lines:
            self._out.write("".join(lines))
            self._out.flush()


def _text(peer: str, method: str, target: str, response: Response, seconds: float) -> str:
    safe = target.encode("unicode_escape").decode()
    size = len(response.body)
    return f"{_now()} {peer} {method} {safe} {response.status} {size}B {seconds * 1000:.1f}ms\n"


def _json(peer: str, method: str, target: str, response: Response, seconds: float) -> str:
    line = {
        "time": _now(),
        "peer": peer,
        "method": method,
        "target": target,
        "status": response.status,
        "bytes": len(response.body),
        "ms": round(seconds * 1000, 3),
        "exchange": response.header("X-Mock-Exchange"),
    }
    return json.dumps(line) + "\n"


def _address(peer: object) -> str:
    return str(peer[0]) if isinstance(peer, tuple) else str(peer or "-")


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
