"""A table is a dict in the order of creation, and stays what it was whatever successors it has."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.state import ordered
from mockserver.state.table import Collection, Record, Table

KIND = Collection(
    "things",
    unique={"name": lambda record: record.get("name")},
    many={"tags": lambda record: record.get("tags", ())},
)
NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f"])
RECORDS = st.fixed_dictionaries({"name": NAMES, "tags": st.lists(NAMES, max_size=2)})
STEPS = st.lists(st.tuples(st.integers(0, 40), NAMES, st.none() | RECORDS), max_size=60)

Model = dict[str, Record]


def successor(table: Table, key: str, record: Record | None) -> Table:
    table = table.copy()
    table.put(key, record)
    return table


def content(table: Table) -> dict[str, Any]:
    """Returns the content of a table, read in each way there is."""
    keys = [key for key, _ in table.rows()]
    return {
        "rows": list(table.rows()),
        "count": table.count,
        "got": [(entry := table.records.get(key)) and entry[1] for key in keys],
        "records_of": table.records_of(keys),
        "missing": table.records.get("nobody"),
        "pages": [table.page(start, start + 2) for start in range(table.count)],
        "all": table.page(0, table.count),
        "entries": {key: record for key, (_, record) in table.records.to_dict().items()},
    }


def expected(model: Model) -> dict[str, Any]:
    records = list(model.values())
    return {
        "rows": list(model.items()),
        "count": len(model),
        "got": records,
        "records_of": records,
        "missing": None,
        "pages": [records[start : start + 2] for start in range(len(records))],
        "all": records,
        "entries": model,
    }


@given(STEPS)
def test_tables_keep_their_records_whatever_successors_they_have(
    steps: list[tuple[int, str, Record | None]],
) -> None:
    """Each step makes a successor of any table so far."""
    tables: list[tuple[Table, Model]] = [(Table(KIND), {})]
    for which, key, record in steps:
        table, model = tables[which % len(tables)]
        changed = (
            {**model, key: record} if record is not None else {other: model[other] for other in model if other != key}
        )
        tables.append((successor(table, key, record), changed))
    for table, model in tables:
        assert content(table) == expected(model)


@pytest.mark.parametrize("size", [ordered.WIDTH - 1, ordered.WIDTH, ordered.WIDTH + 1, ordered.WIDTH * 5])
def test_records_are_found_and_listed_after_they_moved_to_the_tree(size: int) -> None:
    table, model = Table(KIND), Model()
    for number in range(size):
        table, model[str(number)] = successor(table, str(number), {"name": str(number)}), {"name": str(number)}
    assert content(table) == expected(model)
    assert [table.unique["name"].get(name) for name in model] == list(model)
    table = successor(table, "1", None)
    del model["1"]
    assert content(table) == expected(model)


@given(st.lists(st.integers(0, 200), unique=True, max_size=100))
def test_records_with_positions_are_listed_in_their_order(positions: list[int]) -> None:
    table = Table(KIND)
    for position in positions:
        table.put(str(position), {"name": str(position)}, position)
    table.put("last", {"name": "last"})
    assert [key for key, _ in table.rows()] == [*map(str, sorted(positions)), "last"]
    assert table.top == max(positions, default=-1) + 2


@given(st.dictionaries(st.text(), RECORDS, max_size=40))
def test_a_table_that_is_filled_is_as_one_that_grew(records: Model) -> None:
    grown = Table(KIND)
    for key, record in records.items():
        grown.put(key, record)
    filled = Table(KIND).fill([(position, key, records[key]) for position, key in enumerate(records)])
    assert content(filled) == content(grown) == expected(records)
    assert filled.top == grown.top
    for name in (record["name"] for record in records.values()):
        assert filled.unique["name"].get(name) == grown.unique["name"].get(name)


def test_a_fork_does_not_see_what_another_fork_deleted_and_created_again() -> None:
    origin = successor(Table(KIND), "a", {"name": "old"})
    other = successor(successor(origin, "a", None), "a", {"name": "new"})
    assert origin.records_of(["a"]) == [{"name": "old"}]
    assert other.records_of(["a"]) == [{"name": "new"}]
    assert origin.records.get("a") == (0, {"name": "old"})


def test_a_table_keeps_its_indexes_when_its_successor_changes() -> None:
    origin = successor(Table(KIND), "1", {"name": "a", "tags": ["x"]})
    changed = successor(origin, "1", {"name": "b", "tags": ["y"]})
    assert [origin.unique["name"].get(name) for name in "ab"] == ["1", None]
    assert [changed.unique["name"].get(name) for name in "ab"] == [None, "1"]
    assert ordered.ascending(origin.many["tags"], 0, 9) == [("x", 0, "1")]
    assert ordered.ascending(changed.many["tags"], 0, 9) == [("y", 0, "1")]


def test_a_collection_may_have_one_kind_of_index_only() -> None:
    unique = successor(Table(Collection("c", unique=KIND.unique)), "1", {"name": "a"})
    many = successor(Table(Collection("c", many=KIND.many)), "1", {"tags": ["x"]})
    assert unique.unique["name"].get("a") == "1"
    assert ordered.size(many.many["tags"]) == 1


def test_records_without_a_value_are_not_in_a_unique_index() -> None:
    filled = Table(KIND).fill([(0, "1", {}), (1, "2", {"name": "a"})])
    grown = successor(successor(Table(KIND), "1", {}), "2", {"name": "a"})
    for table in (filled, grown):
        assert table.unique["name"].to_dict() == {"a": "2"}


def test_new_records_go_to_the_tree_a_leaf_at_a_time() -> None:
    """One by one would cost each request a walk down the tree, and never would cost it a copy of all of them."""
    table, sizes = Table(Collection("c")), []
    for number in range(2 * ordered.WIDTH + 1):
        table = successor(table, str(number), {})
        sizes.append(ordered.size(table._order))
    assert sizes == [0] * ordered.WIDTH + [ordered.WIDTH] * ordered.WIDTH + [2 * ordered.WIDTH]
    older = successor(table, "0", {"changed": True})
    assert len(older._newest) == 1
    newer = successor(table, str(2 * ordered.WIDTH), {"changed": True})
    assert newer.page(2 * ordered.WIDTH - 1, 2 * ordered.WIDTH + 1) == [{}, {"changed": True}]


def test_of_records_with_one_unique_value_the_index_has_the_one_that_took_it_last() -> None:
    first = successor(successor(Table(KIND), "1", {"name": "a"}), "2", {"name": "a"})
    assert first.unique["name"].get("a") == "2"
    for changed in (
        successor(first, "1", None),
        successor(first, "1", {"name": "b"}),
        successor(first, "1", {"name": "a"}),
    ):
        assert changed.unique["name"].get("a") == "2"
    assert successor(first, "2", None).unique["name"].get("a") is None


def test_a_value_that_is_given_up_is_free() -> None:
    table = successor(successor(Table(KIND), "1", {"name": "a"}), "1", {})
    assert table.unique["name"].to_dict() == {}
    assert successor(table, "2", {"name": "a"}).unique["name"].get("a") == "2"
