"""Masking: what people read in journals and logs shows that a secret was there, but not the secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_plus

from mockserver.core.messages import Json
from mockserver.core.problems import MalformedRequest
from mockserver.documents.json_text import parse

MASK = "***"
CREDENTIAL_HEADER = re.compile("token|key|secret|auth|cookie|signature|password|credential|session", re.IGNORECASE)
"""Header fields whose names contain one of these words carry credentials."""
HARMLESS_HEADERS = frozenset({"www-authenticate", "proxy-authenticate", "idempotency-key", "sec-websocket-key"})
SCHEMES = frozenset({"basic", "bearer", "digest", "dpop", "negotiate", "ntlm", "token"})
"""Authentication schemes. Any other first word of a credential could be the credential itself."""
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
ENDING = re.compile(r"(?:token|secret|password|passwd|passphrase|(?:api|access|private)[_-]?key)$", re.IGNORECASE)
"""Names that end so are secret as well, but not where they name an object, such as SCIM's `changePassword`."""

# The time that these patterns take grows in proportion to the text: no search begins within what one has passed.
_USER = re.compile(r"""(:(?:\\?/){2})[^/?#\s"'<>]*@""")
_NAME = re.compile(r"""["']([^"'\s]+)["']\s*:\s*|(?<![\w.%\[\]-])([\w.%\[\]-]+)=""")
_VALUE = re.compile(r"""\\*(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|[{\[].*|[^\s,}\]]+""", re.DOTALL)
_FORM_VALUE = re.compile(r"[^&\s]*")
_PATCH_PATH = re.compile(r"""["']path["']\s*:\s*["']([^"']*)""", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)


class Masking:
    """Masks the values of header fields, JSON members and query parameters with secret names, in upper or lower case.

    `names` are secret besides `NAMES`. `bodies` are the ids of operations whose bodies, where they are neither objects
    nor lists, are secrets as a whole. The user and password in a URL are masked wherever the URL is.
    """

    def __init__(self, names: Iterable[str] = (), bodies: Iterable[str] = ()) -> None:
        self._names = NAMES | {name.lower() for name in names}
        self._bodies = frozenset(bodies)

    def text(self, text: str) -> str:
        """Masks what looks like a secret's value in a text, such as a form or truncated JSON."""
        patched = any(self._is_secret_path(match[1]) for match in _PATCH_PATH.finditer(text))
        parts, end = [], 0
        for match in _NAME.finditer(text):
            name = _unescaped(match[1]) if match[1] else unquote(match[2]).rstrip("]")
            if match.start() < end or not (self._is_secret_name(name) or (patched and name.lower() == "value")):
                continue
            value = (_VALUE if match[1] else _FORM_VALUE).match(text, match.end())
            parts += [text[end : match.end()], f'"{MASK}"' if match[1] else MASK]
            end = value.end() if value else match.end()
        return _without_user("".join([*parts, text[end:]]))

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
            return {name: self._member(name, item, value) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return self._url(value) if isinstance(value, str) and "://" in value else value

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Returns header fields by name. Of a credential, only the scheme is left."""
        return {_text(name): self._header(name.lower(), _text(value)) for name, value in headers}

    def target(self, target: str) -> str:
        """Masks the secret query parameters of a request target, and the user in a URL."""
        path, mark, query = _without_user(target).partition("?")
        return path + mark + "&".join(self._pair(pair) for pair in query.split("&")) if mark else path

    def name_of(self, member: str, parent: Mapping[str, Json], parent_name: str) -> str:
        """Returns the name that decides whether a member is secret: its own, or that of the secret around it."""
        if parent_name.lower() in self._names:
            return parent_name
        return "secret" if member.lower() == "value" and self._sets_secret(parent) else member

    def _header(self, name: str, value: str) -> str:
        if name in self._names or _carries_credential(name):
            return _scheme(value)
        return self._url(value)

    def _member(self, name: str, item: Json, parent: Mapping[str, Json]) -> Json:
        lower = name.lower()
        named = lower in self._names or (lower == "value" and self._sets_secret(parent))
        if not named and (isinstance(item, (dict, list)) or not _ends_secret(name[-12:])):
            return self.value(item)
        return item if item is None or item == "" or isinstance(item, bool) else MASK

    def _sets_secret(self, value: Mapping[str, Json]) -> bool:
        """Returns whether a JSON object is an operation of a PATCH whose path leads to a secret."""
        paths = [path for name, path in value.items() if len(name) == 4 and name.lower() == "path"]
        return any(isinstance(path, str) and self._is_secret_path(path) for path in paths)

    def _is_secret_path(self, path: str) -> bool:
        return any(self._is_secret_name(part) for part in re.split(r"[^\w-]+", path))

    def _is_secret_name(self, name: str) -> bool:
        return name.lower() in self._names or _ends_secret(name[-12:])

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        if equals and self._is_secret_name(unquote_plus(name).rstrip("]")):
            return f"{name}={MASK}"
        if "/" not in value and "%2f" not in value.lower():
            return pair
        plain = unquote(value)
        shown = self._url(plain)
        return pair if shown == plain else f"{name}={quote(shown, safe='*:/', errors='replace')}"

    def _url(self, text: str) -> str:
        """Masks the user and the secret query parameters of a URL in a text."""
        if "://" not in text:
            return text
        return self.text(text) if "=" in text else _without_user(text)


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


@lru_cache(maxsize=1024)  # because journals repeat the same few names
def _ends_secret(end: str) -> bool:
    """Returns whether a name's last 12 characters make it secret. The whole name could be long, and would be kept."""
    return ENDING.search(end) is not None


@lru_cache(maxsize=128)
def _carries_credential(header: str) -> bool:
    return CREDENTIAL_HEADER.search(header) is not None and header not in HARMLESS_HEADERS


def _unescaped(name: str) -> str:
    """Returns a name as JSON means it. A name within a string of JSON ends with a backslash."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), name).rstrip("\\")


def _without_user(text: str) -> str:
    """Masks `user:password@` in every URL of a text."""
    return _USER.sub(rf"\1{MASK}@", text) if "@" in text else text


def _text(value: str) -> str:
    """Returns a header's name or value with question marks for the bytes that are not UTF-8."""
    return value.encode(errors="replace").decode()


def _scheme(value: str) -> str:
    scheme, _, credential = value.partition(" ")
    return f"{scheme} {MASK}" if credential and scheme.lower() in SCHEMES else MASK


def pairs(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns a mapping of header fields as pairs."""
    return list(headers.items())
