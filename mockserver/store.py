"""State and transactions: a world's records as one immutable value.

A `State` is never changed: a transaction goes from one to the next, sharing what it did not touch. So a fork, a reset,
a rollback and a rewind are each the keeping of a reference, whatever the size. Records are plain JSON objects, replaced
and never mutated in place. Look-ups go through indexes that a service declares with its collections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeAlias

from mockserver import ordered
from mockserver.ids import stream
from mockserver.index import Index, Map
from mockserver.messages import Json

Record: TypeAlias = dict[str, Any]

DRAWS = "ids"
"""The counter of what was drawn from the id stream."""


@dataclass(frozen=True)
class Collection:
    """What a service declares of one kind of record.

    `unique` maps an index's name to a function that gives a record's value in it, or None for "not indexed"; no two
    records share a value (the later one wins; services refuse duplicates before). `many` maps to a function that gives
    any number of values, each a string or a tuple of strings.
    """

    name: str
    unique: Mapping[str, Callable[[Record], Any]] = field(default_factory=dict)
    many: Mapping[str, Callable[[Record], Iterable[Any]]] = field(default_factory=dict)


class Table:
    """The records of one collection at one moment.

    `records` maps an id to (position, record), and `count` is how many there are; `order` holds (position, id).
    Positions only grow, so the order is that of creation.
    """

    __slots__ = ("count", "kind", "many", "order", "records", "top", "unique")

    def __init__(self, kind: Collection) -> None:
        self.kind = kind
        self.records: Index[str, tuple[int, Record]] = Index()
        self.order = ordered.Sequence()
        self.unique: dict[str, Index[Any, str]] = {name: Index() for name in kind.unique}
        self.many: dict[str, ordered.Tree] = dict.fromkeys(kind.many, ordered.EMPTY)
        self.top = self.count = 0

    def copy(self) -> Table:
        """A successor that shares everything so far."""
        table = Table.__new__(Table)
        table.kind = self.kind
        table.records = self.records
        table.order = self.order
        table.unique = self.unique.copy() if self.unique else self.unique
        table.many = self.many.copy() if self.many else self.many
        table.top = self.top
        table.count = self.count
        return table

    def put(self, key: str, record: Record | None) -> Record | None:
        """Writes, or with None removes, one record; gives what was there. For a table that nobody else holds yet."""
        held = self.records.get(key)
        position, before = held if held else (self.top, None)
        if record is None:
            if before is not None:
                self.count -= 1
                self.records = self.records.delete(key)
                self.order = self.order.without((position, key))
        else:
            self.records = self.records.set(key, (position, record))
            if before is None:
                self.top += 1
                self.count += 1
                self.order = self.order.appended((position, key))
        for name, value_of in self.kind.unique.items():
            old_value = value_of(before) if before is not None else None
            self._reindex_unique(name, key, old_value, value_of(record) if record is not None else None)
        for name, values_of in self.kind.many.items():
            old = {(value, position, key) for value in values_of(before)} if before is not None else set()
            new = {(value, position, key) for value in values_of(record)} if record is not None else set()
            self._reindex_many(name, old, new)
        return before

    def _reindex_unique(self, name: str, key: str, old: Any, new: Any) -> None:
        if old == new:
            return
        index = self.unique[name]
        if old is not None and index.get(old) == key:
            index = index.delete(old)
        if new is not None:
            index = index.set(new, key)
        self.unique[name] = index

    def _reindex_many(self, name: str, old: set[Any], new: set[Any]) -> None:
        for entry in old - new:
            self.many[name] = ordered.remove(self.many[name], entry)
        for entry in new - old:
            self.many[name] = ordered.add(self.many[name], entry)

    def fill(self, entries: Sequence[tuple[int, str, Record]]) -> Table:
        """An empty table filled at once, much faster than record by record, with (position, id, record) in order."""
        self.records = Index({key: (position, record) for position, key, record in entries})
        self.order = ordered.Sequence(ordered.build((position, key) for position, key, _ in entries))
        self.top = entries[-1][0] + 1 if entries else 0
        self.count = len(entries)
        for name, value_of in self.kind.unique.items():
            values = {value_of(record): key for _, key, record in entries}
            values.pop(None, None)
            self.unique[name] = Index(values)
        for name, values_of in self.kind.many.items():
            found = [(value, position, key) for position, key, record in entries for value in set(values_of(record))]
            found.sort(key=itemgetter(0))  # equal values are in order of position already
            self.many[name] = ordered.build(found)
        return self

    def found(self, keys: list[str]) -> list[Record]:
        """The records with these ids, which there are."""
        return [record for _, record in self.records.values_of(keys)]

    def rows(self) -> Iterator[tuple[str, Record]]:
        """Every id and record, oldest first."""
        keys = [key for _, key in self.order.ascending(0, self.count)]
        return zip(keys, self.found(keys), strict=True)


class State:
    """All tables and counters of a world at one moment. Hold it, share it, never change it."""

    __slots__ = ("counters", "tables")

    def __init__(self, tables: Map[str, Table], counters: dict[str, int]) -> None:
        self.tables = tables
        self.counters = counters


@dataclass(slots=True)
class Change:
    """One record before and after a transaction; None where there was, or is, none."""

    collection: str
    key: str
    before: Record | None
    after: Record | None


class Transaction:
    """A private view of a state that collects changes. `commit` gives the next state; dropping it is the rollback."""

    __slots__ = ("_base", "_counters", "_tables", "changes", "seed")

    def __init__(self, base: State, seed: int = 0) -> None:
        self._base = base
        self._tables = base.tables
        self._counters = base.counters
        self.changes: list[Change] | tuple[()] = ()
        self.seed = seed

    def get(self, collection: str, key: str) -> Record | None:
        """The record with this id."""
        held = self._tables[collection].records.get(key)
        return held[1] if held else None

    def find(self, collection: str, index: str, value: Any) -> Record | None:
        """The one record with this value in a unique index."""
        key = self._tables[collection].unique[index].get(value)
        return None if key is None else self.get(collection, key)

    def count(self, collection: str) -> int:
        """How many records there are."""
        return self._tables[collection].count

    def page(
        self, collection: str, offset: int = 0, limit: int | None = None, newest_first: bool = False
    ) -> list[Record]:
        """Records in order of creation; costs what the page holds."""
        table = self._tables[collection]
        stop = table.count if limit is None else offset + limit
        walk = table.order.descending if newest_first else table.order.ascending
        return table.found([key for _, key in walk(offset, stop)])

    def matching(
        self,
        collection: str,
        index: str,
        value: Any,
        offset: int = 0,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> list[Record]:
        """Records that have this value in a `many` index, in order of creation; costs what the page holds."""
        table = self._tables[collection]
        if limit is None and not offset:
            entries = ordered.between(table.many[index], (value, -1, ""), (value, 1 << 62, ""))
        else:
            first, last = self._span(collection, index, value)
            count = min(last - first - offset, last - first if limit is None else limit)
            start = last - offset - count if newest_first else first + offset
            entries = ordered.ascending(table.many[index], start, start + count) if count > 0 else []
        found = table.found([key for _, _, key in entries])
        return found[::-1] if newest_first else found

    def count_matching(self, collection: str, index: str, value: Any) -> int:
        """How many records have this value in a `many` index."""
        start, stop = self._span(collection, index, value)
        return stop - start

    def _span(self, collection: str, index: str, value: Any) -> tuple[int, int]:
        tree = self._tables[collection].many[index]
        return ordered.rank(tree, (value, -1, "")), ordered.rank(tree, (value, 1 << 62, ""))

    def put(self, collection: str, key: str, record: Record) -> None:
        """Creates or replaces a record. The record must not be changed afterwards."""
        self._change(collection, key, record)

    def delete(self, collection: str, key: str) -> None:
        """Removes a record, if there is one."""
        if self.get(collection, key) is not None:
            self._change(collection, key, None)

    def next(self, counter: str) -> int:
        """1, 2, 3, ... for each counter."""
        if self._counters is self._base.counters:
            self._counters = self._counters.copy()
        value = self._counters[counter] = self._counters.get(counter, 0) + 1
        return value

    def draw(self, size: int) -> bytes:
        """The next `size` bytes (at most 64) of the world's id stream."""
        return stream(self.seed, self.next(DRAWS), size)

    def commit(self) -> State:
        """The state with all changes; the base itself where nothing changed."""
        if self._tables is self._base.tables and self._counters is self._base.counters:
            return self._base
        return State(self._tables, self._counters)

    def _change(self, collection: str, key: str, record: Record | None) -> None:
        table = self._tables[collection]
        if table is self._base.tables[collection]:
            table = table.copy()
            self._tables = self._tables.set(collection, table)
        change = Change(collection, key, table.put(key, record), record)
        if self.changes:
            self.changes.append(change)
        else:
            self.changes = [change]


def load(kinds: Iterable[Collection], data: Mapping[str, Json], counters: Mapping[str, int] | None = None) -> State:
    """A state from exported data: collection name → {id: record}. Collections the data leaves out are empty."""
    tables = {kind.name: Table(kind).fill(_numbered(data.get(kind.name, {}))) for kind in kinds}
    return State(Map(tables), dict(counters or {}))


def _numbered(records: Mapping[str, Record]) -> list[tuple[int, str, Record]]:
    return [(position, key, record) for position, (key, record) in enumerate(records.items())]


def dump(state: State) -> dict[str, Json]:
    """The inverse of `load`: collection name → {id: record}, oldest first."""
    return {name: dict(table.rows()) for name, table in sorted(state.tables.items())}
