"""Reviewed differences: a small YAML file that lets only new drift fail.

- kind: extra field                 of a report's drift
  where: 200 /data/*/deactivated
  operation: listDirectories        for all operations where it is missing
  why: today's product tells more than the page
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FREEDOMS = Path(__file__).resolve().parent.parent / "freedoms"


class InvalidAcceptance(Exception):
    """A file that is no list of reviewed differences; the message says why."""


@dataclass(frozen=True)
class Acceptance:
    """The reviewed differences: (operation or "", kind, where) → why each is accepted."""

    reasons: dict[tuple[str, str, str], str]

    def why(self, operation: str, kind: str, where: str) -> str | None:
        """Why a difference is accepted; None where it is not."""
        return self.reasons.get((operation, kind, where)) or self.reasons.get(("", kind, where))

    def __or__(self, other: Acceptance) -> Acceptance:
        """What either accepts."""
        return Acceptance(self.reasons | other.reasons)


def freedoms(service: str) -> Acceptance:
    """What the standard behind a service leaves free, though our document of one server does not."""
    path = FREEDOMS / f"{service}.yaml"
    return read(path) if path.exists() else Acceptance({})


def read(path: Path) -> Acceptance:
    """The acceptance that a file describes. InvalidAcceptance where it is wrong."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidAcceptance(f"{path} can't be read: {error}") from None
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise InvalidAcceptance(f"{path} is to be a list of kind, where, why and, if need be, operation")
    return Acceptance({(it.get("operation", ""), it["kind"], it["where"]): it["why"] for it in entries})


def _is_entry(entry: Any) -> bool:
    """Whether it says what is accepted, and why: without a reason nothing is."""
    if not isinstance(entry, dict) or not set(entry) <= {"operation", "kind", "where", "why"}:
        return False
    texts = [entry.get(name) for name in ("kind", "where", "why")] + list(entry.values())
    return all(isinstance(text, str) and text for text in texts)
