"""What a client may take of a server: bytes, seconds, connections."""

from __future__ import annotations

from dataclasses import dataclass

IMPORT_LIMIT = 256 * 1024 * 1024
"""Bytes that an imported state may have, whatever the limit for services is."""

HEARTBEAT = 15.0
"""Seconds after which a client that follows is sent a comment, so that one that is gone is noticed."""

LONGEST_LINE = 16_384
"""Bytes of a request line or a header field, at most."""

LONGEST_HEAD = 65_536
"""Bytes of all header fields together, at most: the journal keeps them."""


@dataclass(frozen=True)
class Bounds:
    """`body` in bytes; `patience` seconds for a request to arrive or an answer to be read, `idle` between requests."""

    body: int = 1024 * 1024
    patience: float = 30.0
    idle: float = 75.0
    connections: int = 4_096

    def longest_body(self, path: str) -> int:
        """Bytes that a request to this path may have."""
        return max(IMPORT_LIMIT, self.body) if path.startswith("/_mock/worlds/") else self.body
