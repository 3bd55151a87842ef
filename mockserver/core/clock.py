"""The clock of a world, which can be frozen, set and moved.

A clock is immutable: it is replaced, never changed. An instant is a whole number of nanoseconds since
1970-01-01T00:00:00Z. The machine's clock is passed in as a function, so nothing below the transports reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

NANOSECONDS = 1_000_000_000

LATEST = 7_258_118_400 * NANOSECONDS
"""2200-01-01T00:00:00Z: no clock is set to this instant or later, so that instants fit into 64 bits."""

_DURATION = re.compile(
    r"P(?:(?P<weeks>[0-9]+)W)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)(?:[.](?P<fraction>[0-9]{1,9}))?S)?)?"
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


@dataclass(frozen=True, slots=True)
class Clock:
    """`wall()` returns the machine's instant, to which `offset` is added; `frozen`, when set, replaces the sum."""

    wall: Callable[[], int]
    offset: int = 0
    frozen: int | None = None

    def now(self) -> int:
        """The world's instant, in nanoseconds."""
        return self.wall() + self.offset if self.frozen is None else self.frozen

    def frozen_at(self, instant: int) -> Clock:
        """Returns a clock that stands still at an instant."""
        return replace(self, frozen=instant)

    def set_to(self, instant: int) -> Clock:
        """Returns a clock that shows an instant now, and runs or stands still as this one does."""
        if self.frozen is not None:
            return self.frozen_at(instant)
        return replace(self, offset=instant - self.wall())

    def running(self) -> Clock:
        """Returns a clock that runs, from the instant that this one shows now."""
        return replace(self, offset=self.now() - self.wall(), frozen=None)


def iso(instant: int) -> str:
    """Returns an instant as RFC 3339 text in UTC with milliseconds: 2026-11-21T21:00:00.000Z."""
    seconds, nanoseconds = divmod(instant, NANOSECONDS)
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{nanoseconds // 1_000_000:03d}Z"


def instant_of(text: str) -> int:
    """Returns the instant of an RFC 3339 time. Raises ValueError for other text and for a time without an offset."""
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * NANOSECONDS + since.microseconds * 1_000


def duration(text: str) -> int:
    """Returns the nanoseconds of an ISO 8601 duration such as P7D, PT1H30M or PT0.25S.

    Raises ValueError for anything else, and also for years and months, which have no fixed length.
    """
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise ValueError(f"{text!r} is no ISO 8601 duration of weeks, days, hours, minutes and seconds")
    seconds = sum(int(match[unit] or 0) * size for unit, size in _SECONDS.items())
    return seconds * NANOSECONDS + int((match["fraction"] or "").ljust(9, "0"))
