"""All worlds of a server: how they are created, forked, replaced, dropped and restored.

States are immutable, so worlds share them: creating or forking a world costs the same whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.core.clock import Clock
from mockserver.core.messages import Json
from mockserver.core.problems import Conflict, NotFound, Problem, Refused, TooManyRequests
from mockserver.core.suggestions import shortened, suggestion
from mockserver.state.store import Collection, State, load
from mockserver.worlds.deliveries import hold_inherited
from mockserver.worlds.journal import Budget, Journal, Settings
from mockserver.worlds.names import DEFAULT, check_name
from mockserver.worlds.world import Watcher, World


@dataclass(frozen=True)
class Limits:
    """Bounds of a server's memory: worlds, exchanges in each journal, and bytes of all journals together."""

    worlds: int = 2_000
    exchanges: int = 1_000
    journal_bytes: int = 256 * 1024 * 1024


@dataclass
class Worlds:
    """All worlds of a server, by name.

    `scenario_data(name)` returns `{"collections": {name: {id: record}}, "counters": {name: number}}`, and raises
    KeyError for an unknown scenario. `wall()` returns the machine's time in nanoseconds. `scenario`, `seed` and
    `options` are what a new world gets where it asks for nothing else. `control` is the world of the control plane.
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
        settings = Settings(0, 0, {"strict": True}, Clock(self.wall))
        self.control = self._new("_control", "", load((), {}), settings)

    def __iter__(self) -> Iterator[World]:
        return iter(self._worlds.values())

    def get_or_create(self, name: str) -> World:
        """Returns the world of this name. Creates it from the server's scenario where there is none."""
        return self._worlds.get(name) or self.create(name, self.scenario)

    def find(self, name: str) -> World | None:
        """Returns the world of this name, if there is one."""
        return self._worlds.get(name)

    def get(self, name: str) -> World:
        """Returns an existing world, which the default one always is. Raises NotFound for any other."""
        world = self.get_or_create(name) if name == DEFAULT else self._worlds.get(name)
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
        """Creates a world from a scenario, or from an existing world (a fork), whichever `origin` names.

        A fork takes over seed, options and clock, except for those given. `now`, in nanoseconds, freezes the clock.
        The new world holds the webhook deliveries that wait in its origin.
        Raises Conflict for a name in use, NotFound for an unknown origin, and TooManyRequests beyond the limit, except
        for the default world, which every request without a name needs.
        """
        check_name(name)
        if name in self._worlds:
            raise Conflict(f"world {name} exists already")
        if len(self._worlds) >= self.limits.worlds and name != DEFAULT:
            raise TooManyRequests(f"there are {self.limits.worlds} worlds already; drop some, or raise --max-worlds")
        origin = origin or self.scenario
        source = self._worlds.get(origin)
        state = source.state if source else self.scenario_state(origin)
        clock = source.clock if source else Clock(self.wall)
        if now is not None:
            clock = clock.frozen_at(now)
        settings = Settings(
            born=source.born if source else clock.now(),
            seed=seed if seed is not None else source.seed if source else self.seed,
            options={**(source.options if source else self.options), **(options or {})},
            clock=clock,
        )
        world = self._worlds[name] = self._new(name, origin, hold_inherited(state, clock.now()), settings)
        world.notify()
        return world

    def add_saved(
        self, name: str, origin: str, initial: tuple[State, Settings], state: State, settings: Settings
    ) -> World:
        """Adds a world as it was persisted, without notifying the watchers."""
        world = self._worlds[name] = self._new(name, origin, state, settings)
        world.initial = initial
        return world

    def _new(self, name: str, origin: str, state: State, settings: Settings) -> World:
        journal = Journal(self.limits.exchanges, self._budget)
        return World(name, origin, state, settings, (state, settings), journal, self.watchers)

    def create_or_replace(
        self,
        name: str,
        origin: str | None = None,
        seed: int | None = None,
        now: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> tuple[World, bool]:
        """Creates a world as `create` does, in place of any that has the name. Returns it, and whether there was one.

        A refusal leaves the old world as it was.
        """
        replaced = self._worlds.get(name)
        if replaced is not None and origin == name:
            raise Conflict(f"world {name} can not be made from itself")
        worlds = self._worlds
        self._worlds = {other: world for other, world in worlds.items() if other != name}
        try:
            world = self.create(name, origin, seed, now, options)
        except Problem:
            self._worlds = worlds
            raise
        if replaced is not None:
            replaced.journal.close()
        return world, replaced is not None

    def drop(self, name: str) -> None:
        """Removes a world and its journal. Raises NotFound where there is none."""
        world = self.get(name)
        world.journal.close()
        del self._worlds[name]
        world.notify()

    def exported_state(self, exported: Mapping[str, Json]) -> State:
        """Returns the state in an export. Raises Refused for a collection that no service declares."""
        known = [collection.name for collection in self.collections]
        for name in exported["collections"]:
            if name not in known:
                raise Refused(f"there is no collection {shortened(name)}{suggestion(name, sorted(known))}")
        return load(self.collections, exported["collections"], exported.get("counters"))

    def restore(self, world: World, exported: Mapping[str, Json]) -> None:
        """Replaces a world's state and settings by exported ones. Raises as `exported_state` does.

        Settings that are missing in `exported` stay as they are; the clock then runs with the machine's.
        """
        state = self.exported_state(exported)
        clock = exported.get("clock", {})
        settings = Settings(
            born=exported.get("born", world.born),
            seed=exported.get("seed", world.seed),
            options={**world.options, **exported.get("options", {})},
            clock=Clock(self.wall, clock.get("offset", 0), clock.get("frozen")),
        )
        world.switch_to(state, settings)

    def scenario_state(self, name: str) -> State:
        """Returns a scenario's state, which is read once and then shared. Raises NotFound for an unknown name."""
        if name not in self._scenarios:
            try:
                data = self.scenario_data(name)
            except KeyError:
                raise NotFound("world or scenario", name) from None
            self._scenarios[name] = load(self.collections, data["collections"], data["counters"])
        return self._scenarios[name]

    def reload_scenarios(self) -> None:
        """Makes the scenarios be read again when they are next needed. Existing worlds stay as they are."""
        self._scenarios.clear()
