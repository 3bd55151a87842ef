"""The answers of one connection that are held back, and those that must not overtake them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from mockserver.transports.network.bounds import MOST_WAITING


class Delayed:
    """Gives each piece to `send(data, keep)` when its time has come, in the order in which they were added.

    A delay begins when the piece before it is sent. Nothing blocks: one timer runs, for the first piece.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Callable[[bytes, bool], None]) -> None:
        self._loop = loop
        self._send = send
        self._waiting: deque[tuple[float, bytes, bool]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, seconds: float, data: bytes, keep: bool) -> bool:
        """Holds a piece back for so long; tells whether the connection can take another one after it."""
        keep = keep and len(self._waiting) < MOST_WAITING
        self._waiting.append((seconds, data, keep))
        if self._timer is None:
            self._await_first()
        return keep

    def cancel(self) -> None:
        """Forgets everything: the connection is gone."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _await_first(self) -> None:
        self._timer = self._loop.call_later(self._waiting[0][0], self._release) if self._waiting else None

    def _release(self) -> None:
        _, data, keep = self._waiting.popleft()
        self._await_first()
        self._send(data, keep)
