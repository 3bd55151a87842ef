"""Where time comes from: a world's clock, which can be frozen, set and moved.

An instant is a whole number of nanoseconds since 1970-01-01T00:00:00Z. The machine's clock comes in as a function, so
that nothing below the transports reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

NANOSECONDS = 1_000_000_000


@dataclass(slots=True)
class Clock:
    """`wall` gives the machine's instant; `offset` is added to it; `frozen`, when set, is the instant instead."""

    wall: Callable[[], int]
    offset: int = 0
    frozen: int | None = None

    def now(self) -> int:
        """The world's instant, in nanoseconds."""
        return self.wall() + self.offset if self.frozen is None else self.frozen

    def freeze(self, instant: int) -> None:
        """Stops the clock at an instant."""
        self.frozen = instant

    def fork(self) -> Clock:
        """An independent clock that shows the same time."""
        return Clock(self.wall, self.offset, self.frozen)


def iso(instant: int) -> str:
    """RFC 3339 in UTC with milliseconds: 2026-11-21T21:00:00.000Z."""
    seconds, nanoseconds = divmod(instant, NANOSECONDS)
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{nanoseconds // 1_000_000:03d}Z"


def instant_of(text: str) -> int:
    """The instant of an RFC 3339 time; raises ValueError where it is none or names no offset."""
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * NANOSECONDS + since.microseconds * 1_000
