"""The body of one request, while it arrives (RFC 9112, section 7.1 for chunks)."""

from __future__ import annotations

import re

from mockserver.core.problems import PayloadTooLarge, Problem
from mockserver.transports.network.request_parser import Head, Unparsable

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*+)?\r\n")
_CHUNK_BEGINNING = re.compile(rb"[0-9A-Fa-f]{0,16}(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*+|[ \t]*)\r?")
_TRAILER = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++:[\t\x20-\x7e\x80-\xff]*+\r\n")
_TRAILER_BEGINNING = re.compile(rb"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]++(?::[\t\x20-\x7e\x80-\xff]*+)?)?\r?")

_FREE_FRAMING = 65_536
"""Bytes of chunk sizes, extensions and trailers that any body may have. Beyond that they may not outweigh the body,
because reading a chunk costs the same however small it is."""

_LONGEST_LINE = 4_096
"""Bytes of the size of a chunk with its extensions, or of a trailer."""


class RequestBody:
    """Collects a body and decides when its request can be answered: when the body is whole or too large.

    `limit` is in bytes. Once `complete` is True, `content` is the body. It is empty where there is a `refusal`, the
    problem with the body. The connection cannot go on after a refusal, because the rest of the body may still arrive.
    """

    __slots__ = ("_framing", "_limit", "_pieces", "_remaining", "_size", "_trailing", "complete", "head", "refusal")

    def __init__(self, head: Head, limit: int) -> None:
        self.head = head
        self.complete = False
        self.refusal: Problem | None = None
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._framing = 0
        self._remaining = head.length or 0  # bytes of the body or, with their CR LF, of the chunk
        self._trailing = False
        if self._remaining > limit:  # a body that is declared too large is refused before it is sent
            self._refuse()

    @property
    def content(self) -> bytes:
        """The body as far as it has arrived."""
        return b"".join(self._pieces) if len(self._pieces) != 1 else self._pieces[0]

    @property
    def awaits_permission(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body."""
        return self.head.expects and self._size == 0 and self._framing == 0

    def take(self, data: bytes, at: int) -> int:
        """Takes what has arrived from an offset on. Returns the offset of what is left. Raises Unparsable."""
        if self.complete:
            return at
        if self.head.length is None:
            return self._take_chunks(data, at)
        piece = data[at : at + self._remaining]
        self._add(piece)
        self._remaining -= len(piece)
        self.complete = self._remaining == 0
        return at + len(piece)

    def _take_chunks(self, data: bytes, at: int) -> int:
        while at < len(data) and not self.complete:
            if self._remaining:
                after = self._take_data(data, at)
            elif self._trailing:
                after = self._take_trailer(data, at)
            else:
                after = self._take_size(data, at)
            if after == at:
                break
            at = after
        return at

    def _take_data(self, data: bytes, at: int) -> int:
        if self._remaining > 2:
            piece = data[at : at + self._remaining - 2]
            self._add(piece)
            self._remaining -= len(piece)
            return at + len(piece)
        if not b"\r\n".startswith(data[at : at + 2]):
            raise Unparsable(400, "a chunk is not of the size that it has")
        if len(data) < at + 2:
            return at
        self._remaining = 0
        return at + 2

    def _take_size(self, data: bytes, at: int) -> int:
        line = _CHUNK.match(data, at, at + _LONGEST_LINE)
        if line is None:
            if len(data) - at >= _LONGEST_LINE or not _CHUNK_BEGINNING.fullmatch(data, at):
                raise Unparsable(400, "the size of a chunk is malformed")
            return at
        self._count(line.end() - at + 2)
        size = int(line[1], 16)
        if self._size + size > self._limit:
            self._refuse()
        elif size:
            self._remaining = size + 2
        else:
            self._trailing = True
        return line.end()

    def _take_trailer(self, data: bytes, at: int) -> int:
        """Takes a trailer, which nothing uses, or the end of the body."""
        if data.startswith(b"\r\n", at):
            self.complete = True
            return at + 2
        line = _TRAILER.match(data, at, at + _LONGEST_LINE)
        if line is None:
            if len(data) - at >= _LONGEST_LINE or not _TRAILER_BEGINNING.fullmatch(data, at):
                raise Unparsable(400, "a trailer is malformed")
            return at
        self._count(line.end() - at)
        return line.end()

    def _add(self, piece: bytes) -> None:
        if piece:
            self._pieces.append(piece)
            self._size += len(piece)

    def _count(self, framing: int) -> None:
        self._framing += framing
        if self._framing > _FREE_FRAMING + self._size:
            raise Unparsable(400, "the body is cut into too many small chunks")

    def _refuse(self) -> None:
        self.refusal = PayloadTooLarge(self._limit)
        self._pieces = []
        self.complete = True
