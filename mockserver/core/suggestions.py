"""Suggestions in refusals: the nearest known name to one that nobody knows.

Finding the nearest name costs time that grows with the length of the name, and the name comes from a client. So a long
name gets no suggestion, and only the first names of a long list are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_NAME = 100
"""Characters of a name that is compared with the known ones."""
MOST_LISTED = 20


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Returns the known name that is most similar to `name`, if any is similar. Case does not count."""
    if len(name) > LONGEST_NAME:
        return None
    by_lower = {other.lower(): other for other in known}
    found = get_close_matches(name.lower(), by_lower, 1, 0.6)
    return by_lower[found[0]] if found else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Returns what a refusal of a name adds: `; did you mean "x"?`, or the list of what there is."""
    known = list(known)
    found = nearest(name, known)
    if found is not None:
        return f'; did you mean "{found}"?'
    listed = ", ".join(known[:MOST_LISTED]) + (", ..." if len(known) > MOST_LISTED else "")
    return f"; there are {listed}" if known else ""


def shortened(text: str) -> str:
    """Returns a text in quotes, cut where it is long, so that a refusal can repeat it."""
    return f'"{text}"' if len(text) <= LONGEST_NAME else f'"{text[:LONGEST_NAME]}..."'
