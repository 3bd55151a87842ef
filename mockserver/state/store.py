"""State and transactions: a world's records as one immutable value.

A `State` is never changed: a transaction makes the next one, which shares all that the transaction did not touch. So a
fork, a reset, a rollback and a rewind each keep a reference, whatever the size of the world. Records are plain JSON
objects, which are replaced and never changed in place. Look-ups go through the indexes that a service declares with its
collections.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.core.ids import stream
from mockserver.core.messages import Json
from mockserver.state import ordered
from mockserver.state.table import Collection, Record, Table

__all__ = ["Change", "Collection", "Record", "State", "Table", "Transaction", "dump", "load"]

DRAWS = "ids"
"""The name of the counter of draws from the id stream. Exported worlds and state files contain it."""


class State:
    """All tables and counters of a world at one moment. It is shared, so it must never be changed."""

    __slots__ = ("counters", "tables")

    def __init__(self, tables: dict[str, Table], counters: dict[str, int]) -> None:
        self.tables = tables
        self.counters = counters


@dataclass(slots=True)
class Change:
    """A record before and after a change; None where it did not exist, or does not exist any more."""

    collection: str
    key: str
    before: Record | None
    after: Record | None


class Transaction:
    """Changes of a state that nobody else sees yet. `commit` returns the next state; to drop it is a rollback.

    `changes` lists the changes so far, in their order. After `commit` a transaction must not be changed any more.
    """

    __slots__ = ("_base", "_counters", "_tables", "changes", "seed")

    def __init__(self, base: State, seed: int = 0) -> None:
        self._base = base
        self._tables = base.tables
        self._counters = base.counters
        self.changes: list[Change] | tuple[()] = ()
        self.seed = seed

    def get(self, collection: str, key: str) -> Record | None:
        """Returns the record with an id; None where there is none."""
        entry = self._tables[collection].records.get(key)
        return entry[1] if entry else None

    def find(self, collection: str, index: str, value: Any) -> Record | None:
        """Returns the record with a value in a unique index; None where there is none."""
        key = self._tables[collection].unique[index].get(value)
        return None if key is None else self.get(collection, key)

    def count(self, collection: str) -> int:
        """Returns the number of records."""
        return self._tables[collection].count

    def page(
        self, collection: str, offset: int = 0, limit: int | None = None, newest_first: bool = False
    ) -> list[Record]:
        """Returns records in the order of creation, or in reverse. The cost depends on the size of the page only."""
        table = self._tables[collection]
        stop = table.count if limit is None else min(offset + limit, table.count)
        if newest_first:
            return table.page(table.count - stop, max(table.count - offset, 0))[::-1]
        return table.page(offset, stop)

    def matching(
        self,
        collection: str,
        index: str,
        value: Any,
        offset: int = 0,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> list[Record]:
        """Returns the records with a value in a `many` index, as `page` does."""
        table = self._tables[collection]
        low, high = _bounds(value)
        if limit is None and not offset:
            entries = ordered.between(table.many[index], low, high)
        else:
            first, last = ordered.rank(table.many[index], low), ordered.rank(table.many[index], high)
            stop = last - first if limit is None else min(offset + limit, last - first)
            start = min(offset, stop)
            start, stop = (last - stop, last - start) if newest_first else (first + start, first + stop)
            entries = ordered.ascending(table.many[index], start, stop)
        records = table.records_of([key for _, _, key in entries])
        return records[::-1] if newest_first else records

    def count_matching(self, collection: str, index: str, value: Any) -> int:
        """Returns the number of records with a value in a `many` index."""
        tree = self._tables[collection].many[index]
        low, high = _bounds(value)
        return ordered.rank(tree, high) - ordered.rank(tree, low)

    def put(self, collection: str, key: str, record: Record) -> None:
        """Creates or replaces a record. The record must not be changed afterwards."""
        self._change(collection, key, record)

    def delete(self, collection: str, key: str) -> None:
        """Removes a record, if there is one."""
        if self.get(collection, key) is not None:
            self._change(collection, key, None)

    def next(self, counter: str) -> int:
        """Returns the next number of a counter, which begins with 1."""
        if self._counters is self._base.counters:
            self._counters = self._counters.copy()
        value = self._counters[counter] = self._counters.get(counter, 0) + 1
        return value

    def draw(self, size: int) -> bytes:
        """Returns the next `size` bytes (at most 64) of the world's id stream."""
        return stream(self.seed, self.next(DRAWS), size)

    def commit(self) -> State:
        """Returns the state with all changes; the very same state where nothing changed."""
        if self._tables is self._base.tables and self._counters is self._base.counters:
            return self._base
        return State(self._tables, self._counters)

    def _change(self, collection: str, key: str, record: Record | None) -> None:
        table = self._tables[collection]
        if table is self._base.tables[collection]:
            table = table.copy()
            if self._tables is self._base.tables:
                self._tables = self._tables.copy()
            self._tables[collection] = table
        change = Change(collection, key, table.put(key, record), record)
        if self.changes:
            self.changes.append(change)
        else:
            self.changes = [change]


def _bounds(value: Any) -> tuple[Any, Any]:
    """Returns what stands before, and after, all entries (value, position, id) of a value in an index."""
    return (value,), (value, math.inf)


def load(kinds: Iterable[Collection], data: Mapping[str, Json], counters: Mapping[str, int] | None = None) -> State:
    """Returns the state of exported data, {collection: {id: record}}. Collections that the data lacks are empty."""
    tables = {kind.name: Table(kind).fill(_numbered(data.get(kind.name, {}))) for kind in kinds}
    return State(tables, dict(counters or {}))


def _numbered(records: Mapping[str, Record]) -> list[tuple[int, str, Record]]:
    return [(position, key, record) for position, (key, record) in enumerate(records.items())]


def dump(state: State) -> dict[str, Json]:
    """Returns the records of a state, oldest first, as {collection: {id: record}}. The inverse of `load`."""
    return {name: dict(table.rows()) for name, table in sorted(state.tables.items())}
