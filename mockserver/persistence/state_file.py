"""The file behind `serve --state`: worlds in SQLite. The only importer of sqlite3.

    worlds   a world's settings, the layer of its initial state, and the layer of its present state
    layers   a state that worlds share: its counters, and the layer below it, if there is one
    records  how a layer differs from the one below it: a record, or NULL for a record that was deleted

SQLite writes a log ahead (WAL) and hands it to the operating system at every commit, so what was committed survives the
death of the process at any instant. The log is forced to the disk from time to time only (`synchronous = NORMAL`). When
the machine loses power, the last commits may be missing, but the file is consistent, as it was a few moments before.

One process at a time may have the file open. The operating system releases the lock when the process dies.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from mockserver.core.messages import Json, encode
from mockserver.state.store import Record

APPLICATION = 0x1D9A0C4
"""Distinguishes the files of this program from other SQLite files (`PRAGMA application_id`)."""
VERSION = 1
"""The version of the tables below (`PRAGMA user_version`)."""

_TABLES = """
CREATE TABLE worlds (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL,
    initial INTEGER NOT NULL, present INTEGER NOT NULL);
CREATE TABLE layers (id INTEGER PRIMARY KEY, below INTEGER, counters TEXT NOT NULL);
CREATE TABLE records (
    layer INTEGER NOT NULL, collection TEXT NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL, record BLOB,
    UNIQUE (layer, collection, key));
"""

_WRITE = """
INSERT INTO records (layer, collection, key, position, record) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET position = excluded.position, record = excluded.record
"""


class StateFileError(ValueError):
    """The file can't be used. The message says why, and what can be done about it."""


@dataclass(frozen=True, slots=True)
class SavedLayer:
    """A row of `layers`. `below` is a layer with a smaller id."""

    id: int
    below: int | None
    counters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SavedWorld:
    """A row of `worlds`. `settings` is what `add_world` or `set_world` took; `initial` and `present` are layers."""

    name: str
    settings: Json
    initial: int
    present: int


class StateFile:
    """An open file. Raises StateFileError where it can't be opened, is damaged or in use, or is another program's."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            # Secrets are in it, so nobody else may read it; SQLite gives the files beside it the same mode.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise StateFileError(f"can't open the state file {path}: {error.strerror}") from None
        self._database = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            with self._explained():
                self._prepare()
        except StateFileError:
            self._database.close()
            raise

    def _prepare(self) -> None:
        run = self._database.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        application, version = self._pragma("application_id"), self._pragma("user_version")
        new = not application and not version and not self._pragma("schema_version")
        if not new and application != APPLICATION:
            raise StateFileError(f"{self.path} is a database of another program; choose another file for --state")
        if not new and version != VERSION:
            raise StateFileError(
                f"{self.path} was written by another version of mockserver; choose another file for --state"
            )
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run("BEGIN IMMEDIATE")  # takes the lock, which lasts until the file is closed
        if new:
            for statement in _TABLES.split(";"):
                run(statement)
            run(f"PRAGMA application_id = {APPLICATION}")
            run(f"PRAGMA user_version = {VERSION}")
        run("COMMIT")

    def _pragma(self, name: str) -> int:
        return int(self._database.execute(f"PRAGMA {name}").fetchone()[0])

    def worlds(self) -> list[SavedWorld]:
        """Returns all worlds, in the order of their creation."""
        with self._explained():
            rows = self._database.execute("SELECT name, settings, initial, present FROM worlds ORDER BY id").fetchall()
            return [SavedWorld(name, orjson.loads(settings), *layers) for name, settings, *layers in rows]

    def layers(self) -> list[SavedLayer]:
        """Returns all layers, each after the one below it."""
        with self._explained():
            rows = self._database.execute("SELECT id, below, counters FROM layers ORDER BY id").fetchall()
            return [SavedLayer(layer, below, orjson.loads(counters)) for layer, below, counters in rows]

    def records(self) -> Iterator[tuple[int, str, int, str, Record | None]]:
        """Yields layer, collection, position, id and record of all rows, in no order."""
        with self._explained():
            rows = self._database.execute("SELECT layer, collection, position, key, record FROM records")
            for layer, collection, position, key, record in rows:
                yield layer, collection, position, key, None if record is None else orjson.loads(record)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Writes all changes of its block to the file, or none. Raises StateFileError where that is impossible."""
        with self._explained():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def add_layer(self, below: int | None, counters: Mapping[str, int]) -> int:
        """Adds a layer without rows. Returns its id."""
        row = self._database.execute("INSERT INTO layers (below, counters) VALUES (?, ?)", (below, encode(counters)))
        return int(row.lastrowid or 0)

    def set_counters(self, layer: int, counters: Mapping[str, int]) -> None:
        """Replaces a layer's counters."""
        self._database.execute("UPDATE layers SET counters = ? WHERE id = ?", (encode(counters), layer))

    def put_records(self, layer: int, records: Iterable[tuple[str, str, int, Record | None]]) -> None:
        """Writes rows of a layer: collection, id, position, and the record or None."""
        self._database.executemany(
            _WRITE,
            (
                (layer, collection, key, position, None if record is None else encode(record))
                for collection, key, position, record in records
            ),
        )

    def remove_records(self, layer: int, records: Iterable[tuple[str, str]]) -> None:
        """Removes the rows of a layer for these (collection, id)."""
        statement = "DELETE FROM records WHERE layer = ? AND collection = ? AND key = ?"
        self._database.executemany(statement, ((layer, collection, key) for collection, key in records))

    def remove_layer(self, layer: int) -> None:
        """Removes a layer with all its rows. No layer may be above it."""
        self._database.execute("DELETE FROM records WHERE layer = ?", (layer,))
        self._database.execute("DELETE FROM layers WHERE id = ?", (layer,))

    def merge_layers(self, layer: int, above: int) -> None:
        """Gives a layer the state of the layer above it, and removes that one. Nothing else may use the lower one."""
        run = self._database.execute
        run(
            "DELETE FROM records WHERE layer = ? AND (collection, key) IN"
            " (SELECT collection, key FROM records WHERE layer = ?)",
            (layer, above),
        )
        run("UPDATE records SET layer = ? WHERE layer = ?", (layer, above))
        run("UPDATE layers SET counters = (SELECT counters FROM layers WHERE id = ?) WHERE id = ?", (above, layer))
        run("DELETE FROM layers WHERE id = ?", (above,))
        run("UPDATE layers SET below = ? WHERE below = ?", (layer, above))
        run("UPDATE worlds SET initial = ? WHERE initial = ?", (layer, above))
        run("UPDATE worlds SET present = ? WHERE present = ?", (layer, above))

    def add_world(self, name: str, settings: Json, initial: int, present: int) -> None:
        """Adds a world after all others."""
        values = (name, encode(settings), initial, present)
        self._database.execute("INSERT INTO worlds (name, settings, initial, present) VALUES (?, ?, ?, ?)", values)

    def set_world(self, name: str, settings: Json, present: int) -> None:
        """Replaces a world's settings and its present layer."""
        values = (encode(settings), present, name)
        self._database.execute("UPDATE worlds SET settings = ?, present = ? WHERE name = ?", values)

    def remove_world(self, name: str) -> None:
        """Removes a world, but not its layers."""
        self._database.execute("DELETE FROM worlds WHERE name = ?", (name,))

    def close(self) -> None:
        """Closes the file, which other processes may open then."""
        self._database.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turns errors of SQLite and of the JSON reader into messages for people."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise StateFileError(
                    f"{self.path} is in use by another server; stop it, or choose another file"
                ) from None
            raise StateFileError(f"can't use the state file {self.path}: {error}") from error
        except (sqlite3.Error, orjson.JSONDecodeError) as error:
            raise StateFileError(f"{Path(self.path)} is no state file, or a damaged one: {error}") from error
