"""What is said in one round of the event loop leaves together, at the round's end.

A write wakes the client that waits for it, and on a busy server that costs as much as a quarter of an answer. Writes
that follow each other closely wake it once.
"""

from __future__ import annotations

from asyncio import WriteTransport
from collections.abc import Callable

ENOUGH = 65_536
"""Bytes that wait, at most: a client that does not read has to be noticed before more is said to it."""


class Batch:
    """Pieces for any number of transports, in order. `soon(f)` has f called when the round is over."""

    def __init__(self, soon: Callable[[Callable[[], None]], object]) -> None:
        self._soon = soon
        self._pieces: list[tuple[WriteTransport, bytes]] = []
        self._size = 0

    def add(self, transport: WriteTransport, data: bytes) -> None:
        """Has a piece written at the end of the round, or now where too much would wait."""
        if not self._pieces:
            self._soon(self.flush)
        self._pieces.append((transport, data))
        self._size += len(data)
        if self._size > ENOUGH:
            self.flush()

    def flush(self) -> None:
        """Writes everything now, as before a transport is closed."""
        pieces, self._pieces, self._size = self._pieces, [], 0
        for transport, data in pieces:
            if not transport.is_closing():
                transport.write(data)
