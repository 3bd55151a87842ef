"""Writes of one round of the event loop, carried out together at its end.

A write wakes the client that waits for it, and on a busy server that costs as much as a quarter of an answer. Writes
that closely follow each other wake the client once.
"""

from __future__ import annotations

from asyncio import WriteTransport
from collections.abc import Callable

ENOUGH = 65_536
"""Bytes that may wait. A client that does not read has to be noticed before more is written for it."""


class Batch:
    """Pieces for any number of transports, in order. `soon(f)` arranges for f to be called when the round is over."""

    def __init__(self, soon: Callable[[Callable[[], None]], object]) -> None:
        self._soon = soon
        self._pieces: list[tuple[WriteTransport, bytes]] = []
        self._size = 0

    def add(self, transport: WriteTransport, data: bytes) -> None:
        """Writes a piece at the end of the round, or now where too much would wait."""
        if not self._pieces:
            self._soon(self.flush)
        self._pieces.append((transport, data))
        self._size += len(data)
        if self._size > ENOUGH:
            self.flush()

    def flush(self) -> None:
        """Writes everything now. Needed before a transport is closed, which loses what is written later."""
        pieces, self._pieces, self._size = self._pieces, [], 0
        for transport, data in pieces:
            if not transport.is_closing():
                transport.write(data)
