"""The mutants: read from `mutants.yaml`, where each is a line of words under its service and operation.

    "drop /0/name"             what is wrong with the operation's successful answers: see answers.py
    "404: drop /message"       the same for its answers of that status
    "forgets"                  what it does wrongly: see behaviours.py
    "delivers unsigned"        what is wrong with the webhooks that it brings about: see deliveries.py

A mapping of such a line to a reason is a mutant that nobody could tell from the unbroken mock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from mockserver.core.messages import Response

from .answers import CHANGES
from .behaviours import BEHAVIOURS, Asked
from .deliveries import DELIVERIES, Delivery

FILE = Path(__file__).with_name("mutants.yaml")
ANY = "any"
"""In place of an operation: all of the service."""

NOTHING = "nothing"
"""In place of what is wrong: the unbroken mock, which has to pass."""

Breaking: TypeAlias = Callable[[Asked], Response]


@dataclass(frozen=True)
class Mutant:
    """`operation` of `service` behaves as `words` say; `equivalent` is why that can't be noticed, if so."""

    service: str
    operation: str
    words: str
    equivalent: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.service} {self.operation}: {self.words}"

    @property
    def delivery(self) -> Delivery | None:
        """What it does to deliveries, if that is what it does."""
        verb, *arguments = self.words.split()
        return DELIVERIES[arguments[0]] if verb == "delivers" else None

    def concerns(self, service: str, operation: str) -> bool:
        """Whether it breaks this operation."""
        return self.delivery is None and self.service == service and self.operation in (operation, ANY)

    def breaking(self) -> Breaking:
        """The broken way to answer. ValueError for words that say nothing."""
        match = re.fullmatch(r"(?:([0-9]{3}): )?([a-z]+)(?: (.*))?", self.words)
        if match is None:
            raise ValueError(f"no mutant: {self.name}")
        status, verb, rest = match[1], match[2], match[3] or ""
        if verb in BEHAVIOURS:
            return lambda asked: BEHAVIOURS[verb](asked, *rest.split())
        if verb not in CHANGES:
            raise ValueError(f"no such change: {self.name}")
        arguments = rest.split(" ", 1) if rest else []
        return lambda asked: _changed(asked.answer(asked.request), status, verb, arguments)


def mutants() -> Iterator[Mutant]:
    """All of them, in the file's order."""
    for service, by_operation in yaml.safe_load(FILE.read_text(encoding="utf-8")).items():
        for operation, lines in by_operation.items():
            for line in lines:
                words, equivalent = next(iter(line.items())) if isinstance(line, dict) else (line, "")
                yield Mutant(service, operation, words, equivalent)


def _changed(response: Response, status: str | None, verb: str, arguments: list[str]) -> Response:
    """The response, changed where it has the status (any success for None) and the place that is to be changed."""
    if response.status != int(status) if status else not 200 <= response.status < 300:
        return response
    try:
        CHANGES[verb](response, *arguments)
    except (LookupError, TypeError, ValueError):  # nothing of the kind in this answer
        return response
    return response
