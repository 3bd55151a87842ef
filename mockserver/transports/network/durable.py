"""Answers that wait until what they acknowledge is on disk. Only a server that keeps its state has this in its way."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from mockserver.persistence.persistence import Persistence


def durable(persistence: Persistence, transport: asyncio.Transport) -> asyncio.Transport:
    """The transport, writing nothing while anything is pending."""
    return cast(asyncio.Transport, DurableTransport(persistence, transport))


class DurableTransport:
    """What a connection needs of a transport. Everything is written in order, but only once it may leave.

    Reads wait as well as changes: they may show what is not on disk yet.
    """

    def __init__(self, persistence: Persistence, transport: asyncio.Transport) -> None:
        self._persistence = persistence
        self._transport = transport
        self._held: list[bytes] = []
        self._closing = False

    def write(self, data: bytes) -> None:
        """Writes at once, or after the commit."""
        if not self._persistence.pending:
            self._transport.write(data)
            return
        self._held.append(data)
        if len(self._held) == 1:
            self._persistence.when_saved(self._release)

    def close(self) -> None:
        """Closes when everything is written."""
        if self._held:
            self._closing = True
        else:
            self._transport.close()

    def _release(self, kept: bool) -> None:
        held, self._held = self._held, []
        if not kept:
            self._transport.abort()
        elif not self._transport.is_closing():
            self._transport.write(b"".join(held))
            if self._closing:
                self._transport.close()

    def abort(self) -> None:
        """Closes at once."""
        self._held.clear()
        self._transport.abort()

    def is_closing(self) -> bool:
        """As the transport's."""
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        """As the transport's."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """As the transport's."""
        self._transport.resume_reading()

    def get_extra_info(self, name: str) -> Any:
        """As the transport's."""
        return self._transport.get_extra_info(name)
