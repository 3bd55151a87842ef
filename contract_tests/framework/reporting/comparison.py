"""The comparison of two reports: the mock's with a real deployment's, or last week's with today's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..evidence import Report


def compare(there: Report, here: Report) -> list[Report]:
    """Returns where two reports disagree: `operation`, `what`, and what is so `there` and `here`."""
    others = {row["id"]: row for row in there["operations"]}
    disagreements = []
    for row in here["operations"]:
        other = others.get(row["id"])
        if other is None:
            disagreements.append(_disagreement(row, "the operation", "unknown", row["state"]))
        else:
            disagreements += [*_states(other, row), *_fields(other, row)]
    return disagreements


def _states(there: Report, here: Report) -> Iterator[Report]:
    for name, aspect in here["aspects"].items():
        other = there["aspects"][name]
        if aspect["state"] != other["state"]:
            yield _disagreement(here, name, other["state"], aspect["state"])


def _fields(there: Report, here: Report) -> Iterator[Report]:
    """Yields the fields and types that only one of the two has, for each status that both have returned."""
    for status in sorted(there["answers"].keys() & here["answers"].keys()):
        one, two = set(there["answers"][status]), set(here["answers"][status])
        for field in sorted(one ^ two):
            has = ("lacks it", "has it")
            yield _disagreement(here, f"{status} {field}", has[field in one], has[field in two])


def _disagreement(row: Report, what: str, there: Any, here: Any) -> Report:
    return {"operation": row["id"], "what": what, "there": there, "here": here}
