"""Where two runs part: the mock's and a real deployment's, or last week's and today's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..evidence import Record


def partings(there: Record, here: Record) -> list[Record]:
    """What differs between two records: operation, what, there, here."""
    others = {row["id"]: row for row in there["operations"]}
    found = []
    for row in here["operations"]:
        other = others.get(row["id"])
        if other is None:
            found.append(_parting(row, "the operation", "unknown", row["state"]))
        else:
            found += [*_states(other, row), *_answers(other, row)]
    return found


def _states(there: Record, here: Record) -> Iterator[Record]:
    for aspect, found in here["aspects"].items():
        other = there["aspects"][aspect]
        if found["state"] != other["state"]:
            yield _parting(here, aspect, other["state"], found["state"])


def _answers(there: Record, here: Record) -> Iterator[Record]:
    """Fields and types that only one of the two answers with; of answers that are lists of nothing, none is known."""
    for status in sorted(there["answers"].keys() & here["answers"].keys()):
        one, two = set(there["answers"][status]), set(here["answers"][status])
        for field in sorted(one ^ two):
            has = ("lacks it", "has it")
            yield _parting(here, f"{status} {field}", has[field in one], has[field in two])


def _parting(row: Record, what: str, there: Any, here: Any) -> Record:
    return {"operation": row["id"], "what": what, "there": there, "here": here}
