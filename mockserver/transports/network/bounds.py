"""What a client may use of a server: bytes, seconds, connections."""

from __future__ import annotations

from dataclasses import dataclass

IMPORT_LIMIT = 256 * 1024 * 1024
"""Bytes of an imported state. It may be larger than the body of any service, because it holds all of them."""

HEARTBEAT = 15.0
"""Seconds between two comments to a client that follows a stream. Writing shows whether the client is still there."""

LONGEST_LINE = 16_384
"""The most bytes of a request line or a header field."""

LONGEST_HEAD = 65_536
"""The most bytes of all header fields together. They are limited because the journal keeps them."""


@dataclass(frozen=True)
class Bounds:
    """`body` in bytes; `patience` seconds for a request to arrive or an answer to be read, `idle` between requests."""

    body: int = 1024 * 1024
    patience: float = 30.0
    idle: float = 75.0
    connections: int = 4_096

    def longest_body(self, path: str) -> int:
        """Returns the most bytes of a request's body at a path."""
        return max(IMPORT_LIMIT, self.body) if path.startswith("/_mock/worlds/") else self.body
