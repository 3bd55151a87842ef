"""What goes in and what comes out: one request, one response, free of any framework.

Everything between the transports speaks in these. They are plain and cheap: a request holds the bytes as they came and
the transport's own header mapping; nothing is decoded before somebody needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(slots=True)
class Response:
    """One HTTP response: `headers` are pairs in sending order, without Content-Length, which the transport adds."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)

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
    under `content_type`.
    """

    body: Json = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None


def encode(value: Json) -> bytes:
    """A JSON value as compact UTF-8 bytes."""
    return orjson.dumps(value)
