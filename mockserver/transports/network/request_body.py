"""The body of one request, while it arrives."""

from __future__ import annotations

from typing import Any

from mockserver.core.problems import MalformedRequest, PayloadTooLarge, Problem


class RequestBody:
    """Collects a body and decides when its request can be answered: when the body is whole, unreadable or too large.

    `head` and `payload` are the parser's, `limit` is in bytes. Once `take` has returned True, `content` is the body.
    It is empty where there is a `refusal`, the problem with the body. The connection cannot go on after a refusal,
    because the rest of the body may still arrive.
    """

    __slots__ = ("_limit", "_payload", "_pieces", "_size", "content", "head", "refusal")

    def __init__(self, head: Any, payload: Any, limit: int) -> None:
        self.head = head
        self.content = b""
        self.refusal: Problem | None = None
        self._payload = payload
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0

    def take(self) -> bool:
        """Takes what has arrived. Returns whether the request can be answered now."""
        try:
            piece = self._payload.read_nowait(-1)
        except Exception:  # whatever the parser found wrong with it
            self.refusal = MalformedRequest("the body can't be read")
            return True
        self._size += len(piece)
        complete: bool = self._payload.is_eof()
        # A body that is declared too large is refused before it is sent.
        if (self._size if complete else max(self._size, _declared_length(self.head))) > self._limit:
            self.refusal = PayloadTooLarge(self._limit)
            return True
        if complete and not self._pieces:  # most bodies arrive in one piece
            self.content = piece
            return True
        self._pieces.append(piece)
        if complete:
            self.content = b"".join(self._pieces)
        return complete

    @property
    def awaits_permission(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body."""
        return self._size == 0 and self.head.headers.get("Expect", "").lower() == "100-continue"


def _declared_length(head: Any) -> int:
    """The bytes that a request says its body has; 0 where it does not say."""
    length = head.headers.get("Content-Length", "0")
    return int(length) if length.isdigit() else 0
