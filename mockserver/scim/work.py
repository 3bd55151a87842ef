"""The work that one request may cause, counted in units, so that no request keeps the server from the others.

A unit is the test of one value against one node of a filter, some 0.2 to 0.5 microseconds. Everything whose cost a
client can multiply spends units before it is done. What would exceed the rest is refused; cheaper work
can still follow.
"""

from __future__ import annotations

from typing import Any, Final

from mockserver.core.messages import Json
from mockserver.scim.errors import too_many

DEFAULT_LIMIT: Final = 150_000
"""Units: at most some 75 milliseconds."""

LONGEST_KEPT: Final = 512
"""Characters of the longest filter, or list of attribute names, that is kept when it is compiled."""

TEXT_PER_UNIT: Final = 32
"""Characters of a text that are compared for one unit."""


class Work:
    """The units that a request has left."""

    __slots__ = ("left",)

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.left = limit

    def spend(self, units: int) -> None:
        """Spends units. Raises the SCIM error `tooMany`, and spends nothing, where there are not so many left."""
        if units > self.left:
            raise too_many(f"This takes {units} units of work, and the request has {self.left} left.")
        self.left -= units


def limit_of(value: Json) -> int:
    """Returns the limit that the world option sets; the default where it sets none."""
    return value if type(value) is int and value > 0 else DEFAULT_LIMIT


def units_of(value: Any) -> int:
    """Returns the units that one test of this value takes: one for each item, and more for long texts."""
    if isinstance(value, list):
        return sum(map(units_of, value))
    if isinstance(value, dict):
        return 1 + sum([len(part) // TEXT_PER_UNIT for part in value.values() if isinstance(part, str)])
    return 1 + len(value) // TEXT_PER_UNIT if isinstance(value, str) else 1
