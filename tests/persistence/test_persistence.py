"""Worlds that are saved in a file are restored from it as they were, whatever happened to them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mockserver.core.clock import Clock
from mockserver.persistence.persistence import Persistence
from mockserver.persistence.state_file import StateFile, StateFileError
from mockserver.state.store import Collection, Transaction
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

COLLECTIONS = (
    Collection("people", unique={"name": lambda record: record["name"]}),
    Collection("groups", many={"member": lambda record: record["members"]}),
)
NAMES = st.sampled_from(["default", "ann", "bob"])
KEYS = st.sampled_from("abcdefgh")
RECORDS = st.builds(lambda name: {"name": name, "members": [name[:1]]}, st.text("xyz", max_size=4))
SCENARIO: dict[str, Any] = {
    "collections": {"people": {key: {"name": key, "members": []} for key in "cab"}},
    "counters": {"ids": 3},
}


def worlds() -> Worlds:
    return Worlds(lambda name: {"base": SCENARIO}[name], COLLECTIONS, lambda: 1_000, "base", options={"auth": "off"})


class Server:
    """Worlds and the file that they are saved in. `settle` calls what the event loop would call soon."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.worlds = worlds()
        self.soon: list[Callable[[], None]] = []
        self.failures: list[StateFileError] = []
        self.successor: Server | None = None
        self.file = StateFile(str(path))
        self.persistence = Persistence(self.worlds, self.file)
        self.persistence.start(self.soon.append, self.failures.append)

    def settle(self) -> None:
        while self.soon:
            self.soon.pop(0)()

    def change(self, name: str, *changes: tuple[str, str, Any]) -> World:
        """Puts records or, where the record is None, deletes them, in one transaction."""
        world = self.worlds.get_or_create(name)
        records = Transaction(world.state, world.seed)
        for collection, key, record in changes:
            if record is None:
                records.delete(collection, key)
            else:
                records.put(collection, key, record)
        world.commit(records)
        return world

    def content(self) -> Any:
        """Returns all that can be seen of the worlds, in their order: now, and after a reset."""
        return [(world.name, visible(world), visible(as_created(world))) for world in self.worlds]

    def restarted(self) -> Server:
        self.persistence.close()
        self.successor = Server(self.path)
        return self.successor

    def close(self) -> None:
        """Closes the file of the last server, because sqlite3 warns of open connections from Python 3.13 on."""
        if self.successor is None:
            self.file.close()
        else:
            self.successor.close()


def as_created(world: World) -> World:
    """Returns a world as it was when it was created."""
    return World(world.name, world.origin, *world.initial, world.initial, world.journal)


def visible(world: World) -> Any:
    exported = world.export()
    collections = {name: list(records.items()) for name, records in exported.pop("collections").items()}
    indexed = [Transaction(world.state).matching("groups", "member", letter) for letter in "xyz"]
    return exported, collections, indexed


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "state.db")
    yield server
    server.close()


class Histories(RuleBasedStateMachine):
    """Does to worlds all that a server does, in any order, and restarts the server in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.server = Server(self.folder / "state.db")
        self.past: list[Any] = []

    @rule(name=NAMES, collection=st.sampled_from(["people", "groups"]), key=KEYS, record=RECORDS)
    def put(self, name: str, collection: str, key: str, record: Any) -> None:
        self.server.change(name, (collection, key, record))

    @rule(name=NAMES, key=KEYS)
    def delete(self, name: str, key: str) -> None:
        self.server.change(name, ("people", key, None))

    @rule(name=NAMES, key=KEYS, record=RECORDS)
    def recreate(self, name: str, key: str, record: Any) -> None:
        self.server.change(name, ("people", key, None), ("people", key, record), ("groups", key, record))

    @rule(name=NAMES)
    def draw(self, name: str) -> None:
        world = self.server.worlds.get_or_create(name)
        records = Transaction(world.state, world.seed)
        records.draw(8)
        world.commit(records)

    @rule(name=NAMES, origin=NAMES, seed=st.integers(0, 9), now=st.integers(0, 99) | st.none())
    def create(self, name: str, origin: str, seed: int, now: int | None) -> None:
        self.server.worlds.get_or_create(origin)
        if name != origin:
            self.server.worlds.create_or_replace(name, origin, seed, now, {"strict": True})

    @rule(name=NAMES)
    def create_from_the_scenario(self, name: str) -> None:
        self.server.worlds.create_or_replace(name)

    @rule(name=NAMES)
    def drop(self, name: str) -> None:
        self.server.worlds.get_or_create(name)
        self.server.worlds.drop(name)

    @rule(name=NAMES)
    def reset(self, name: str) -> None:
        self.server.worlds.get_or_create(name).reset()

    @rule(name=NAMES, offset=st.integers(-5, 5))
    def move_the_clock(self, name: str, offset: int) -> None:
        world = self.server.worlds.get_or_create(name)
        world.set_clock(Clock(world.clock.wall, offset))

    @rule(name=NAMES)
    def remember(self, name: str) -> None:
        world = self.server.worlds.get_or_create(name)
        self.past.append((name, world.state, world.settings))

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def switch_to(self, data: st.DataObject) -> None:
        name, *moment = data.draw(st.sampled_from(self.past))
        self.server.worlds.get_or_create(name).switch_to(*moment)

    @rule(name=NAMES, origin=NAMES)
    def take_over(self, name: str, origin: str) -> None:
        exported = self.server.worlds.get_or_create(origin).export()
        self.server.worlds.restore(self.server.worlds.get_or_create(name), exported)

    @rule()
    def settle(self) -> None:
        self.server.settle()

    @rule()
    def restart(self) -> None:
        before = self.server.content()
        self.server = self.server.restarted()
        self.past.clear()
        assert self.server.content() == before

    @invariant()
    def nothing_failed(self) -> None:
        assert not self.server.failures

    def teardown(self) -> None:
        try:
            self.restart()
            for world in list(self.server.worlds):
                self.server.worlds.drop(world.name)
            self.server.settle()
            assert not self.server.file.layers()
            assert not list(self.server.file.records())
        finally:
            self.server.persistence.close()
            shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_worlds_that_share_a_state_share_it_on_disk(server: Server) -> None:
    people = [("people", f"p{number}", {"name": f"p{number}", "members": []}) for number in range(500)]
    server.change("default", *people)
    server.settle()
    written = len(list(server.file.records()))
    for number in range(20):
        server.worlds.create_or_replace(f"fork{number}", "default")
    server.settle()
    assert len(list(server.file.records())) == written
    server.change("fork7", ("people", "p1", None))
    server.settle()
    assert len(list(server.file.records())) == written + 1
    again = server.restarted()
    tables = {id(world.state.tables["people"]) for world in again.worlds if world.name != "fork7"}
    assert len(tables) == 1
    assert Transaction(again.worlds.get("fork7").state).get("people", "p1") is None


def test_what_is_created_and_deleted_leaves_nothing_behind(server: Server) -> None:
    server.change("default", ("groups", "g", {"name": "", "members": []}))
    server.settle()
    written = len(list(server.file.records()))
    for _ in range(3):
        server.change("default", ("people", "new", {"name": "n", "members": []}))
        server.settle()
        server.change("default", ("people", "new", None))
        server.settle()
    assert len(list(server.file.records())) == written


def test_forks_that_come_and_go_leave_nothing_behind(server: Server) -> None:
    for number in range(30):
        server.change("default", ("people", "x", {"name": f"n{number}", "members": []}))
        server.worlds.create_or_replace("fork", "default")
        server.settle()
        server.change("default", ("people", f"p{number % 3}", {"name": f"p{number}", "members": []}))
        server.settle()
        server.worlds.drop("fork")
        server.settle()
    assert len(server.file.layers()) == 2
    assert len(list(server.file.records())) == 3 + 4


def test_many_changes_share_one_commit_and_who_waits_is_called_after_it(server: Server) -> None:
    outcomes: list[bool] = []
    for key in "abc":
        server.change("default", ("groups", key, {"name": key, "members": []}))
        server.persistence.when_saved(outcomes.append)
    assert server.persistence.pending
    assert (len(server.soon), outcomes, server.file.worlds()) == (1, [], [])
    server.settle()
    assert not server.persistence.pending
    assert outcomes == [True] * 3


def test_a_file_that_can_not_be_written_any_more_fails_for_good(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    outcomes: list[bool] = []
    server.file.close()
    server.change("default", ("groups", "a", {"name": "a", "members": []}))
    server.persistence.when_saved(outcomes.append)
    server.settle()
    server.persistence.when_saved(outcomes.append)
    assert outcomes == [False, False]
    assert server.persistence.pending
    server.change("default", ("groups", "b", {"name": "b", "members": []}))
    server.persistence.close()
    (failure,) = server.failures
    assert str(failure).startswith(f"{server.path} is no state file, or a damaged one")
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("mockserver", "the state could not be saved")
    ]


def test_an_unexpected_failure_is_reported_with_its_cause(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("no reason")

    monkeypatch.setattr(server.file, "add_world", fail)
    server.change("default", ("groups", "a", {"name": "a", "members": []}))
    server.settle()
    (failure,) = server.failures
    assert str(failure) == "the state can't be saved: ZeroDivisionError('no reason')"


def test_a_closed_persistence_watches_nothing_and_one_that_never_started_can_be_closed(server: Server) -> None:
    server.persistence.close()
    assert server.worlds.watchers == []
    Persistence(worlds(), StateFile(str(server.path))).close()


def test_a_clock_that_was_moved_and_reset_is_saved_as_it_was(server: Server) -> None:
    world = server.change("default", ("groups", "a", None))
    server.settle()
    world.set_clock(Clock(world.clock.wall, 5))
    server.settle()
    world.reset()
    server.settle()
    assert server.restarted().worlds.get("default").clock.offset == 0
