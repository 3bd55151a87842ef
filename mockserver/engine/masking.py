"""Secrets out of what people read: journal and logs show that there was one, never which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from mockserver.core.messages import Json
from mockserver.core.problems import MalformedRequest
from mockserver.documents.json_text import parse

MASK = "***"
HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization", "boxyhq-signature"})
NAMES = frozenset(
    {
        "access_token",
        "accesstoken",
        "token",
        "password",
        "secret",
        "client_secret",
        "clientsecret",
        "api_key",
        "nftoken",
        "refresh_token",
        "refreshtoken",
    }
)
"""Names that are secret whatever a document says of them, in lower case."""


class Masking:
    """Masks the values of header fields, JSON members and query parameters whose names are secret, in any case.

    What is no object and no list in a body of one of these operations, `bodies`, is a secret itself.
    """

    def __init__(self, names: Iterable[str] = (), bodies: Iterable[str] = ()) -> None:
        self._names = NAMES | {name.lower() for name in names}
        self._bodies = frozenset(bodies)
        named = "|".join(re.escape(name) for name in sorted(self._names))
        self._in_text = re.compile(
            rf"""(["'](?:{named})["']\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}}\]]+)|((?:^|[?&\s])(?:{named})=)[^&\s]*""",
            re.IGNORECASE,
        )

    def text(self, text: str) -> str:
        """A text, such as a form or JSON that was cut off, without what looks like a secret's value."""
        return self._in_text.sub(_masked, text)

    def body(self, body: bytes, operation: str = "") -> Json:
        """A body as JSON where it is JSON, as text otherwise, None where there is none; without its secrets."""
        value = _read(body)
        if self.is_secret(value, operation):
            return MASK
        return self.text(value) if isinstance(value, str) else self.value(value)

    def is_secret(self, value: Json, operation: str) -> bool:
        """Whether the whole body of an operation is a secret."""
        return operation in self._bodies and value is not None and not isinstance(value, (dict, list))

    def value(self, value: Json) -> Json:
        """A copy of a JSON value without its secrets."""
        if isinstance(value, dict):
            return {name: self._member(name, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return value

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Header fields by name; of a credential only its scheme is left."""
        return {_text(name): _scheme(value) if name.lower() in HEADERS else _text(value) for name, value in headers}

    def target(self, target: str) -> str:
        """A request target whose secret query parameters are masked."""
        path, mark, query = target.partition("?")
        return path + mark + "&".join(self._pair(pair) for pair in query.split("&")) if mark else target

    def _member(self, name: str, item: Json) -> Json:
        if name.lower() not in self._names or item is None or isinstance(item, bool):
            return self.value(item)
        return MASK if item != "" else item

    def _pair(self, pair: str) -> str:
        name, equals, _ = pair.partition("=")
        return f"{name}={MASK}" if equals and unquote(name).lower() in self._names else pair


class Unmasked(Masking):
    """Shows everything, for somebody who asked."""

    def text(self, text: str) -> str:
        return text

    def value(self, value: Json) -> Json:
        return value

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        return {_text(name): _text(value) for name, value in headers}

    def target(self, target: str) -> str:
        return target


def _read(body: bytes) -> Json:
    if not body:
        return None
    try:
        return parse(body)
    except MalformedRequest:  # also for what is nested so deeply that showing it would fail
        return body.decode(errors="replace")


def _masked(found: re.Match[str]) -> str:
    return f'{found[1]}"{MASK}"' if found[1] else f"{found[3]}{MASK}"


def _text(value: str) -> str:
    """A header's name or value; bytes of it that are no UTF-8 are replaced."""
    return value.encode(errors="replace").decode()


def _scheme(value: str) -> str:
    scheme, space, _ = _text(value).partition(" ")
    return f"{scheme} {MASK}" if space else MASK


def pairs(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """A header mapping as pairs."""
    return list(headers.items())
