"""The records of one collection at one moment: by id, in the order of creation, and by the values that are indexed.

A table is never changed once others hold it: a transaction changes a copy of its own, which shares nearly everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeAlias

from mockserver.state import ordered
from mockserver.state.versions import VersionedMap

Record: TypeAlias = dict[str, Any]

Entry: TypeAlias = tuple[int, Record]
"""A record's position and the record. Positions only grow, so their order is that of creation."""


@dataclass(frozen=True)
class Collection:
    """What a service declares of one kind of record.

    `unique` maps the name of an index to a function that returns a record's value in it, or None for "not indexed". No
    two records share a value (the later one wins; services refuse duplicates before). `many` maps the name of an index
    to a function that returns any number of values, each a string or a tuple of strings.
    """

    name: str
    unique: Mapping[str, Callable[[Record], Any]] = field(default_factory=dict)
    many: Mapping[str, Callable[[Record], Iterable[Any]]] = field(default_factory=dict)


REBUILD = 8
"""An index with at most so many entries for each changed one is built anew."""


class Table:
    """`count` records, all of whose positions are below `top`.

    `records` maps ids to entries. `unique` maps the name of each unique index to a map from values to ids; `many` maps
    the name of each other index to a tree of (value, position, id).

    The order of creation is the tree `_order` of (position, id), continued by `_newest`, the latest records: a tree
    takes a leaf's worth of them for little more than the cost of one.
    """

    __slots__ = ("_newest", "_order", "count", "kind", "many", "records", "top", "unique")

    def __init__(self, kind: Collection) -> None:
        self.kind = kind
        self.records: VersionedMap[str, Entry] = VersionedMap()
        self.count = self.top = 0
        self._order = ordered.EMPTY
        self._newest: tuple[tuple[int, str, Record], ...] = ()
        self.unique: dict[str, VersionedMap[Any, str]] = {name: VersionedMap() for name in kind.unique}
        self.many: dict[str, ordered.Tree] = dict.fromkeys(kind.many, ordered.EMPTY)

    def copy(self) -> Table:
        """Returns a table that shares everything so far and can be changed."""
        table = Table.__new__(Table)
        table.kind, table.count, table.top = self.kind, self.count, self.top
        table.records, table._order, table._newest = self.records, self._order, self._newest
        table.unique = self.unique.copy() if self.unique else self.unique
        table.many = self.many.copy() if self.many else self.many
        return table

    def records_of(self, keys: Sequence[str]) -> list[Record]:
        """Returns the records with these ids, which must be there."""
        return [entry[1] for entry in self.records.values_of(keys)]

    def page(self, start: int, stop: int) -> list[Record]:
        """Returns the records from the start-th up to, and without, the stop-th, oldest first."""
        older = self.count - len(self._newest)
        records = []
        if start < older:
            records = self.records_of([key for _, key in ordered.ascending(self._order, start, stop)])
        if stop > older:
            records += [record for _, _, record in self._newest[max(start - older, 0) : stop - older]]
        return records

    def rows(self) -> Iterator[tuple[str, Record]]:
        """Yields every id and record, oldest first."""
        keys = [key for _, key in ordered.ascending(self._order, 0, self.count)]
        yield from zip(keys, self.records_of(keys), strict=True)
        yield from [(key, record) for _, key, record in self._newest]

    def put(self, key: str, record: Record | None, position: int | None = None) -> Record | None:
        """Writes one record, or removes it where `record` is None. Returns the record that was there.

        A new record takes the position that is given, or else the next one.
        """
        entry = self.records.get(key)
        if entry is None:
            position, before = self.top if position is None else position, None
            if record is None:
                return None
            self._add(position, key, record)
        else:
            position, before = entry
            self._replace(position, key, record)
        self.records = self.records.set(key, None if record is None else (position, record))
        if self.unique or self.many:
            self._reindex(key, position, before, record)
        return before

    def fill(self, entries: Sequence[tuple[int, str, Record]]) -> Table:
        """Fills an empty table with (position, id, record) in order, much faster than record by record."""
        self.records = VersionedMap({key: (position, record) for position, key, record in entries})
        self._order = ordered.build((position, key) for position, key, _ in entries)
        self.top = entries[-1][0] + 1 if entries else 0
        self.count = len(entries)
        for name, value_of in self.kind.unique.items():
            values = {value_of(record): key for _, key, record in entries}
            values.pop(None, None)
            self.unique[name] = VersionedMap(values)
        for name, values_of in self.kind.many.items():
            rows = [(value, position, key) for position, key, record in entries for value in set(values_of(record))]
            rows.sort(key=itemgetter(0))  # equal values are in order of position already
            self.many[name] = ordered.build(rows)
        return self

    def _add(self, position: int, key: str, record: Record) -> None:
        self.count += 1
        if position < self.top:
            self._settle()
            self._order = ordered.add(self._order, (position, key))
            return
        if len(self._newest) == ordered.WIDTH:
            self._settle()
        self._newest += ((position, key, record),)
        self.top = position + 1

    def _replace(self, position: int, key: str, record: Record | None) -> None:
        if self._newest and position >= self._newest[0][0]:
            self._settle()
        if record is None:
            self.count -= 1
            self._order = ordered.remove(self._order, (position, key))

    def _settle(self) -> None:
        """Moves the newest records to the tree."""
        self._order = ordered.extended(self._order, [(position, key) for position, key, _ in self._newest])
        self._newest = ()

    def _reindex(self, key: str, position: int, before: Record | None, after: Record | None) -> None:
        for name, value_of in self.kind.unique.items():
            old_value = value_of(before) if before is not None else None
            self._reindex_unique(name, key, old_value, value_of(after) if after is not None else None)
        for name, values_of in self.kind.many.items():
            old = {(value, position, key) for value in values_of(before)} if before is not None else set()
            new = {(value, position, key) for value in values_of(after)} if after is not None else set()
            self._reindex_many(name, old, new)

    def _reindex_unique(self, name: str, key: str, old: Any, new: Any) -> None:
        if old == new:
            return
        index = self.unique[name]
        if old is not None and index.get(old) == key:
            index = index.set(old, None)
        if new is not None:
            index = index.set(new, key)
        self.unique[name] = index

    def _reindex_many(self, name: str, old: set[Any], new: set[Any]) -> None:
        gone, added = old - new, new - old
        tree = self.many[name]
        changed = len(gone) + len(added)
        if changed > ordered.WIDTH and changed * REBUILD > ordered.size(tree) + len(added):
            # Many changes at once, such as a group of thousands of members: building the tree anew is faster.
            kept = set(ordered.ascending(tree, 0, ordered.size(tree))) - gone
            self.many[name] = ordered.build(sorted(kept | added))
            return
        for entry in gone:
            self.many[name] = ordered.remove(self.many[name], entry)
        for entry in added:
            self.many[name] = ordered.add(self.many[name], entry)
