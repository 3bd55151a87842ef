"""The records of one collection at one moment, found by id, in order of creation, and by what a service indexes.

A table is never changed once others hold it, only succeeded by a copy that shares all but a little. New records wait
in a dict that a table shares with those before and after it; many at a time they go to a persistent map and tree, whose
additions copy a node of each level: more, and farther apart, the more they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

from mockserver.state import ordered
from mockserver.state.index import Index, Map

Record: TypeAlias = dict[str, Any]

Entry: TypeAlias = tuple[int, Record]
"""A record's position and the record. Positions only grow, so their order is that of creation."""

RECENT = ordered.WIDTH
"""New records that wait, at most: as many as make a leaf of the tree."""


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
    """`count` records, all of whose positions are below `top`. `unique` and `many` hold the indexes by name.

    `_settled` maps ids to entries and `_order` holds (position, id) of each. `_recent` maps the ids of newer records to
    their entries, in order; the first `_seen` of them are this table's own, and are not among the settled yet. A table
    that ends where the dict goes on, because it was succeeded twice, is
    succeeded by one with a dict of its own.
    """

    __slots__ = ("_order", "_recent", "_seen", "_settled", "count", "kind", "many", "top", "unique")

    def __init__(self, kind: Collection) -> None:
        self.kind = kind
        self._settled: Map[str, Entry] = Map()
        self._order = ordered.EMPTY
        self._recent: dict[str, Entry] = {}
        self._seen = self.count = self.top = 0
        self.unique: dict[str, Index[Any, str]] = {name: Index() for name in kind.unique}
        self.many: dict[str, ordered.Tree] = dict.fromkeys(kind.many, ordered.EMPTY)

    def copy(self) -> Table:
        """A successor that shares everything so far."""
        table = Table.__new__(Table)
        table.kind, table.count, table.top = self.kind, self.count, self.top
        table._settled, table._order = self._settled, self._order
        table._recent, table._seen = self._recent, self._seen
        table.unique = self.unique.copy() if self.unique else self.unique
        table.many = self.many.copy() if self.many else self.many
        return table

    def get(self, key: str) -> Entry | None:
        """The record with an id, and its position."""
        entry = self._recent.get(key)
        if entry is not None and entry[0] < self.top:
            return entry
        return self._settled.get(key)

    def found(self, keys: Iterable[str]) -> list[Record]:
        """The records with these ids, which there are."""
        recent, top, settled = self._recent, self.top, self._settled
        return [
            entry[1] if (entry := recent.get(key)) is not None and entry[0] < top else settled[key][1] for key in keys
        ]

    def page(self, start: int, stop: int) -> list[Record]:
        """The records from the start-th up to, and without, the stop-th, oldest first."""
        held = self.count - self._seen
        settled, found = self._settled, []
        if start < held:
            found = [settled[key][1] for _, key in ordered.ascending(self._order, start, stop)]
        if stop > held:
            newer = islice(self._recent.values(), max(start - held, 0), min(stop - held, self._seen))
            found += [record for _, record in newer]
        return found

    def rows(self) -> Iterator[tuple[str, Record]]:
        """Every id and record, oldest first."""
        for _, key in ordered.ascending(self._order, 0, self.count):
            yield key, self._settled[key][1]
        for key, (_, record) in list(self._own()):
            yield key, record

    def entries(self) -> Map[str, Entry]:
        """Every id with its entry. For two tables that have the same, it may be the same map."""
        return self._settled.update(self._own()) if self._seen else self._settled

    def put(self, key: str, record: Record | None, position: int | None = None) -> Record | None:
        """Writes, or with None removes, one record; gives what was there. For a table that nobody else holds yet.

        A new record takes the position that is given, or else the next one.
        """
        held = self.get(key)
        if held is None:
            position, before = self.top if position is None else position, None
            if record is not None:
                self._add(key, (position, record))
        else:
            position, before = held
            self._replace(key, position, record)
        if self.unique or self.many:
            self._reindex(key, position, before, record)
        return before

    def fill(self, entries: Sequence[tuple[int, str, Record]]) -> Table:
        """An empty table filled at once, much faster than record by record, with (position, id, record) in order."""
        self._settled = Map({key: (position, record) for position, key, record in entries})
        self._order = ordered.build((position, key) for position, key, _ in entries)
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

    def _own(self) -> Iterator[tuple[str, Entry]]:
        return islice(self._recent.items(), self._seen)

    def _add(self, key: str, entry: Entry) -> None:
        self.count += 1
        if entry[0] < self.top:
            self._settle()
            self._settled = self._settled.set(key, entry)
            self._order = ordered.add(self._order, (entry[0], key))
            return
        if len(self._recent) != self._seen or self._seen == RECENT:
            self._settle()
        self._recent[key] = entry
        self._seen += 1
        self.top = entry[0] + 1

    def _replace(self, key: str, position: int, record: Record | None) -> None:
        if key in self._recent:
            self._settle()
        if record is not None:
            self._settled = self._settled.set(key, (position, record))
        else:
            self.count -= 1
            self._settled = self._settled.delete(key)
            self._order = ordered.remove(self._order, (position, key))

    def _settle(self) -> None:
        """Moves what waits to the map and the tree."""
        if self._seen:
            self._settled = self.entries()
            self._order = ordered.extended(self._order, [(entry[0], key) for key, entry in self._own()])
        self._recent, self._seen = {}, 0

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
            index = index.delete(old)
        if new is not None:
            index = index.set(new, key)
        self.unique[name] = index

    def _reindex_many(self, name: str, old: set[Any], new: set[Any]) -> None:
        for entry in old - new:
            self.many[name] = ordered.remove(self.many[name], entry)
        for entry in new - old:
            self.many[name] = ordered.add(self.many[name], entry)
