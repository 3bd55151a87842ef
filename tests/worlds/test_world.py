"""A world commits, resets, rewinds and exports its state, and notifies its watchers of every change."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mockserver.core.clock import Clock
from mockserver.core.messages import Request, Response
from mockserver.core.problems import NotFound
from mockserver.state.store import Change, Collection, Transaction, load
from mockserver.worlds.journal import Budget, Exchange, Journal, Settings
from mockserver.worlds.world import World

NOW = 1_000


class Watched:
    """A world with the record "a", and what its watcher was called with."""

    def __init__(self) -> None:
        self.notifications: list[tuple[str, list[str]]] = []
        state = load((Collection("things"),), {"things": {"a": {"name": "a"}}}, {"things": 1})
        settings = Settings(5, 7, {"strict": True}, Clock(lambda: NOW))
        journal = Journal(10, Budget(10**9))
        self.world = World("w", "full", state, settings, (state, settings), journal, [self.watch])

    def watch(self, world: World, changes: Sequence[Change]) -> None:
        self.notifications.append((world.name, [change.key for change in changes]))

    def write(self, key: str) -> None:
        """Writes a record and journals the exchange that did."""
        world, request = self.world, Request("POST", "/things")
        records = Transaction(world.state, world.seed)
        records.put("things", key, {"name": key})
        records.next("things")
        state = world.commit(records)
        number = len(world.journal) + 1
        world.journal.add(Exchange(number, NOW, "", "", request, Response(200), state, world.settings))

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.world.state.tables["things"].rows()]


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_world_shows_its_settings(watched: Watched) -> None:
    world = watched.world
    assert (world.born, world.seed, world.options, world.clock.now()) == (5, 7, {"strict": True}, NOW)


def test_a_commit_returns_the_new_state_and_notifies_of_its_changes(watched: Watched) -> None:
    before = watched.world.state
    records = Transaction(before)
    records.put("things", "b", {"name": "b"})
    after = watched.world.commit(records)
    assert after is watched.world.state is not before
    assert watched.notifications == [("w", ["b"])]


def test_a_commit_without_changes_notifies_nobody(watched: Watched) -> None:
    before = watched.world.state
    assert watched.world.commit(Transaction(before)) is before
    assert watched.notifications == []


def test_replacing_the_clock_notifies_without_changes(watched: Watched) -> None:
    state = watched.world.state
    watched.world.set_clock(watched.world.clock.frozen_at(42))
    assert (watched.world.clock.now(), watched.world.state, watched.world.seed) == (42, state, 7)
    assert watched.notifications == [("w", [])]


def test_a_reset_restores_state_and_settings_and_clears_the_journal(watched: Watched) -> None:
    world = watched.world
    watched.write("b")
    world.set_clock(world.clock.frozen_at(42))
    watched.notifications.clear()
    world.reset()
    assert (world.state, world.settings) == world.initial
    assert (watched.keys, world.clock.now(), len(world.journal)) == (["a"], NOW, 0)
    assert watched.notifications == [("w", [])]


def test_a_rewind_restores_any_exchange_of_the_journal_and_keeps_the_later_ones(watched: Watched) -> None:
    world = watched.world
    watched.write("b")
    world.set_clock(world.clock.frozen_at(42))
    watched.write("c")
    watched.notifications.clear()
    world.rewind(1)
    assert (watched.keys, world.clock.now(), len(world.journal)) == (["a", "b"], NOW, 2)
    world.rewind(2)
    assert (watched.keys, world.clock.now()) == (["a", "b", "c"], 42)
    assert watched.notifications == [("w", []), ("w", [])]


def test_a_rewind_to_an_unknown_exchange_is_refused_and_changes_nothing(watched: Watched) -> None:
    state = watched.world.state
    with pytest.raises(NotFound) as refusal:
        watched.world.rewind(3)
    assert (refusal.value.kind, refusal.value.key) == ("exchange", "3")
    assert (watched.world.state, watched.notifications) == (state, [])


def test_an_export_has_everything_but_the_journal(watched: Watched) -> None:
    watched.write("b")
    watched.world.set_clock(Clock(lambda: NOW, 3, 42))
    assert watched.world.export() == {
        "origin": "full",
        "born": 5,
        "seed": 7,
        "options": {"strict": True},
        "clock": {"offset": 3, "frozen": 42},
        "counters": {"things": 2},
        "collections": {"things": {"a": {"name": "a"}, "b": {"name": "b"}}},
    }
