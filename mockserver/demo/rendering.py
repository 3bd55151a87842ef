"""What the audience reads: each exchange and what it changed, as lines.

Secrets are masked: by their names and, once they were seen, by their values wherever they turn up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from mockserver.arazzo.document import Criterion
from mockserver.arazzo.playing import Played, readable
from mockserver.masking import MASK, Masking, pairs
from mockserver.messages import Json

MOST_LINES = 40
"""Lines of a body that are shown."""

WIDEST = 160
"""Characters of a line that are shown."""

SHORTEST = 6
"""Characters from which on a secret is masked wherever it turns up. Shorter ones would be found in innocent words."""

SILENT_HEADERS = ("accept", "content-type")
CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Rendering:
    """Turns what was played into lines. Members of these `names` are secret, and so are these `values`."""

    def __init__(self, names: Iterable[str], values: Iterable[str], colours: bool) -> None:
        self._masking = Masking(names)
        self._secrets = set(values)
        self._colours = colours

    def played(self, played: Played, changes: Iterable[Json]) -> list[str]:
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

    def _request(self, played: Played) -> Iterator[str]:
        request = played.sent.request
        yield self.paint("cyan", f"  → {request.method} {self._masking.target(request.target)}")
        for name, value in self._masking.headers(pairs(request.headers)).items():
            if name not in SILENT_HEADERS:
                yield f"    {name.title()}: {value}"
        yield from self._body(played.sent.body)

    def _response(self, played: Played) -> Iterator[str]:
        yield self.paint("cyan", f"  ← {played.response.status}")
        yield from self._body(readable(played.response))

    def _body(self, value: Json) -> Iterator[str]:
        if value is None:
            return
        masked = self._masking.value(value)
        text = masked if isinstance(masked, str) else json.dumps(masked, indent=2, ensure_ascii=False)
        lines = text.splitlines()
        yield from (f"    {line}" for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield self.paint("dim", f"    … {len(lines) - MOST_LINES} more lines")

    def _check(self, criterion: Criterion, met: bool) -> str:
        text = f"{criterion.context} {criterion.condition}".strip()
        return self.paint("green", f"  ✓ {text}") if met else self.paint("red", f"  ✗ {text}")

    def _change(self, change: Json) -> Iterator[str]:
        before, after = change["before"] or {}, change["after"] or {}
        sign = "+" if not before else "-" if not after else "~"
        yield self.paint("yellow", f"  {sign} {change['collection']} {change['id']}")
        for name in {**before, **after} if after else ():
            old, new = self._shown(name, before), self._shown(name, after)
            if not before:
                yield f"      {name}: {new}"
            elif name not in before or name not in after or before[name] != after[name]:
                yield f"      {name}: {old} → {new}"

    def _shown(self, name: str, record: Mapping[str, Json]) -> str:
        if name not in record:
            return "(none)"
        text = json.dumps(self._masking.value({name: record[name]})[name], ensure_ascii=False)
        return text if len(text) <= WIDEST else text[:WIDEST] + "…"

    def _learn(self, value: Json) -> None:
        self._secrets.update(_masked(value, self._masking.value(value)))

    def _learn_credential(self, header: str | None) -> None:
        if header:
            self._secrets.add(header.partition(" ")[2] or header)

    def _veiled(self, line: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            if len(secret) >= SHORTEST:
                line = line.replace(secret, MASK)
        return line


def _masked(value: Json, masked: Json) -> Iterator[str]:
    """The texts that masking took away."""
    if masked == MASK and value != MASK:
        yield str(value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _masked(item, masked[name])
    elif isinstance(value, list):
        for item, shown in zip(value, masked, strict=True):
            yield from _masked(item, shown)
