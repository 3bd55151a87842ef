"""A state file belongs to one server, takes all of a transaction or nothing, and explains why it can't be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver.persistence.state_file import VERSION, SavedLayer, SavedWorld, StateFile, StateFileError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def file(path: Path) -> Iterator[StateFile]:
    file = StateFile(str(path))
    yield file
    file.close()


def reopened(file: StateFile) -> StateFile:
    file.close()
    return StateFile(file.path)


def pragma(path: Path, setting: str) -> Any:
    """Reads or changes a setting of a database that no server has open."""
    database = sqlite3.connect(path)
    try:
        row = database.execute(f"PRAGMA {setting}").fetchone()
        database.commit()
    finally:
        database.close()
    return row and row[0]


def test_what_is_written_is_read_after_the_file_was_closed(file: StateFile) -> None:
    lower = file.add_layer(None, {"ids": 1})
    upper = file.add_layer(lower, {})
    file.put_records(upper, [("people", "a", 4, {"name": "ä"}), ("people", "b", 5, None)])
    file.set_counters(upper, {"ids": 2})
    file.add_world("one", {"x": 1}, lower, lower)
    file.add_world("two", {}, lower, lower)
    file.set_world("one", {"x": 2}, upper)
    file = reopened(file)
    assert file.layers() == [SavedLayer(lower, None, {"ids": 1}), SavedLayer(upper, lower, {"ids": 2})]
    assert file.worlds() == [SavedWorld("one", {"x": 2}, lower, upper), SavedWorld("two", {}, lower, lower)]
    assert list(file.records()) == [(upper, "people", 4, "a", {"name": "ä"}), (upper, "people", 5, "b", None)]
    file.close()


def test_a_record_is_replaced_and_removed(file: StateFile) -> None:
    layer, other = file.add_layer(None, {}), file.add_layer(None, {})
    for number in (layer, other):
        file.put_records(number, [("people", "a", 0, {"n": 0}), ("people", "b", 1, {"n": 0}), ("groups", "a", 0, {})])
    file.put_records(layer, [("people", "a", 2, {"n": 1})])
    file.remove_records(layer, [("people", "b"), ("people", "unknown")])
    rows = sorted(row[:4] for row in file.records())
    assert rows[:2] == [(layer, "groups", 0, "a"), (layer, "people", 2, "a")]
    assert len(rows) == 2 + 3


def test_a_removed_layer_and_a_removed_world_leave_the_others(file: StateFile) -> None:
    layers = [file.add_layer(None, {}) for _ in range(2)]
    for layer in layers:
        file.put_records(layer, [("people", "a", 0, {})])
        file.add_world(f"world{layer}", {}, layer, layer)
    file.remove_world(f"world{layers[0]}")
    file.remove_layer(layers[0])
    assert [row[0] for row in file.records()] == [layers[1]]
    assert [saved.id for saved in file.layers()] == [layers[1]]
    assert [world.initial for world in file.worlds()] == [layers[1]]


def test_a_merged_layer_is_what_the_upper_one_was(file: StateFile) -> None:
    lower = file.add_layer(None, {"ids": 1})
    upper = file.add_layer(lower, {"ids": 2})
    top, other = file.add_layer(upper, {"ids": 3}), file.add_layer(None, {"ids": 4})
    file.put_records(lower, [("people", "a", 0, {"n": 0}), ("people", "b", 1, {"n": 0}), ("groups", "a", 0, {})])
    file.put_records(upper, [("people", "a", 2, {"n": 1})])
    for layer in (top, other):
        file.put_records(layer, [("people", "a", 9, None)])
    file.add_world("one", {}, upper, upper)
    file.add_world("two", {}, other, top)
    file.merge_layers(lower, upper)
    assert file.layers() == [
        SavedLayer(lower, None, {"ids": 2}),
        SavedLayer(top, lower, {"ids": 3}),
        SavedLayer(other, None, {"ids": 4}),
    ]
    assert [(world.initial, world.present) for world in file.worlds()] == [(lower, lower), (other, top)]
    assert sorted(row[:4] for row in file.records()) == [
        (lower, "groups", 0, "a"),
        (lower, "people", 1, "b"),
        (lower, "people", 2, "a"),
        (top, "people", 9, "a"),
        (other, "people", 9, "a"),
    ]


def test_a_transaction_that_fails_writes_nothing(file: StateFile) -> None:
    def fail() -> None:
        with file.transaction():
            file.add_layer(None, {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with file.transaction():
        kept = file.add_layer(None, {})
    file = reopened(file)
    assert [saved.id for saved in file.layers()] == [kept]
    file.close()


def test_nobody_else_may_read_the_file(file: StateFile, path: Path) -> None:
    file.add_layer(None, {})
    modes = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    assert modes == {"state.db": 0o600, "state.db-wal": 0o600}


def test_commits_survive_the_death_of_the_process_and_reach_the_disk_later(path: Path) -> None:
    """Other settings of SQLite would be slower or lose acknowledged changes."""
    file = StateFile(str(path))
    assert file._pragma("synchronous") == 1
    file.close()
    assert pragma(path, "journal_mode") == "wal"


def test_the_marks_of_the_file_stay_what_they_are(file: StateFile, path: Path) -> None:
    """Others would lock people out of the files that they have."""
    file.close()
    assert [pragma(path, "application_id"), pragma(path, "user_version")] == [0x1D9A0C4, 1]


def test_only_one_server_has_the_file(file: StateFile, path: Path) -> None:
    with pytest.raises(StateFileError, match=r"state\.db is in use by another server"):
        StateFile(str(path))
    reopened(file).close()


def test_a_file_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE theirs (id INTEGER)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(StateFileError, match=r"state\.db is a database of another program"):
        StateFile(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("setting", ["application_id = 1", "user_version = 1"])
def test_an_empty_database_that_somebody_marked_is_refused(path: Path, setting: str) -> None:
    pragma(path, setting)
    with pytest.raises(StateFileError, match="another program"):
        StateFile(str(path))


def test_a_file_of_another_version_is_refused(file: StateFile, path: Path) -> None:
    file.close()
    pragma(path, f"user_version = {VERSION + 1}")
    with pytest.raises(StateFileError, match=r"state\.db was written by another version of mockserver") as refusal:
        StateFile(str(path))
    pragma(path, f"user_version = {VERSION}")  # fails where the refused file is still open
    StateFile(str(path)).close()
    del refusal


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"something else, and long enough for a header of a hundred bytes" * 9)
    with pytest.raises(StateFileError, match=r"state\.db is no state file, or a damaged one"):
        StateFile(str(path))


def test_a_place_where_no_file_can_be_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match=r"can't open the state file .*: No such file or directory"):
        StateFile(str(tmp_path / "missing" / "state.db"))


@pytest.mark.parametrize(
    ("statement", "read"),
    [
        ("UPDATE worlds SET settings = '{'", StateFile.worlds),
        ("UPDATE layers SET counters = '{'", StateFile.layers),
        ("UPDATE records SET record = '{'", lambda file: list(file.records())),
    ],
)
def test_damaged_json_is_explained(file: StateFile, statement: str, read: Any) -> None:
    layer = file.add_layer(None, {})
    file.put_records(layer, [("people", "a", 0, {})])
    file.add_world("one", {}, layer, layer)
    file._database.execute(statement)
    with pytest.raises(StateFileError, match=r"state\.db is no state file, or a damaged one"):
        read(file)


def test_a_missing_table_is_explained(file: StateFile) -> None:
    file._database.execute("DROP TABLE layers")
    with pytest.raises(StateFileError, match=r"can't use the state file .*state\.db: no such table: layers"):
        file.layers()


def test_a_closed_file_can_not_be_written(file: StateFile) -> None:
    file.close()
    with pytest.raises(StateFileError, match=r"state\.db"), file.transaction():
        pass
