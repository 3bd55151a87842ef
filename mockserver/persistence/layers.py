"""What one state has differently from another, and the state that a difference over another gives.

In memory a state shares with the one that it came from whatever both have; these two functions let a file do the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from mockserver.state.store import Record, State, Table

Row: TypeAlias = tuple[int, str, Record | None]
"""A record's position in the order of creation, its id, and the record; None where there is none any more."""

MANY = 8
"""A table of at most so many times the rows that change it is built anew, which is the faster way then."""


def differences(before: State, after: State) -> Iterator[tuple[str, str]]:
    """Collection and id of each record that only one of two states has, or that they have differently or elsewhere.

    Tables that both share cost nothing.
    """
    for name, table in sorted(after.tables.items()):
        if table is not before.tables[name]:
            yield from ((name, key) for key in table.records.differences(before.tables[name].records))


def overlay(below: State, rows: Mapping[str, Sequence[Row]], counters: Mapping[str, int]) -> State:
    """The state with these rows, each collection's in order of position, over another's.

    Collections that nobody declares any more are left out.
    """
    changed = {name: _overlaid(below.tables[name], its) for name, its in rows.items() if name in below.tables}
    return State({**below.tables, **changed}, dict(counters))


def _overlaid(table: Table, rows: Sequence[Row]) -> Table:
    if len(rows) * MANY < table.count:
        return _changed(table.copy(), rows)
    held = table.records.to_dict()
    replaced = {row[1] for row in rows} if held else ()
    entries = [(position, key, record) for position, key, record in rows if record is not None]
    entries += [(position, key, record) for key, (position, record) in held.items() if key not in replaced]
    return Table(table.kind).fill(sorted(entries, key=itemgetter(0)))


def _changed(table: Table, rows: Sequence[Row]) -> Table:
    """The table itself, changed row by row. Each record gets the position it had, whatever came after it since."""
    for position, key, record in rows:
        held = table.records.get(key)
        if held is not None and held[0] != position:
            table.put(key, None)
        table.put(key, record, position)
    return table
