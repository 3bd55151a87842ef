"""A state behaves like plain dicts, forks share it without changing it, and a rollback leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockserver.state.store import DRAWS, Change, Collection, Record, State, Transaction, dump, load

LABELS = ("red", "green", "blue")
THINGS = Collection(
    "things",
    unique={"name": lambda record: record["name"]},
    many={"label": lambda record: record["labels"]},
)
OTHERS = Collection("others")

IDS = st.sampled_from([f"id{number}" for number in range(12)])
NAMES = st.none() | st.sampled_from([f"name{number}" for number in range(20)])
LABEL_SETS = st.lists(st.sampled_from(LABELS), unique=True)
OFFSETS = st.integers(0, 6)
LIMITS = st.none() | st.integers(0, 6)


def thing(name: str | None = None, labels: Iterable[str] = ()) -> Record:
    return {"name": name, "labels": list(labels)}


def empty() -> State:
    return load((THINGS, OTHERS), {})


def committed(state: State, **records: Record) -> State:
    changes = Transaction(state)
    for key, record in records.items():
        changes.put("things", key, record)
    return changes.commit()


class PlainDicts(RuleBasedStateMachine):
    """Plays a transaction against a dict, which keeps the order of creation as the store promises to."""

    @initialize()
    def begin(self) -> None:
        self.model: dict[str, Record] = {}
        self.kept: dict[str, Record] = {}
        self.state = empty()
        self.records = Transaction(self.state)

    @rule(key=IDS, name=NAMES, labels=LABEL_SETS)
    def put(self, key: str, name: str | None, labels: list[str]) -> None:
        taken = any(record["name"] == name for other, record in self.model.items() if other != key)
        record = thing(None if taken else name, labels)
        self.model[key] = record
        self.records.put("things", key, record)

    @rule(key=IDS)
    def delete(self, key: str) -> None:
        self.model.pop(key, None)
        self.records.delete("things", key)

    @rule()
    def commit(self) -> None:
        self.kept = dict(self.model)
        self.state = self.records.commit()
        self.records = Transaction(self.state)

    @rule()
    def roll_back(self) -> None:
        self.model = dict(self.kept)
        self.records = Transaction(self.state)

    @rule()
    @precondition(lambda self: self.kept == self.model)
    def export_and_import(self) -> None:
        self.state = load((THINGS, OTHERS), dump(self.state))
        self.records = Transaction(self.state)

    @rule(offset=OFFSETS, limit=LIMITS)
    def page(self, offset: int, limit: int | None) -> None:
        assert self.records.page("things", offset, limit) == sliced(self.model.values(), offset, limit)
        newest = self.records.page("things", offset, limit, newest_first=True)
        assert newest == sliced(reversed(self.model.values()), offset, limit)

    @rule(label=st.sampled_from(LABELS), offset=OFFSETS, limit=LIMITS)
    def matching(self, label: str, offset: int, limit: int | None) -> None:
        having = [record for record in self.model.values() if label in record["labels"]]
        assert self.records.matching("things", "label", label, offset, limit) == sliced(having, offset, limit)
        newest = self.records.matching("things", "label", label, offset, limit, newest_first=True)
        assert newest == sliced(reversed(having), offset, limit)
        assert self.records.count_matching("things", "label", label) == len(having)

    @rule(name=st.sampled_from([f"name{number}" for number in range(20)]))
    def find(self, name: str) -> None:
        expected = next((record for record in self.model.values() if record["name"] == name), None)
        assert self.records.find("things", "name", name) == expected

    @invariant()
    def the_records_are_those_of_the_dict(self) -> None:
        assert self.records.count("things") == len(self.model)
        assert self.records.page("things") == list(self.model.values())
        assert all(self.records.get("things", key) == record for key, record in self.model.items())

    @invariant()
    def what_is_not_committed_is_not_in_the_state(self) -> None:
        assert dump(self.state)["things"] == self.kept


def sliced(records: Iterable[Any], offset: int, limit: int | None) -> list[Any]:
    return list(records)[offset:][: len(list(records)) + 10_000 if limit is None else limit]


TestPlainDicts = PlainDicts.TestCase


def test_a_record_that_is_replaced_keeps_its_place() -> None:
    state = committed(empty(), a=thing("1"), b=thing("2"))
    state = committed(state, a=thing("3"))
    assert [record["name"] for record in Transaction(state).page("things")] == ["3", "2"]


def test_a_record_that_comes_back_is_the_newest() -> None:
    records = Transaction(committed(empty(), a=thing("1"), b=thing("2")))
    records.delete("things", "a")
    records.put("things", "a", thing("1"))
    assert [record["name"] for record in records.page("things")] == ["2", "1"]


def test_of_two_records_with_one_unique_value_the_later_is_found() -> None:
    state = committed(empty(), a=thing("same", ["red"]), b=thing("same", ["blue"]))
    assert Transaction(state).find("things", "name", "same") == thing("same", ["blue"])


def test_a_fork_and_its_origin_do_not_see_each_other() -> None:
    origin = committed(empty(), a=thing("1", ["red"]))
    left, right = Transaction(origin), Transaction(origin)
    left.put("things", "b", thing("2", ["red"]))
    right.delete("things", "a")
    assert dump(left.commit())["things"].keys() == {"a", "b"}
    assert dump(right.commit())["things"] == {}
    assert dump(origin)["things"].keys() == {"a"}
    assert Transaction(origin).count_matching("things", "label", "red") == 1


def test_a_fork_shares_what_it_did_not_touch() -> None:
    state = load((THINGS, OTHERS), {"others": {str(number): {} for number in range(1000)}})
    after = committed(state, a=thing())
    assert after.tables["others"] is state.tables["others"]


def test_a_transaction_that_changes_nothing_gives_the_very_same_state() -> None:
    state = committed(empty(), a=thing())
    records = Transaction(state)
    records.get("things", "a")
    assert records.commit() is state


def test_changes_are_noted_with_what_was_before_and_after() -> None:
    records = Transaction(committed(empty(), a=thing("1")))
    records.put("things", "a", thing("2"))
    records.put("things", "b", thing("3"))
    records.delete("things", "b")
    records.delete("things", "nothing")
    assert records.changes == [
        Change("things", "a", thing("1"), thing("2")),
        Change("things", "b", None, thing("3")),
        Change("things", "b", thing("3"), None),
    ]


def test_counters_count_from_one_each_on_its_own_and_only_if_committed() -> None:
    state = empty()
    dropped = Transaction(state)
    assert [dropped.next("a"), dropped.next("a"), dropped.next("b")] == [1, 2, 1]
    kept = Transaction(state)
    assert kept.next("a") == 1
    assert kept.commit().counters == {"a": 1}
    assert state.counters == {}


def test_a_dropped_transaction_takes_no_id() -> None:
    state = empty()
    drawn = Transaction(state, seed=1).draw(16)
    assert Transaction(state, seed=1).draw(16) == drawn


@given(st.lists(LABEL_SETS, max_size=12), OFFSETS, LIMITS, st.booleans())
def test_matching_records_are_paged_as_a_list_is(
    sets: list[list[str]], offset: int, limit: int | None, newest_first: bool
) -> None:
    records = Transaction(
        load((THINGS,), {"things": {str(number): thing(None, some) for number, some in enumerate(sets)}})
    )
    for label in (*LABELS, "grey"):
        having = [thing(None, some) for some in sets if label in some]
        ordered = list(reversed(having)) if newest_first else having
        assert records.matching("things", "label", label, offset, limit, newest_first) == sliced(ordered, offset, limit)
        assert records.matching("things", "label", label) == having
        assert records.count_matching("things", "label", label) == len(having)


@given(st.lists(LABEL_SETS, max_size=12), OFFSETS, LIMITS, st.booleans())
def test_all_records_are_paged_as_a_list_is(
    sets: list[list[str]], offset: int, limit: int | None, newest_first: bool
) -> None:
    records = Transaction(
        load((THINGS,), {"things": {str(number): thing(None, some) for number, some in enumerate(sets)}})
    )
    having = [thing(None, some) for some in sets]
    ordered = list(reversed(having)) if newest_first else having
    assert records.page("things", offset, limit, newest_first) == sliced(ordered, offset, limit)
    assert records.page("things") == having


def test_ids_are_drawn_with_the_seed_zero_and_counted_under_a_name_that_stays() -> None:
    """Exported worlds and state files contain the name."""
    records = Transaction(empty())
    assert records.draw(16) == Transaction(empty(), 0).draw(16)
    assert records.commit().counters == {"ids": 1}


@given(st.integers(-(2**63), 2**63 - 1), st.integers(1, 64))
def test_ids_are_the_same_for_the_same_seed_and_differ_from_draw_to_draw(seed: int, size: int) -> None:
    one, other = Transaction(empty(), seed), Transaction(empty(), seed)
    first = one.draw(size)
    assert len(first) == size
    assert first == other.draw(size)
    assert one.commit().counters[DRAWS] == 1
    if size >= 8:
        assert one.draw(size) != first


def test_load_takes_counters_and_leaves_out_collections_that_nobody_declares() -> None:
    state = load((THINGS,), {"things": {"a": thing()}, "unknown": {"b": {}}}, {"things": 7})
    assert dump(state) == {"things": {"a": thing()}}
    assert Transaction(state).next("things") == 8


def test_many_values_at_once_are_indexed_as_one_by_one() -> None:
    kind = Collection("groups", many={"members": lambda record: record["members"]})
    names = [str(number) for number in range(500)]
    at_once = Transaction(load([kind], {}))
    at_once.put("groups", "g", {"members": names})
    assert all(at_once.count_matching("groups", "members", name) == 1 for name in names)
    at_once.put("groups", "h", {"members": names[:200]})
    at_once.put("groups", "g", {"members": names[400:]})
    expected = [1] * 200 + [0] * 200 + [1] * 100
    assert [at_once.count_matching("groups", "members", name) for name in names] == expected
    at_once.delete("groups", "h")
    assert [at_once.count_matching("groups", "members", name) for name in names] == [0] * 400 + [1] * 100
