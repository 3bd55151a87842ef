"""Worlds: complete, isolated states, each with its own clock, ids, options and journal.

Making, forking and resetting a world costs the same whatever its size: states are immutable, so they are shared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from mockserver.clock import Clock
from mockserver.journal import Budget, Journal
from mockserver.messages import Json
from mockserver.problems import Conflict, MalformedRequest, NotFound, Problem, TooManyRequests
from mockserver.store import Change, Collection, State, Transaction, dump, load

DEFAULT = "default"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


Watcher: TypeAlias = Callable[["World", Sequence[Change]], None]
"""Is told what changed in a world, right after it counts; an empty sequence stands for "anything". Must not raise."""


@dataclass(slots=True)
class World:
    """One isolated state.

    `origin` names the scenario or world it was made from; `initial` is how it was made; `born` is the instant, on its
    own clock, at which time began to pass in it.
    """

    name: str
    origin: str
    born: int
    seed: int
    state: State
    initial: State
    clock: Clock
    initial_clock: Clock
    options: dict[str, Any]
    journal: Journal
    watchers: Sequence[Watcher] = ()

    def commit(self, records: Transaction) -> State:
        """Makes a transaction count, tells the watchers, and gives the new state."""
        self.state = records.commit()
        if records.changes:
            self._tell(records.changes)
        return self.state

    def set_back(self, state: State) -> None:
        """Makes another state the present one. Watchers are told of no changes: anything may be different."""
        self.state = state
        self._tell(())

    def _tell(self, changes: Sequence[Change]) -> None:
        for watcher in self.watchers:
            watcher(self, changes)

    def reset(self) -> None:
        """Back to how the world was created; its journal begins anew."""
        self.set_back(self.initial)
        self.clock = self.initial_clock.fork()
        self.journal.clear()

    def export(self) -> dict[str, Json]:
        """All of it as JSON: `restore` takes it back."""
        clock: dict[str, Json] = {"offset": self.clock.offset, "frozen": self.clock.frozen}
        return {
            "origin": self.origin,
            "born": self.born,
            "seed": self.seed,
            "options": self.options,
            "clock": clock,
            "counters": dict(self.state.counters),
            "collections": dump(self.state),
        }


@dataclass(frozen=True)
class Limits:
    """Bounds that keep memory from growing: worlds, exchanges per world, journal bytes of the whole server."""

    worlds: int = 2_000
    exchanges: int = 1_000
    journal_bytes: int = 256 * 1024 * 1024


@dataclass
class Worlds:
    """All worlds of a server.

    `scenario_data(name)` gives a scenario's data, `{"collections": {name: {id: record}}, "counters": {name: number}}`,
    and raises KeyError for an unknown one.
    `options` are what new worlds begin with (`strict`, `auth`, `<service>.<name>`).
    """

    scenario_data: Callable[[str], Mapping[str, Json]]
    collections: tuple[Collection, ...]
    wall: Callable[[], int]
    scenario: str = "documented"
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self._worlds: dict[str, World] = {}
        self._scenarios: dict[str, State] = {}
        self._budget = Budget(self.limits.journal_bytes)
        self.watchers: list[Watcher] = []
        self.control = self._new("_control", load((), {}), Clock(self.wall), {}, origin="")

    def __iter__(self) -> Iterator[World]:
        return iter(self._worlds.values())

    def enter(self, name: str) -> World:
        """The world of this name, made from the server's scenario on first use."""
        return self._worlds.get(name) or self.create(name, self.scenario)

    def get(self, name: str) -> World:
        """An existing world; NotFound otherwise."""
        world = self._worlds.get(name)
        if world is None:
            raise NotFound("world", name)
        return world

    def create(
        self,
        name: str,
        origin: str | None = None,
        seed: int | None = None,
        now: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> World:
        """A new world from a scenario or an existing world (a fork). Conflict where the name is taken."""
        check_name(name)
        if name in self._worlds:
            raise Conflict(f"world {name} exists already")
        if len(self._worlds) >= self.limits.worlds:
            raise TooManyRequests(f"there are {self.limits.worlds} worlds already; drop some, or raise --max-worlds")
        origin = origin or self.scenario
        source = self._worlds.get(origin)
        state = source.state if source else self.scenario_state(origin)
        clock = source.clock.fork() if source else Clock(self.wall)
        if now is not None:
            clock.freeze(now)
        inherited = source.options if source else self.options
        world = self._new(name, state, clock, {**inherited, **(options or {})}, origin)
        if source:
            world.born, world.seed = source.born, source.seed
        if seed is not None:
            world.seed = seed
        self._worlds[name] = world
        return world

    def _new(self, name: str, state: State, clock: Clock, options: dict[str, Any], origin: str) -> World:
        return World(
            name=name,
            origin=origin,
            born=clock.now(),
            seed=self.seed,
            state=state,
            initial=state,
            clock=clock,
            initial_clock=clock.fork(),
            options=options,
            journal=Journal(self.limits.exchanges, self._budget),
            watchers=self.watchers,
        )

    def put(
        self,
        name: str,
        origin: str | None = None,
        seed: int | None = None,
        now: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> tuple[World, bool]:
        """As `create`, in place of the world that has this name, if any; tells whether there was one."""
        held = self._worlds.pop(name, None)
        try:
            if held is not None and origin == name:
                raise Conflict(f"world {name} can not be made from itself")
            world = self.create(name, origin, seed, now, options)
        except Problem:
            if held is not None:
                self._worlds[name] = held
            raise
        if held is not None:
            held.journal.clear()
        return world, held is not None

    def drop(self, name: str) -> None:
        """Removes a world and its journal; NotFound where there is none."""
        self.get(name).journal.clear()
        del self._worlds[name]

    def restore(self, world: World, exported: Mapping[str, Json]) -> None:
        """Makes a world what `World.export` said. Collections nobody declares are left out."""
        state = load(self.collections, exported["collections"], exported.get("counters"))
        clock = exported.get("clock", {})
        world.born = exported.get("born", world.born)
        world.seed = exported.get("seed", world.seed)
        world.options = {**world.options, **exported.get("options", {})}
        world.clock = Clock(self.wall, clock.get("offset", 0), clock.get("frozen"))
        world.set_back(state)

    def scenario_state(self, name: str) -> State:
        """A scenario's state, read once. NotFound for an unknown name."""
        if name not in self._scenarios:
            try:
                data = self.scenario_data(name)
            except KeyError:
                raise NotFound("world or scenario", name) from None
            self._scenarios[name] = load(self.collections, data["collections"], data["counters"])
        return self._scenarios[name]

    def forget_scenarios(self) -> None:
        """Reads the scenarios again when they are next needed. Worlds keep what they have."""
        self._scenarios.clear()


def check_name(name: str) -> str:
    """The name, where it is one that a world can have; MalformedRequest otherwise."""
    if not _NAME.fullmatch(name):
        raise MalformedRequest("a world's name is 1 to 63 of a-z, 0-9, _ and -, and does not begin with _ or -")
    return name
