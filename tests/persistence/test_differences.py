"""A state overlaid with the differences of another state is that other state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.persistence.differences import REBUILD, Row, differences, overlay
from mockserver.state.store import Collection, State, Transaction, load

PEOPLE = Collection("people", unique={"name": lambda record: record["name"]})
GROUPS = Collection("groups", many={"tag": lambda record: [record["name"]]})
MANY = 5 * REBUILD
CHANGES = st.lists(
    st.tuples(st.sampled_from(["people", "groups"]), st.integers(0, MANY + 3), st.text("xyz", max_size=2) | st.none()),
    max_size=8,
)
SIZES = st.sampled_from([0, 3, MANY])


def state_of(size: int) -> State:
    records = {str(number): {"name": f"n{number}"} for number in range(size)}
    return load((PEOPLE, GROUPS), {"people": records, "groups": records}, {"ids": 1})


def changed(state: State, changes: list[tuple[str, int, str | None]]) -> State:
    records = Transaction(state)
    for collection, number, name in changes:
        if name is None:
            records.delete(collection, str(number))
        else:
            records.put(collection, str(number), {"name": name})
    return records.commit()


def rows(before: State, after: State) -> dict[str, list[Row]]:
    """Returns the differences between two states as rows, in the order of their positions."""
    found: dict[str, list[Row]] = {}
    for collection, key in differences(before, after):
        entry = after.tables[collection].records.get(key)
        found.setdefault(collection, []).append((entry[0], key, entry[1]) if entry else (0, key, None))
    return {collection: sorted(some, key=lambda row: row[0]) for collection, some in found.items()}


def content(state: State) -> dict[str, Any]:
    """Returns all that can be seen of a state, in order."""
    names = [f"n{number}" for number in range(MANY)] + ["", "x", "y", "z", "xy"]
    records = Transaction(state)
    return {
        "rows": {name: list(table.rows()) for name, table in state.tables.items()},
        "positions": {name: table.records.to_dict() for name, table in state.tables.items()},
        "tags": [records.matching("groups", "tag", name) for name in names],
        "counters": state.counters,
    }


@given(SIZES, CHANGES, CHANGES)
def test_the_differences_of_a_state_over_another_make_it(size: int, first: list[Any], second: list[Any]) -> None:
    before = changed(state_of(size), first)
    after = changed(before, second)
    seen = content(before)
    rebuilt = overlay(before, rows(before, after), {"ids": 7})
    assert content(rebuilt) == {**content(after), "counters": {"ids": 7}}
    assert content(before) == seen


@given(SIZES, CHANGES, CHANGES)
def test_forks_differ_in_both_directions(size: int, first: list[Any], second: list[Any]) -> None:
    origin = state_of(size)
    one, other = changed(origin, first), changed(origin, second)
    assert content(overlay(one, rows(one, other), {"ids": 1})) == content(other)
    assert content(overlay(other, rows(other, one), {"ids": 1})) == content(one)


@pytest.mark.parametrize("size", [2, MANY])
def test_a_record_that_was_created_again_gets_its_new_place(size: int) -> None:
    """The last place in the order of creation, whether the table is changed row by row or built anew."""
    before = state_of(size)
    after = changed(before, [("groups", 0, None), ("groups", 0, "again")])
    rebuilt = overlay(before, rows(before, after), {})
    assert Transaction(rebuilt).page("groups", size - 1) == [{"name": "again"}]
    assert content(rebuilt)["positions"] == content(after)["positions"]


def test_equal_states_have_no_differences_and_share_their_tables() -> None:
    before = state_of(3)
    after = changed(before, [("people", 1, "other")])
    assert list(differences(before, before)) == []
    assert list(differences(before, after)) == [("people", "1")]
    assert overlay(before, rows(before, after), {}).tables["groups"] is before.tables["groups"]


def test_a_collection_that_nobody_declares_any_more_is_left_out() -> None:
    state = overlay(state_of(1), {"gone": [(0, "a", {"name": "a"})], "people": [(5, "b", {"name": "b"})]}, {})
    assert set(state.tables) == {"people", "groups"}
    assert [key for key, _ in state.tables["people"].rows()] == ["0", "b"]


@pytest.mark.parametrize("size", [0, MANY])
def test_a_deletion_of_what_is_not_there_changes_nothing(size: int) -> None:
    before = state_of(size)
    rebuilt = overlay(before, {"people": [(0, "unknown", None)]}, {"ids": 1})
    assert content(rebuilt) == content(before)


@pytest.mark.parametrize(("count", "shared"), [(1, True), (MANY // 2, False)])
def test_a_table_with_few_changes_shares_the_rest_and_one_with_many_is_built_anew(count: int, shared: bool) -> None:
    before = state_of(MANY)
    after = overlay(before, {"people": [(number, str(number), {"name": "x"}) for number in range(count)]}, {})
    tables = [state.tables["people"].records for state in (before, after)]
    assert (tables[0]._layers[-1] is tables[1]._layers[-1]) is shared
