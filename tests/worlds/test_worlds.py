"""Worlds are created from scenarios and from each other, replaced, dropped and restored, and share no changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mockserver.core.messages import Request, Response
from mockserver.core.problems import Conflict, MalformedRequest, NotFound, TooManyRequests
from mockserver.state.store import Change, Collection, Transaction
from mockserver.worlds.journal import EXCHANGE_OVERHEAD, Exchange
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


def journal_an_exchange(world: World) -> None:
    world.journal.last_id += 1
    request, response = Request("GET", "/things"), Response(200)
    world.journal.add(Exchange(world.journal.last_id, NOW, "", "", request, response, world.state, world.settings))


def keys(world: World) -> list[str]:
    return [key for key, _ in world.state.tables["things"].rows()]


def test_a_world_is_created_from_the_scenario_on_first_use(worlds: Worlds) -> None:
    world = worlds.get_or_create("default")
    assert (world.origin, keys(world), world.born) == ("full", ["a"], NOW)
    assert worlds.get_or_create("default") is world
    assert [world.name for world in worlds] == ["default"]


def test_getting_a_world_creates_only_the_default_one(worlds: Worlds) -> None:
    with pytest.raises(NotFound):
        worlds.get("other")
    assert list(worlds) == []
    assert worlds.get("default").name == "default"


def test_a_fork_starts_with_the_state_and_settings_of_its_origin_and_changes_alone(worlds: Worlds) -> None:
    origin = worlds.create("origin", seed=7, now=42, options={"strict": True})
    write(origin, "b")
    fork = worlds.create("fork", "origin")
    write(fork, "c")
    write(origin, "d")
    assert (keys(origin), keys(fork)) == (["a", "b", "d"], ["a", "b", "c"])
    assert (fork.seed, fork.clock.now(), fork.born, fork.options) == (7, 42, 42, {"strict": True})
    assert len(fork.journal) == 0


def test_a_fork_of_a_large_world_copies_no_records(worlds: Worlds) -> None:
    origin = worlds.create("origin")
    assert worlds.create("fork", "origin").state is origin.state


def test_the_options_of_a_world_override_those_of_the_server() -> None:
    worlds = make(options={"auth": "lenient", "strict": False})
    assert worlds.create("a", options={"auth": "off"}).options == {"auth": "off", "strict": False}
    assert worlds.create("b").options == {"auth": "lenient", "strict": False}


def test_a_reset_fork_has_the_state_it_was_forked_with(worlds: Worlds) -> None:
    write(worlds.create("origin"), "b")
    fork = worlds.create("fork", "origin")
    write(fork, "c")
    fork.reset()
    assert keys(fork) == ["a", "b"]


def test_a_name_in_use_and_an_unknown_origin_are_refused_and_change_nothing(worlds: Worlds) -> None:
    world = worlds.create("a")
    with pytest.raises(Conflict):
        worlds.create("a")
    with pytest.raises(NotFound):
        worlds.create_or_replace("a", "nowhere")
    with pytest.raises(Conflict):
        worlds.create_or_replace("a", "a")
    assert list(worlds) == [world]


def test_creating_or_replacing_a_world_tells_which_it_was(worlds: Worlds) -> None:
    write(worlds.create("a"), "b")
    world, replaced = worlds.create_or_replace("a", "empty")
    assert (replaced, keys(world)) == (True, [])
    assert worlds.create_or_replace("b")[1] is False


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


def test_an_export_that_can_not_be_loaded_changes_nothing(worlds: Worlds) -> None:
    world = worlds.create("a", now=42)
    with pytest.raises(AttributeError):
        worlds.restore(world, {"collections": {"things": 5}, "seed": 9, "clock": {"frozen": 1}})
    assert (keys(world), world.seed, world.clock.now()) == (["a"], 0, 42)


def test_watchers_are_notified_of_changes_and_of_creating_resetting_and_dropping_a_world() -> None:
    worlds = make()
    notifications: list[tuple[str, list[str]]] = []

    def watch(world: World, changes: Sequence[Change]) -> None:
        notifications.append((world.name, [change.key for change in changes]))

    worlds.watchers.append(watch)
    world = worlds.get_or_create("a")
    write(world, "b")
    world.commit(Transaction(world.state))
    world.reset()
    worlds.drop("a")
    assert notifications == [("a", []), ("a", ["b"]), ("a", []), ("a", [])]


def test_a_scenario_is_read_once_until_a_reload() -> None:
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


def test_a_dropped_world_is_created_anew_when_it_is_next_needed(worlds: Worlds) -> None:
    write(worlds.get_or_create("a"), "b")
    worlds.drop("a")
    assert keys(worlds.get_or_create("a")) == ["a"]
    with pytest.raises(NotFound):
        worlds.drop("nowhere")


def test_the_default_limits() -> None:
    assert Limits() == Limits(worlds=2_000, exchanges=1_000, journal_bytes=268_435_456)


def test_a_server_without_settings_begins_with_the_documented_scenario_and_the_seed_0() -> None:
    scenarios = {"documented": SCENARIOS["full"]}
    world = Worlds(scenarios.__getitem__, (Collection("things"),), lambda: NOW).get_or_create("a")
    assert (world.name, world.origin, world.seed, world.options) == ("a", "documented", 0, {})
    assert (world.clock.now(), world.journal.limit) == (NOW, 1_000)


@pytest.mark.parametrize("strict", [True, False])
def test_the_control_plane_has_a_strict_world_of_its_own(strict: bool) -> None:
    worlds = make(options={"strict": strict, "auth": "off"}, seed=3)
    control = worlds.control
    assert (control.name, control.origin, control.options) == ("_control", "", {"strict": True})
    assert (control.seed, control.born, control.clock.now()) == (0, 0, NOW)
    assert list(worlds) == []


def test_all_journals_share_the_budget_of_the_server() -> None:
    worlds = make(limits=Limits(exchanges=10, journal_bytes=2 * EXCHANGE_OVERHEAD))
    first, second = worlds.create("first"), worlds.create("second")
    for world in (first, first, second):
        journal_an_exchange(world)
    assert (len(first.journal), len(second.journal), first.journal.limit) == (2, 1, 10)
    journal_an_exchange(second)
    assert (len(first.journal), len(second.journal)) == (2, 1)


def test_finding_a_world_creates_none(worlds: Worlds) -> None:
    assert worlds.find("a") is None
    world = worlds.create("a")
    assert worlds.find("a") is world is worlds.get("a")


def test_refusals_name_the_world(worlds: Worlds) -> None:
    with pytest.raises(NotFound, match="not found") as unknown:
        worlds.get("a")
    assert (unknown.value.kind, unknown.value.key) == ("world", "a")
    with pytest.raises(NotFound, match="not found") as origin:
        worlds.create("a", "nowhere")
    assert (origin.value.kind, origin.value.key) == ("world or scenario", "nowhere")
    worlds.create("a")
    with pytest.raises(Conflict, match="world a can not be made from itself"):
        worlds.create_or_replace("a", "a")
    with pytest.raises(Conflict, match="world a exists already"):
        worlds.create("a")
    with pytest.raises(MalformedRequest):
        worlds.get_or_create("No World")


def test_a_world_gets_the_settings_that_it_asks_for_before_those_of_its_origin() -> None:
    worlds = make(seed=3, options={"auth": "lenient"})
    origin = worlds.create("origin", seed=7, now=42, options={"auth": "off"})
    assert (origin.seed, origin.clock.now(), origin.born, origin.origin) == (7, 42, 42, "full")
    fork = worlds.create("fork", "origin", seed=0, now=43, options={"strict": True})
    assert (fork.seed, fork.clock.now(), fork.born, fork.origin) == (0, 43, 42, "origin")
    assert fork.options == {"auth": "off", "strict": True}
    assert (worlds.create("plain").seed, worlds.create("plain2", "empty").clock.now()) == (3, NOW)


def test_a_world_may_replace_one_of_the_same_name_as_its_scenario(worlds: Worlds) -> None:
    world, replaced = worlds.create_or_replace("empty", "empty")
    assert (world.origin, replaced) == ("empty", False)


def test_a_refused_replacement_leaves_the_journal_and_a_successful_one_closes_it(worlds: Worlds) -> None:
    world = worlds.create("a")
    journal_an_exchange(world)
    with pytest.raises(NotFound):
        worlds.create_or_replace("a", "nowhere")
    assert (worlds.find("a"), len(world.journal)) == (world, 1)
    added: list[object] = []
    world.journal.follow(added.append)
    worlds.create_or_replace("a", "empty", seed=9, now=5, options={"x": 1})
    assert (added, len(world.journal)) == ([None], 0)
    (new,) = worlds
    assert (new.seed, new.clock.now(), new.options) == (9, 5, {"x": 1})


def test_a_saved_world_is_added_without_notifying_the_watchers(worlds: Worlds) -> None:
    saved = worlds.create("a")
    initial = (saved.state, saved.settings)
    write(saved, "b")
    saved.set_clock(saved.clock.frozen_at(42))
    other = make()
    notified: list[World] = []
    other.watchers.append(lambda world, _: notified.append(world))
    world = other.add_saved("a", "full", initial, saved.state, saved.settings)
    assert other.find("a") is world
    assert (world.name, world.origin, world.state, world.settings) == ("a", "full", saved.state, saved.settings)
    assert world.initial == initial
    assert notified == []


def test_a_dropped_world_returns_the_bytes_of_its_journal(worlds: Worlds) -> None:
    world = worlds.create("a")
    journal_an_exchange(world)
    worlds.drop("a")
    assert (len(world.journal), worlds.find("a")) == (0, None)


def test_settings_that_an_export_does_not_name_stay_as_they_are_but_for_the_clock(worlds: Worlds) -> None:
    world = worlds.create("a", seed=7, now=42, options={"strict": True, "x": 1})
    worlds.restore(world, {"collections": {"things": {"c": {"name": "c"}}}, "options": {"x": 2}})
    assert (keys(world), world.seed, world.born, world.clock.now()) == (["c"], 7, 42, NOW)
    assert world.options == {"strict": True, "x": 2}


def test_a_clock_is_restored_from_an_export(worlds: Worlds) -> None:
    world = worlds.create("a")
    worlds.restore(world, {"collections": {}, "seed": 9, "born": 8, "clock": {"offset": 5}})
    assert (world.clock.now(), world.seed, world.born) == (NOW + 5, 9, 8)
    worlds.restore(world, {"collections": {}, "clock": {"frozen": 6}})
    assert world.clock == world.clock.frozen_at(6)
    assert world.clock.offset == 0


def test_the_watchers_are_notified_of_a_restored_world(worlds: Worlds) -> None:
    world = worlds.create("a")
    notifications: list[str] = []
    worlds.watchers.append(lambda world, _: notifications.append(world.name))
    worlds.restore(world, {"collections": {}})
    assert notifications == ["a"]
