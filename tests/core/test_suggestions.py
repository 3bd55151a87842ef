"""Suggestions name the nearest known name, in little time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.suggestions import nearest, shortened, suggestion

KNOWN = ("from", "seed", "now", "options")


def test_the_nearest_name_is_suggested() -> None:
    assert nearest("form", KNOWN) == "from"
    assert nearest("FROM", KNOWN) == "from"
    assert nearest("zzz", KNOWN) is None
    assert suggestion("form", KNOWN) == '; did you mean "from"?'


def test_where_no_name_is_near_the_known_ones_are_listed() -> None:
    assert suggestion("zzz", KNOWN) == "; there are from, seed, now, options"
    assert suggestion("zzz", ()) == ""
    assert suggestion("zzz", [f"a{number}" for number in range(50)]).endswith("a19, ...")


@given(st.text(max_size=300))
def test_a_suggestion_is_short_and_known(name: str) -> None:
    assert nearest(name, KNOWN) in (*KNOWN, None)
    assert len(shortened(name)) < 110


def test_a_long_name_gets_no_suggestion() -> None:
    assert nearest("from" * 26, ["from" * 26]) is None
