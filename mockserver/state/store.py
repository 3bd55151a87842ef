"""State and transactions: a world's records as one immutable value.

A `State` is never changed: a transaction goes from one to the next, sharing what it did not touch. So a fork, a reset,
a rollback and a rewind are each the keeping of a reference, whatever the size. Records are plain JSON objects, replaced
and never mutated in place. Look-ups go through indexes that a service declares with its collections.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.core.ids import stream
from mockserver.core.messages import Json
from mockserver.state import ordered
from mockserver.state.table import Collection, Record, Table

__all__ = ["Change", "Collection", "Record", "State", "Table", "Transaction", "dump", "load"]

DRAWS = "ids"
"""The counter of what was drawn from the id stream."""


class State:
    """All tables and counters of a world at one moment. Hold it, share it, never change it."""

    __slots__ = ("counters", "tables")

    def __init__(self, tables: dict[str, Table], counters: dict[str, int]) -> None:
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
        entry = self._tables[collection].records.get(key)
        return entry[1] if entry else None

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
            if self._tables is self._base.tables:
                self._tables = self._tables.copy()
            self._tables[collection] = table
        change = Change(collection, key, table.put(key, record), record)
        if self.changes:
            self.changes.append(change)
        else:
            self.changes = [change]


def load(kinds: Iterable[Collection], data: Mapping[str, Json], counters: Mapping[str, int] | None = None) -> State:
    """A state from exported data: collection name → {id: record}. Collections the data leaves out are empty."""
    tables = {kind.name: Table(kind).fill(_numbered(data.get(kind.name, {}))) for kind in kinds}
    return State(tables, dict(counters or {}))


def _numbered(records: Mapping[str, Record]) -> list[tuple[int, str, Record]]:
    return [(position, key, record) for position, (key, record) in enumerate(records.items())]


def dump(state: State) -> dict[str, Json]:
    """The inverse of `load`: collection name → {id: record}, oldest first."""
    return {name: dict(table.rows()) for name, table in sorted(state.tables.items())}
