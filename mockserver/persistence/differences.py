"""How two states differ, and how a state is rebuilt from another one and the differences.

In memory a state shares with its predecessor whatever both have. These two functions let a file do the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from mockserver.state.store import Record, State, Table

Key: TypeAlias = tuple[str, str]
"""The name of a collection and the id of a record in it."""

Row: TypeAlias = tuple[int, str, Record | None]
"""A record's position in the order of creation, its id, and the record; None for a record that was deleted."""

REBUILD = 8
"""A table with at most so many records per changed row is built anew, which is faster than changing it."""


def differences(before: State, after: State) -> Iterator[Key]:
    """Yields each record that only one of two states has, or that they have with another content or position.

    Costs nothing for tables that both share, and little for tables with a common history.
    """
    for name, table in sorted(after.tables.items()):
        if table is not before.tables[name]:
            yield from ((name, key) for key in table.records.differences(before.tables[name].records))


def overlay(below: State, rows: Mapping[str, Sequence[Row]], counters: Mapping[str, int]) -> State:
    """Returns a state with the rows applied and the counters replaced.

    `rows` maps a collection to its rows, in the order of their positions. Collections that no service declares any
    more are left out.
    """
    changed = {name: _overlaid(below.tables[name], some) for name, some in rows.items() if name in below.tables}
    return State({**below.tables, **changed}, dict(counters))


def _overlaid(table: Table, rows: Sequence[Row]) -> Table:
    if len(rows) * REBUILD < table.count:
        return _changed(table.copy(), rows)
    replaced = {row[1] for row in rows}
    entries = [(position, key, record) for position, key, record in rows if record is not None]
    unchanged = ((key, entry) for key, entry in table.records.to_dict().items() if key not in replaced)
    entries += [(position, key, record) for key, (position, record) in unchanged]
    return Table(table.kind).fill(sorted(entries, key=itemgetter(0)))


def _changed(table: Table, rows: Sequence[Row]) -> Table:
    """Applies the rows to a table one by one, each at the position that it names, and returns the table."""
    for position, key, record in rows:
        entry = table.records.get(key)
        if entry is not None and entry[0] != position:
            table.put(key, None)  # a record that was deleted and created again has another position than before
        table.put(key, record, position)
    return table
