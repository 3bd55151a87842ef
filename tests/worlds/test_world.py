"""Worlds are made from scenarios and from each other, cheaply, and none sees another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mockserver.core.problems import Conflict, MalformedRequest, NotFound, TooManyRequests
from mockserver.state.store import Change, Collection, Transaction
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Limits, Worlds

NOW = 1_000
SCENARIOS: dict[str, Any] = {
    "empty": {"collections": {}, "counters": {}},
    "full": {"collections": {"things": {"a": {"name": "1"}}}, "counters": {"things": 1}},
}


@pytest.fixture
def worlds() -> Worlds:
    return make()


def make(**settings: Any) -> Worlds:
    return Worlds(SCENARIOS.__getitem__, (Collection("things"),), lambda: NOW, "full", **settings)


def write(world: World, key: str) -> None:
    records = Transaction(world.state, world.seed)
    records.put("things", key, {"name": key})
    records.next("things")
    world.commit(records)


def held(world: World) -> list[str]:
    return [key for key, _ in world.state.tables["things"].rows()]


def test_a_world_is_made_from_the_scenario_on_first_use(worlds: Worlds) -> None:
    world = worlds.get_or_create("default")
    assert (world.origin, held(world), world.born) == ("full", ["a"], NOW)
    assert worlds.get_or_create("default") is world
    assert [it.name for it in worlds] == ["default"]


def test_getting_a_world_makes_none_but_the_default_which_is_always_there(worlds: Worlds) -> None:
    with pytest.raises(NotFound):
        worlds.get("other")
    assert list(worlds) == []
    assert worlds.get("default").name == "default"


def test_a_fork_begins_where_its_origin_is_and_goes_its_own_way(worlds: Worlds) -> None:
    origin = worlds.create("origin", seed=7, now=42, options={"strict": True})
    write(origin, "b")
    fork = worlds.create("fork", "origin")
    write(fork, "c")
    write(origin, "d")
    assert (held(origin), held(fork)) == (["a", "b", "d"], ["a", "b", "c"])
    assert (fork.seed, fork.clock.now(), fork.born, fork.options) == (7, 42, 42, {"strict": True})
    assert len(fork.journal) == 0


def test_a_fork_of_a_large_world_copies_no_records(worlds: Worlds) -> None:
    origin = worlds.create("origin")
    assert worlds.create("fork", "origin").state is origin.state


def test_options_of_a_world_come_over_those_of_the_server() -> None:
    worlds = make(options={"auth": "lenient", "strict": False})
    assert worlds.create("a", options={"auth": "off"}).options == {"auth": "off", "strict": False}
    assert worlds.create("b").options == {"auth": "lenient", "strict": False}


def test_a_reset_takes_a_world_back_to_how_it_was_made(worlds: Worlds) -> None:
    world = worlds.create("a", now=42)
    write(world, "b")
    world.set_clock(world.clock.frozen_at(43))
    world.reset()
    assert (held(world), world.clock.now()) == (["a"], 42)
    assert (world.state, world.settings) == world.initial


def test_a_reset_fork_goes_back_to_the_fork_not_to_the_scenario(worlds: Worlds) -> None:
    write(worlds.create("origin"), "b")
    fork = worlds.create("fork", "origin")
    write(fork, "c")
    fork.reset()
    assert held(fork) == ["a", "b"]


def test_a_taken_name_and_an_unknown_origin_are_refused_and_change_nothing(worlds: Worlds) -> None:
    world = worlds.create("a")
    with pytest.raises(Conflict):
        worlds.create("a")
    with pytest.raises(NotFound):
        worlds.create_or_replace("a", "nowhere")
    with pytest.raises(Conflict):
        worlds.create_or_replace("a", "a")
    assert list(worlds) == [world]


def test_put_replaces_a_world(worlds: Worlds) -> None:
    write(worlds.create("a"), "b")
    world, replaced = worlds.create_or_replace("a", "empty")
    assert (replaced, held(world)) == (True, [])
    assert worlds.create_or_replace("b")[1] is False


@pytest.mark.parametrize("name", ["", "A", "a b", "-a", "_control", "a/b", "a.b", "é", "a" * 64, "a\n", "\udcff"])
def test_a_name_that_no_world_can_have_is_refused(worlds: Worlds, name: str) -> None:
    with pytest.raises(MalformedRequest):
        worlds.get_or_create(name)
    assert list(worlds) == []


@pytest.mark.parametrize("name", ["a", "0", "a-b_c", "a" * 63])
def test_a_good_name_is_taken(worlds: Worlds, name: str) -> None:
    assert worlds.get_or_create(name).name == name


def test_there_are_not_more_worlds_than_the_limit() -> None:
    worlds = make(limits=Limits(worlds=2))
    worlds.get_or_create("a")
    worlds.get_or_create("b")
    with pytest.raises(TooManyRequests):
        worlds.get_or_create("c")
    worlds.drop("a")
    assert worlds.get_or_create("c").name == "c"


def test_a_replaced_world_counts_once() -> None:
    worlds = make(limits=Limits(worlds=1))
    worlds.get_or_create("a")
    assert worlds.create_or_replace("a", "empty")[1] is True


def test_an_export_restores_everything_into_another_world(worlds: Worlds) -> None:
    origin = worlds.create("origin", seed=7, now=42, options={"strict": True})
    write(origin, "b")
    other = worlds.create("other", "empty")
    worlds.restore(other, origin.export())
    assert {**other.export(), "origin": ""} == {**origin.export(), "origin": ""}
    assert Transaction(other.state).next("things") == 3


def test_a_state_that_does_not_fit_changes_nothing(worlds: Worlds) -> None:
    world = worlds.create("a", now=42)
    with pytest.raises(AttributeError):
        worlds.restore(world, {"collections": {"things": 5}, "seed": 9, "clock": {"frozen": 1}})
    assert (held(world), world.seed, world.clock.now()) == (["a"], 0, 42)


def test_watchers_are_told_what_changed_and_of_births_resets_and_ends_that_anything_may_have() -> None:
    worlds = make()
    told: list[tuple[str, list[str]]] = []

    def watch(world: World, changes: Sequence[Change]) -> None:
        told.append((world.name, [change.key for change in changes]))

    worlds.watchers.append(watch)
    world = worlds.get_or_create("a")
    write(world, "b")
    world.commit(Transaction(world.state))
    world.reset()
    worlds.drop("a")
    assert told == [("a", []), ("a", ["b"]), ("a", []), ("a", [])]


def test_scenarios_are_read_once_until_they_are_forgotten() -> None:
    read: list[str] = []

    def data(name: str) -> Any:
        read.append(name)
        return SCENARIOS[name]

    worlds = Worlds(data, (Collection("things"),), lambda: NOW, "full")
    for name in ("a", "b"):
        worlds.get_or_create(name)
    assert read == ["full"]
    worlds.reload_scenarios()
    worlds.get_or_create("c")
    assert read == ["full", "full"]


def test_a_dropped_world_gives_its_journal_back_and_begins_anew(worlds: Worlds) -> None:
    write(worlds.get_or_create("a"), "b")
    worlds.drop("a")
    assert held(worlds.get_or_create("a")) == ["a"]
    with pytest.raises(NotFound):
        worlds.drop("nowhere")
