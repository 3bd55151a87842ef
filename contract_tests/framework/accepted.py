"""Accepted differences: a reviewed list in YAML. An accepted difference no longer fails a run; a new one still does.

- kind: extra field                 as in the report
  where: 200 /data/*/deactivated    as in the report
  operation: listDirectories        optional: without it, the entry applies to every operation
  why: the current product returns more than its page documents
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

STANDARDS = Path(__file__).resolve().parent.parent / "accepted_by_standard"


class InvalidAcceptFile(Exception):
    """A file that is not a list of accepted differences. The message says why."""


@dataclass(frozen=True)
class AcceptedDifferences:
    """Maps (operation, or "" for every operation; kind; where) to the reason why that difference is accepted."""

    reasons: dict[tuple[str, str, str], str]

    def reason(self, operation: str, kind: str, where: str) -> str | None:
        """Returns why a difference is accepted, or None if it is not."""
        return self.reasons.get((operation, kind, where)) or self.reasons.get(("", kind, where))

    def __or__(self, other: AcceptedDifferences) -> AcceptedDifferences:
        """Returns the differences that either list accepts."""
        return AcceptedDifferences(self.reasons | other.reasons)


def accepted_by_standard(service: str) -> AcceptedDifferences:
    """Returns the differences that the standard behind a service allows.

    Our document describes one server; the standard leaves every server more freedom than that.
    """
    path = STANDARDS / f"{service}.yaml"
    return read(path) if path.exists() else AcceptedDifferences({})


def read(path: Path) -> AcceptedDifferences:
    """Reads a file of accepted differences. Raises InvalidAcceptFile if the file is missing or malformed."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidAcceptFile(f"{path} can't be read: {error}") from None
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise InvalidAcceptFile(f"{path} must be a list of entries with kind, where, why and, optionally, operation")
    return AcceptedDifferences({(it.get("operation", ""), it["kind"], it["where"]): it["why"] for it in entries})


def _is_entry(entry: Any) -> bool:
    """Returns whether an entry is complete. An entry without a reason accepts nothing."""
    if not isinstance(entry, dict) or not set(entry) <= {"operation", "kind", "where", "why"}:
        return False
    texts = [entry.get(name) for name in ("kind", "where", "why")] + list(entry.values())
    return all(isinstance(text, str) and text for text in texts)
