"""Requests and responses, independent of any web framework.

Transports make requests and send responses; everything between uses only these classes. They are cheap: a request has
the bytes as they came and the transport's own header mapping, and nothing is decoded before it is needed.
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
    """Header fields whose names are found in upper or lower case, for requests that no web framework made."""

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

    `target` is the request target as it came: percent-encoded, with the query. `headers` finds names in upper or lower
    case. `origin` is the scheme and authority that the caller used (`http://127.0.0.1:8080`), for URLs that lead back
    here. `unreadable` is the `Problem` that kept the transport from reading the body; it is raised only if an operation
    needs the body.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    body: bytes = b""
    origin: str = "http://127.0.0.1:8080"
    unreadable: Exception | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a fault on an exchange. The transport carries out `delay` and `damage`, which need a connection.

    `status` is the status of a refusal in place of the response, and `message` its text. `retry_after` is in seconds,
    `delay` in milliseconds. `damage` is "disconnect" (no response), "truncate" (half of it), "garbage" (another body)
    or "" (none).
    """

    status: int | None = None
    message: str = ""
    retry_after: int | None = None
    delay: int = 0
    damage: str = ""


Stream: TypeAlias = Callable[[Callable[[bytes | None], None]], Callable[[], None]]
"""Starts a stream of body pieces: calls its argument with each piece, and with None at the end.

Returns a function that stops the stream."""


@dataclass(slots=True)
class Response:
    """One HTTP response. `headers` are pairs in sending order; the transport adds Content-Length.

    `effect` is the fault that the transport applies. The status 0 means that there is no response: the transport
    disconnects. `stream` continues the body after `body`, until the client disconnects.
    """

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    effect: Effect | None = None
    stream: Stream | None = None

    def header(self, name: str) -> str | None:
        """Returns the first value of a header field, whose name may be in upper or lower case."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)

    def json(self) -> Json:
        """Returns the body parsed as JSON. Raises ValueError where it is not JSON."""
        return orjson.loads(self.body)


@dataclass(slots=True)
class Answer:
    """What a handler returns when a JSON value alone is not enough.

    A `status` of None stands for the operation's success status. `body` is a JSON value, or bytes of the media type
    `content_type` that are sent as they are; `stream` continues them.
    """

    body: Json = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    stream: Stream | None = None


encode: Callable[[Json], bytes] = orjson.dumps
"""Returns a JSON value as compact UTF-8 bytes."""
