"""A clock shows the machine's time or the instant it was frozen at; instants and durations have texts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.clock import NANOSECONDS, Clock, duration, instant_of, iso

MILLISECOND = 1_000_000
LAST = 4_102_444_800 * NANOSECONDS
"""The year 2100, in nanoseconds."""


def test_a_running_clock_shows_the_machines_time_plus_its_offset() -> None:
    times = iter([100, 250])
    clock = Clock(lambda: next(times), offset=1000)
    assert [clock.now(), clock.now()] == [1100, 1250]


def test_a_frozen_clock_stands_still() -> None:
    clock = Clock(lambda: 5).frozen_at(42)
    assert [clock.now(), clock.now()] == [42, 42]


def test_a_running_clock_continues_from_the_instant_it_is_set_to() -> None:
    times = iter([5, 6, 9])
    clock = Clock(lambda: next(times)).set_to(1_000)
    assert [clock.now(), clock.now()] == [1_001, 1_004]


def test_a_frozen_clock_stays_frozen_when_it_is_set_and_continues_from_there_when_it_runs() -> None:
    times = iter([5, 6])
    clock = Clock(lambda: next(times), frozen=42).set_to(43)
    assert [clock.now(), clock.now()] == [43, 43]
    assert clock.running().now() == 44


@given(st.integers(0, 10**5), st.integers(0, 10**5), st.integers(0, 10**9), st.integers(0, 10**9 - 1))
def test_durations_are_parsed_to_the_nanosecond(days: int, hours: int, seconds: int, fraction: int) -> None:
    expected = (days * 86_400 + hours * 3_600 + seconds) * NANOSECONDS + fraction
    assert duration(f"P{days}DT{hours}H{seconds}.{fraction:09d}S") == expected


@pytest.mark.parametrize(("text", "seconds"), [("P2W", 1_209_600), ("PT1M", 60), ("P1D", 86_400), ("PT0.5S", 0.5)])
def test_durations_need_not_name_every_unit(text: str, seconds: float) -> None:
    assert duration(text) == seconds * NANOSECONDS


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "P1Y", "P1M", "1D", "P-1D", "PT1.S", "P1H", "P1D "])
def test_text_that_is_not_a_duration_of_fixed_length_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="no ISO 8601 duration"):
        duration(text)


def test_an_instant_is_written_with_milliseconds_in_utc() -> None:
    assert iso(1_714_644_277_473_999_999) == "2024-05-02T10:04:37.473Z"


@given(st.integers(0, LAST // MILLISECOND))
def test_a_formatted_instant_is_parsed_to_the_same_instant(milliseconds: int) -> None:
    instant = milliseconds * MILLISECOND
    assert instant_of(iso(instant)) == instant


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))
def test_the_offset_of_a_time_is_applied(moment: datetime) -> None:
    expected = moment.astimezone(UTC)
    read = instant_of(moment.isoformat())
    assert datetime.fromtimestamp(read // NANOSECONDS, UTC) == expected.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:01z", NANOSECONDS),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:59:59Z", -NANOSECONDS),
        ("1970-01-01T00:00:00.123456789Z", 123_456_000),
    ],
)
def test_every_spelling_of_rfc_3339_is_parsed(text: str, instant: int) -> None:
    assert instant_of(text) == instant


@pytest.mark.parametrize("text", ["", "yesterday", "2026-01-01", "2026-01-01T00:00:00", "2026-02-30T00:00:00Z"])
def test_text_that_is_not_an_instant_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instant_of(text)
