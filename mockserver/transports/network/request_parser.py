"""Bytes in, requests out: aiohttp's parser, and the limit that it does not know."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from aiohttp.http import HttpRequestParser
from aiohttp.http_exceptions import HttpProcessingError

from mockserver.transports.network.bounds import LONGEST_HEAD, LONGEST_LINE

ParsedRequest: TypeAlias = tuple[Any, Any]
"""A head, and the stream into which the parser puts the body. Both are aiohttp's."""

_STREAM_LIMIT = 2**18
"""Bytes after which a stream asks for a pause. It asks in vain: see `_NeverFull`."""


class Unparsable(Exception):
    """The bytes are not HTTP, or the head is longer than the server allows. `status` is the one to answer with."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class RequestParser:
    """The parser of one connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._parser: Any = HttpRequestParser(
            cast(Any, _NeverFull()),
            loop,
            _STREAM_LIMIT,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            auto_decompress=False,
        )
        self._unfinished = 0

    def feed(self, data: bytes, within_body: bool) -> Sequence[ParsedRequest]:
        """Parses what arrived. Returns the requests whose heads it completes, in order.

        Only the last of them can have a body that has not arrived whole. `within_body` says that the body of the
        request before these had not. Raises Unparsable, after which nothing more can be parsed.
        """
        try:
            requests: Sequence[ParsedRequest] = self._parser.feed_data(data)[0]
        except HttpProcessingError as error:
            raise Unparsable(400, (str(error.message).splitlines() or ["malformed"])[0]) from None
        # The parser limits lines, not their sum. What belongs to a body does not count, but a head that begins in the
        # same read as a body ends cannot be told from it: that read is not counted unless it completes the head.
        self._unfinished = 0 if within_body and not requests else self._unfinished + len(data)
        if self._unfinished > LONGEST_HEAD and (not requests or max(map(_head_size, requests)) > LONGEST_HEAD):
            raise Unparsable(431, f"the header fields are longer than {LONGEST_HEAD} bytes")
        if requests:
            self._unfinished = 0
        return requests


def _head_size(request: ParsedRequest) -> int:
    return sum(len(name) + len(value) for name, value in request[0].raw_headers)


class _NeverFull:
    """The protocol that the parser's streams ask to pause when they hold too much.

    A connection takes what arrives out of the stream at once and counts it itself, so it never needs to pause. The
    protocol is not the connection itself because connection and parser would then keep each other alive.
    """

    _reading_paused = False
    connected = True

    def pause_reading(self, **_: bool) -> None:
        """Goes on reading."""

    resume_reading = pause_reading
