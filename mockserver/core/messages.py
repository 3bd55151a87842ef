"""What goes in and what comes out: one request, one response, free of any framework.

Everything between the transports speaks in these. They are plain and cheap: a request holds the bytes as they came and
the transport's own header mapping; nothing is decoded before somebody needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson

Json: TypeAlias = Any
"""A JSON value. Records are never mutated in place, so they may be shared freely."""

JSON_TYPE = "application/json"


class Headers(dict[str, str]):
    """Header fields that are found in any case, for requests that no web framework made."""

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        super().__init__({name.lower(): value for name, value in (fields or {}).items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


NO_HEADERS: Mapping[str, str] = Headers()


@dataclass(slots=True)
class Request:
    """One HTTP request.

    `target` is the request target as it came, percent-encoded, query included. `headers` finds a name in any case.
    `origin` is the scheme and authority the caller used (`http://127.0.0.1:8080`), for URLs that lead back here.
    `unreadable` is the `Problem` that kept the transport from reading the body; it is raised when the body is needed.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    body: bytes = b""
    origin: str = "http://127.0.0.1:8080"
    unreadable: Exception | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """A fault that an exchange is to suffer. What needs a connection is left to the transport: `delay` and `damage`.

    `status` is that of a refusal instead of the answer, with `message`; `retry_after` is in seconds, `delay` in
    milliseconds. `damage` is "disconnect" (no answer at all), "truncate" (half of it) or "garbage" (another body).
    """

    status: int | None = None
    message: str = ""
    retry_after: int | None = None
    delay: int = 0
    damage: str = ""


Stream: TypeAlias = Callable[[Callable[[bytes | None], None]], Callable[[], None]]
"""Begins to give what follows a body, piece by piece and None at the end; gives a function that makes it stop."""


@dataclass(slots=True)
class Response:
    """One HTTP response: `headers` are pairs in sending order, without Content-Length, which the transport adds.

    `effect` is what its transport has to do to it. A response that was never sent has the status 0. `stream` gives more
    body after `body`, for as long as there is somebody to read it.
    """

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    effect: Effect | None = None
    stream: Stream | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header field, in any case."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)

    def json(self) -> Json:
        """The body read as JSON; raises ValueError where it is not JSON."""
        return orjson.loads(self.body)


@dataclass(slots=True)
class Answer:
    """What a handler says when a bare JSON value does not say enough.

    `status` is the operation's success status when None. `body` is a JSON value, or bytes that are sent as they are
    under `content_type`; `stream` gives what follows them.
    """

    body: Json = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    stream: Stream | None = None


encode: Callable[[Json], bytes] = orjson.dumps
"""A JSON value as compact UTF-8 bytes."""
