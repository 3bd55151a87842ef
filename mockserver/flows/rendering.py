"""What the audience reads: each exchange and what it changed, as lines.

Secrets are masked: by their names and, once they were seen, by their values wherever they turn up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from mockserver.core.messages import Json
from mockserver.engine.masking import MASK, Masking, pairs
from mockserver.flows.arazzo import Criterion
from mockserver.flows.player import StepResult, readable

MOST_LINES = 40
"""Lines of a body that are shown."""

NARROW = 100
"""Characters up to which an object or a list stays on one line."""

WIDEST = 160
"""Characters of a changed value that are shown."""

ABSENT = object()
"""What a record that does not have a member has there."""

SHORTEST = 6
"""Characters from which on a secret is masked wherever it turns up. Shorter ones would be found in innocent words."""

SILENT_HEADERS = ("accept", "content-type")
CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class ExchangeRenderer:
    """Turns what was played into lines. Members of these `names` are secret, and so are these `values`."""

    def __init__(self, names: Iterable[str], values: Iterable[str], colours: bool) -> None:
        self._masking = Masking(names)
        self._secrets: set[str] = set()
        for value in values:
            self._remember(value)
        self._colours = colours

    def played(self, played: StepResult, changes: Iterable[Json]) -> list[str]:
        """An exchange: request, answer, what was checked, what changed."""
        told = list(changes)
        for value in (played.sent.body, readable(played.response), *told):
            self._learn(value)
        self._learn_credential(played.sent.request.headers.get("Authorization"))
        lines = [*self._request(played), *self._response(played)]
        lines += [self._check(criterion, met) for criterion, met in played.checks]
        for change in told:
            lines += self._change(change)
        return [self._veiled(line) for line in lines]

    def paint(self, style: str, text: str) -> str:
        """A text in a style, where there are colours."""
        return f"\x1b[{CODES[style]}m{text}\x1b[0m" if self._colours else text

    def _request(self, played: StepResult) -> Iterator[str]:
        request = played.sent.request
        yield self.paint("cyan", f"  → {request.method} {self._masking.target(request.target)}")
        for name, value in self._masking.headers(pairs(request.headers)).items():
            if name not in SILENT_HEADERS:
                yield f"    {name.title()}: {value}"
        yield from self._body(played.sent.body)

    def _response(self, played: StepResult) -> Iterator[str]:
        yield self.paint("cyan", f"  ← {played.response.status}")
        yield from self._body(readable(played.response))

    def _body(self, value: Json) -> Iterator[str]:
        if value is None:
            return
        masked = self._masking.value(value)
        lines = masked.splitlines() if isinstance(masked, str) else list(laid_out(masked))
        yield from (f"    {printable(line)}" for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield self.paint("dim", f"    … {len(lines) - MOST_LINES} more lines")

    def _check(self, criterion: Criterion, met: bool) -> str:
        text = f"{criterion.context} {criterion.condition}".strip()
        return self.paint("green", f"  ✓ {text}") if met else self.paint("red", f"  ✗ {text}")

    def _change(self, change: Json) -> Iterator[str]:
        before, after = change["before"] or {}, change["after"] or {}
        sign = "+" if not before else "-" if not after else "~"
        yield self.paint("yellow", f"  {sign} {change['collection']} {change['id']}")
        for path, old, new in differences(before, after) if after else ():
            shown = [self._shown(path[-1], it) for it in (old, new)]
            yield f"      {'.'.join(path)}: {shown[1] if not before else ' → '.join(shown)}"

    def _shown(self, name: str, value: Json) -> str:
        if value is ABSENT:
            return "(none)"
        text = self._veiled(printable(compact(self._masking.value({name: value})[name])))
        return text if len(text) <= WIDEST else text[:WIDEST] + "…"

    def _learn(self, value: Json) -> None:
        for secret in _masked(value, self._masking.value(value)):
            self._remember(secret)

    def _learn_credential(self, header: str | None) -> None:
        scheme, _, credential = (header or "").strip().partition(" ")
        self._remember(credential or scheme)

    def _remember(self, secret: str) -> None:
        """As it is, as it stands within JSON, and as it stands within a URL."""
        self._secrets |= {secret, compact(secret)[1:-1], quote(secret, safe="")}

    def _veiled(self, line: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            if len(secret) >= SHORTEST:
                line = line.replace(secret, MASK)
        return line


def printable(line: str) -> str:
    """A line without what could steer a terminal: nobody knows what a deployment answers."""
    return "".join(character if character.isprintable() else "·" for character in line)


def compact(value: Json) -> str:
    """A JSON value on one line."""
    return json.dumps(value, ensure_ascii=False)


def laid_out(value: Json, margin: str = "", label: str = "", end: str = "") -> Iterator[str]:
    """A JSON value in lines: what is short on one line, the rest spread out."""
    text = compact(value)
    if not isinstance(value, (dict, list)) or len(margin + label + text) <= NARROW:
        yield margin + label + text + end
        return
    named = isinstance(value, dict)
    items = value.items() if isinstance(value, dict) else enumerate(value)
    yield margin + label + ("{" if named else "[")
    for number, (name, item) in enumerate(items, 1):
        more = "," if number < len(value) else ""
        yield from laid_out(item, margin + "  ", f"{compact(name)}: " if named else "", more)
    yield margin + ("}" if named else "]") + end


def differences(before: Json, after: Json, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json, Json]]:
    """Where two records differ: the names that lead there, what was there and what is; ABSENT for nothing."""
    if not path or (before and isinstance(before, Mapping) and isinstance(after, Mapping)):
        for name in {**before, **after}:
            yield from differences(before.get(name, ABSENT), after.get(name, ABSENT), (*path, name))
    elif before != after:
        yield path, before, after


def _masked(value: Json, masked: Json) -> Iterator[str]:
    """The texts that masking took away."""
    whole = masked == MASK
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _masked(item, MASK if whole else masked[name])
    elif isinstance(value, list):
        for item, shown in zip(value, [MASK] * len(value) if whole else masked, strict=True):
            yield from _masked(item, shown)
    elif whole and value != MASK:
        yield str(value)
