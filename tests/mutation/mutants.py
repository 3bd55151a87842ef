"""The mutants, read from `mutants.yaml`. Each is one line of words under its service and operation:

    "drop /0/name"             changes the operation's successful responses: see response_changes.py
    "404: drop /message"       changes its responses with that status
    "forgets"                  changes what the operation does: see behaviours.py
    "delivers unsigned"        changes the webhooks that it causes: see delivery_changes.py

A line that maps to a reason is an equivalent mutant: nobody could tell it from the intact mock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from mockserver.core.messages import Response

from .behaviours import BEHAVIOURS, OperationCall
from .delivery_changes import DELIVERY_CHANGES, DeliveryChange
from .response_changes import CHANGES

FILE = Path(__file__).with_name("mutants.yaml")
ANY = "any"
"""In place of an operation: all operations of the service."""

NOTHING = "nothing"
"""The words of the intact mock, which has to pass."""

Fault: TypeAlias = Callable[[OperationCall], Response]


@dataclass(frozen=True)
class Mutant:
    """A fault, as `words`, in an `operation` of a `service`. `equivalent` is why nobody can notice it, if so."""

    service: str
    operation: str
    words: str
    equivalent: str = ""

    @property
    def name(self) -> str:
        """The mutant's name in reports and on the command line."""
        return f"{self.service} {self.operation}: {self.words}"

    @property
    def delivery_change(self) -> DeliveryChange | None:
        """The change to deliveries, if the mutant is one of those."""
        verb, *arguments = self.words.split()
        return DELIVERY_CHANGES[arguments[0]] if verb == "delivers" else None

    def affects(self, service: str, operation: str) -> bool:
        """Returns whether the fault is in the responses or the behaviour of an operation."""
        return self.delivery_change is None and self.service == service and self.operation in (operation, ANY)

    def fault(self) -> Fault:
        """Returns the function that answers a call with the fault. Raises ValueError for unknown words."""
        match = re.fullmatch(r"(?:([0-9]{3}): )?([a-z_]+)(?: (.*))?", self.words)
        if match is None:
            raise ValueError(f"no mutant: {self.name}")
        status, verb, rest = match[1], match[2], match[3] or ""
        if verb in BEHAVIOURS:
            return lambda call: BEHAVIOURS[verb](call, *rest.split())
        if verb not in CHANGES:
            raise ValueError(f"no such change: {self.name}")
        arguments = rest.split(" ", 1) if rest else []
        return lambda call: _changed(call.send(call.request), status, verb, arguments)


def mutants() -> Iterator[Mutant]:
    """Yields all mutants in the file's order."""
    for service, by_operation in yaml.safe_load(FILE.read_text(encoding="utf-8")).items():
        for operation, lines in by_operation.items():
            for line in lines:
                words, equivalent = next(iter(line.items())) if isinstance(line, dict) else (line, "")
                yield Mutant(service, operation, words, equivalent)


def _changed(response: Response, status: str | None, verb: str, arguments: list[str]) -> Response:
    """Returns the response, changed if it has the status (any success for None) and what is to be changed."""
    if response.status != int(status) if status else not 200 <= response.status < 300:
        return response
    try:
        CHANGES[verb](response, *arguments)
    except (LookupError, TypeError, ValueError):  # this response has no such field
        return response
    return response
