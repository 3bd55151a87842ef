"""Renders what a demonstration shows: each exchange and what it changed, as lines of text.

Secrets are masked: members by their names and, once a secret value has been seen, that value wherever it appears again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from mockserver.core.messages import Json
from mockserver.engine.masking import MASK, Masking, pairs
from mockserver.flows.arazzo import Criterion
from mockserver.flows.player import StepResult, body_value

MAX_BODY_LINES = 40
"""Lines of a body that are printed."""

LINE_WIDTH = 100
"""Characters up to which an object or a list stays on one line."""

MAX_VALUE_LENGTH = 160
"""Characters of a changed value that are printed."""

ABSENT = object()
"""The value of a member that a record does not have."""

MIN_SECRET_LENGTH = 6
"""Secrets of fewer characters are not masked by value: they would be found within innocent words."""

OMITTED_HEADERS = ("accept", "content-type")
CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class ExchangeRenderer:
    """Renders exchanges. Members with one of these `names` are secret, and so are these `values`."""

    def __init__(self, names: Iterable[str], values: Iterable[str], colours: bool) -> None:
        self._masking = Masking(names)
        self._secrets: set[str] = set()
        for value in values:
            self._add_secret(value)
        self._colours = colours

    def lines(self, result: StepResult, changes: Iterable[Json]) -> list[str]:
        """Returns the lines for one step: the request, the response, the checks and the changes."""
        changes = list(changes)
        for value in (result.sent.body, body_value(result.response), *changes):
            self._add_secrets_of(value)
        self._add_credential(result.sent.request.headers.get("Authorization"))
        lines = [*self._request(result), *self._response(result)]
        lines += [self._check(criterion, met) for criterion, met in result.checks]
        for change in changes:
            lines += self._change(change)
        return [self._masked(line) for line in lines]

    def paint(self, style: str, text: str) -> str:
        """Returns a text in a style, or unchanged where there are no colours."""
        return f"\x1b[{CODES[style]}m{text}\x1b[0m" if self._colours else text

    def _request(self, result: StepResult) -> Iterator[str]:
        request = result.sent.request
        yield self.paint("cyan", f"  → {request.method} {self._masking.target(request.target)}")
        for name, value in self._masking.headers(pairs(request.headers)).items():
            if name not in OMITTED_HEADERS:
                yield f"    {name.title()}: {value}"
        yield from self._body(result.sent.body)

    def _response(self, result: StepResult) -> Iterator[str]:
        yield self.paint("cyan", f"  ← {result.response.status}")
        yield from self._body(body_value(result.response))

    def _body(self, value: Json) -> Iterator[str]:
        if value is None:
            return
        masked = self._masking.value(value)
        lines = masked.splitlines() if isinstance(masked, str) else list(pretty(masked))
        yield from (f"    {printable(line)}" for line in lines[:MAX_BODY_LINES])
        if len(lines) > MAX_BODY_LINES:
            yield self.paint("dim", f"    … {len(lines) - MAX_BODY_LINES} more lines")

    def _check(self, criterion: Criterion, met: bool) -> str:
        text = f"{criterion.context} {criterion.condition}".strip()
        return self.paint("green", f"  ✓ {text}") if met else self.paint("red", f"  ✗ {text}")

    def _change(self, change: Json) -> Iterator[str]:
        before, after = change["before"] or {}, change["after"] or {}
        sign = "+" if not before else "-" if not after else "~"
        yield self.paint("yellow", f"  {sign} {change['collection']} {change['id']}")
        for path, old, new in differences(before, after) if after else ():
            texts = [self._value(path[-1], it) for it in (old, new)]
            yield f"      {'.'.join(path)}: {texts[1] if not before else ' → '.join(texts)}"

    def _value(self, name: str, value: Json) -> str:
        if value is ABSENT:
            return "(none)"
        # Mask before cutting: half a secret would no longer be recognised.
        text = self._masked(printable(compact(self._masking.value({name: value})[name])))
        return text if len(text) <= MAX_VALUE_LENGTH else text[:MAX_VALUE_LENGTH] + "…"

    def _add_secrets_of(self, value: Json) -> None:
        for secret in _masked_texts(value, self._masking.value(value)):
            self._add_secret(secret)

    def _add_credential(self, header: str | None) -> None:
        scheme, _, credential = (header or "").strip().partition(" ")
        self._add_secret(credential or scheme)

    def _add_secret(self, secret: str) -> None:
        """Adds a secret as it is, as it is written within JSON, and as it is written within a URL."""
        self._secrets |= {secret, compact(secret)[1:-1], quote(secret, safe="")}

    def _masked(self, line: str) -> str:
        # The longest first: a secret may contain a shorter one, whose mask would split it.
        for secret in sorted(self._secrets, key=len, reverse=True):
            if len(secret) >= MIN_SECRET_LENGTH:
                line = line.replace(secret, MASK)
        return line


def printable(line: str) -> str:
    """Returns a line without control characters: a deployment could answer with sequences that steer the terminal."""
    return "".join(character if character.isprintable() else "·" for character in line)


def compact(value: Json) -> str:
    """Returns a JSON value on one line."""
    return json.dumps(value, ensure_ascii=False)


def pretty(value: Json, margin: str = "", label: str = "", end: str = "") -> Iterator[str]:
    """Yields the lines of a JSON value.

    Objects and lists that fit on one line stay there; others take several lines.
    """
    text = compact(value)
    if not isinstance(value, (dict, list)) or len(margin + label + text) <= LINE_WIDTH:
        yield margin + label + text + end
        return
    is_object = isinstance(value, dict)
    items = value.items() if isinstance(value, dict) else enumerate(value)
    yield margin + label + ("{" if is_object else "[")
    for number, (name, item) in enumerate(items, 1):
        comma = "," if number < len(value) else ""
        yield from pretty(item, margin + "  ", f"{compact(name)}: " if is_object else "", comma)
    yield margin + ("}" if is_object else "]") + end


def differences(before: Json, after: Json, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json, Json]]:
    """Yields where two records differ: the path of names, the value before and the value after, ABSENT for no value."""
    if not path or (before and isinstance(before, Mapping) and isinstance(after, Mapping)):
        for name in {**before, **after}:
            yield from differences(before.get(name, ABSENT), after.get(name, ABSENT), (*path, name))
    elif before != after:
        yield path, before, after


def _masked_texts(value: Json, masked: Json) -> Iterator[str]:
    """Yields the texts in a value that its masked copy no longer has."""
    whole = masked == MASK
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _masked_texts(item, MASK if whole else masked[name])
    elif isinstance(value, list):
        for item, masked_item in zip(value, [MASK] * len(value) if whole else masked, strict=True):
            yield from _masked_texts(item, masked_item)
    elif whole and value != MASK:
        yield str(value)
