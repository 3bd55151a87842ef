"""Secrets out of what people read: journal and logs show that there was one, never which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mockserver.messages import Json

MASK = "***"
HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization", "boxyhq-signature"})
NAMES = frozenset(
    {"access_token", "accesstoken", "token", "password", "secret", "client_secret", "clientsecret", "api_key", "nftoken"}
)
"""Names that are secret whatever a document says of them, in lower case."""


class Masking:
    """Masks the values of header fields, JSON members and query parameters whose names are secret, in any case."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = NAMES | {name.lower() for name in names}

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
        if name.lower() in self._names and isinstance(item, (str, int, float)) and not isinstance(item, bool):
            return MASK if item != "" else item
        return self.value(item)

    def _pair(self, pair: str) -> str:
        name, equals, _ = pair.partition("=")
        return f"{name}={MASK}" if equals and name.lower() in self._names else pair


class Unmasked(Masking):
    """Shows everything, for somebody who asked."""

    def value(self, value: Json) -> Json:
        return value

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        return {_text(name): _text(value) for name, value in headers}

    def target(self, target: str) -> str:
        return target


def _text(value: str) -> str:
    """A header's name or value; bytes of it that are no UTF-8 are replaced."""
    return value.encode(errors="replace").decode()


def _scheme(value: str) -> str:
    scheme, space, _ = _text(value).partition(" ")
    return f"{scheme} {MASK}" if space else MASK


def pairs(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """A header mapping as pairs."""
    return list(headers.items())
