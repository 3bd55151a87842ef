"""Masking: what people read in journals and logs shows that a secret was there, but not the secret."""

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
"""Names, in lower case, whose values are secret whether or not a document says so."""


class Masking:
    """Masks the values of header fields, JSON members and query parameters with secret names, in upper or lower case.

    `names` are secret besides `NAMES`. `bodies` are the ids of operations whose bodies, where they are neither objects
    nor lists, are secrets as a whole.
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
        """Masks what looks like a secret's value in a text, such as a form or truncated JSON."""
        return self._in_text.sub(_masked, text)

    def body(self, body: bytes, operation: str = "") -> Json:
        """Returns a body with its secrets masked: JSON as a value, anything else as text, an empty body as None."""
        value = _read(body)
        if self.is_secret(value, operation):
            return MASK
        return self.text(value) if isinstance(value, str) else self.value(value)

    def is_secret(self, value: Json, operation: str) -> bool:
        """Returns whether the whole body of an operation is a secret."""
        return operation in self._bodies and value is not None and not isinstance(value, (dict, list))

    def value(self, value: Json) -> Json:
        """Returns a copy of a JSON value with its secrets masked."""
        if isinstance(value, dict):
            return {name: self._member(name, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return value

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Returns header fields by name. Of a credential, only the scheme is left."""
        return {_text(name): _scheme(value) if name.lower() in HEADERS else _text(value) for name, value in headers}

    def target(self, target: str) -> str:
        """Masks the secret query parameters of a request target."""
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
    """Masks nothing, for a reader who asked to see the secrets."""

    def text(self, text: str) -> str:
        return text

    def value(self, value: Json) -> Json:
        return value

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        return {_text(name): _text(value) for name, value in headers}

    def target(self, target: str) -> str:
        return target


def _read(body: bytes) -> Json:
    """Returns a body as a JSON value, or as text where it is not JSON."""
    if not body:
        return None
    try:
        return parse(body)
    except MalformedRequest:  # also for JSON that is nested so deeply that encoding it again would fail
        return body.decode(errors="replace")


def _masked(match: re.Match[str]) -> str:
    return f'{match[1]}"{MASK}"' if match[1] else f"{match[3]}{MASK}"


def _text(value: str) -> str:
    """Returns a header's name or value with question marks for the bytes that are not UTF-8."""
    return value.encode(errors="replace").decode()


def _scheme(value: str) -> str:
    scheme, space, _ = _text(value).partition(" ")
    return f"{scheme} {MASK}" if space else MASK


def pairs(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns a mapping of header fields as pairs."""
    return list(headers.items())
