"""Responses that wait until the changes that they acknowledge are on disk. Only a server with `--state` uses this."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from mockserver.persistence.persistence import Persistence


def durable(persistence: Persistence, transport: asyncio.Transport) -> asyncio.Transport:
    """Returns a transport that writes nothing while a change is not on disk."""
    return cast(asyncio.Transport, DurableTransport(persistence, transport))


class DurableTransport:
    """The part of a transport that a connection uses. Everything is written in order, but not before the commit.

    Responses to reads wait as well: they may show a change that is not on disk yet.
    """

    def __init__(self, persistence: Persistence, transport: asyncio.Transport) -> None:
        self._persistence = persistence
        self._transport = transport
        self._pieces: list[bytes] = []
        self._closing = False

    def write(self, data: bytes) -> None:
        """Writes at once, or after the commit where one is pending."""
        if not self._persistence.pending:
            self._transport.write(data)
            return
        self._pieces.append(data)
        if len(self._pieces) == 1:
            self._persistence.when_saved(self._release)

    def close(self) -> None:
        """Closes when everything is written."""
        if self._pieces:
            self._closing = True
        else:
            self._transport.close()

    def _release(self, saved: bool) -> None:
        pieces, self._pieces = self._pieces, []
        if not saved:
            self._transport.abort()
        elif not self._transport.is_closing():
            self._transport.write(b"".join(pieces))
            if self._closing:
                self._transport.close()

    def abort(self) -> None:
        """Closes at once."""
        self._pieces.clear()
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
