"""Keeps all worlds in a state file: what was told to a client is on disk before the client hears of it.

The core knows nothing of this. Worlds tell their watchers what changed; `Persistence` notes it and, as soon as the
event loop has nothing more to read, writes all that was noted as one commit. Requests that arrive together share it.
Answers are held back that long (see `transports.network.durable`). If the file can't be written they are never sent:
what the server remembers is then ahead of what it could keep, so it has to stop.

On disk, as in memory, a world that was made from another state shares it: see `Layer`. Journals are not kept.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from mockserver.core.clock import Clock
from mockserver.core.messages import Json
from mockserver.persistence.layers import Row, differences, overlay
from mockserver.persistence.state_file import StateFile, StateFileError
from mockserver.state.store import Change, Record, State, load
from mockserver.worlds.journal import Settings
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

logger = logging.getLogger("mockserver")

Key: TypeAlias = tuple[str, str]
"""A collection's name and a record's id."""

Release: TypeAlias = Callable[[bool], None]
"""Is told whether what it waited for is on disk."""


@dataclass(slots=True, eq=False)
class Layer:
    """A state as the file has it: its differences from the layer below, or from nothing.

    `above` are the layers that build on it; `worlds` counts the worlds that were made with it and those that are at it
    now. A layer that more than one of these uses is never written again: who changes what it holds gets a layer of its
    own above it. One that only a single layer above uses becomes one with that.
    """

    id: int
    below: Layer | None
    state: State
    worlds: int = 0
    above: set[Layer] = field(default_factory=set)


@dataclass(slots=True)
class Kept:
    """A world as the file has it."""

    world: World
    settings: Settings
    initial: Layer
    present: Layer


@dataclass(slots=True)
class Noted:
    """A world that is to be kept: the records that changed, or None for "anything"."""

    world: World
    keys: set[Key] | None


class Persistence:
    """Keeps these worlds in this file; first puts back those that are in it.

    Raises StateFileError where the file is damaged.
    """

    def __init__(self, worlds: Worlds, file: StateFile) -> None:
        self._worlds = worlds
        self._file = file
        self._nothing = load(worlds.collections, {})
        self._layers: dict[State, Layer] = {}
        self._kept: dict[str, Kept] = {}
        self._changed: dict[str, Noted] = {}
        self._waiting: list[Release] = []
        self._later: Callable[[Callable[[], None]], object] | None = None
        self._failed: Callable[[StateFileError], None] | None = None
        self._lost = False
        self.pending = False
        self._put_back()

    def start(self, later: Callable[[Callable[[], None]], object], failed: Callable[[StateFileError], None]) -> None:
        """Keeps what changes from now on. `later(f)` has f called soon; `failed` is told when nothing can be kept.

        Has to be started before other watchers, so that what they do about a change comes after its commit.
        """
        self._later, self._failed = later, failed
        self._worlds.watchers.append(self.watch)

    def close(self) -> None:
        """Writes what is left, and lets go of the file."""
        if self._changed and not self._lost:
            self.flush()
        if self._later is not None:
            self._worlds.watchers.remove(self.watch)
        self._file.close()

    def watch(self, world: World, changes: Sequence[Change]) -> None:
        """Notes what changed in a world. Returns at once."""
        if not self.pending:
            self.pending = True
            assert self._later is not None
            self._later(self.flush)
        noted = self._changed.get(world.name)
        if noted is None or noted.world is not world:
            # A world that took another's place comes after all others, as it was made after them.
            self._changed.pop(world.name, None)
            noted = self._changed[world.name] = Noted(world, set())
        if not changes:
            noted.keys = None
        elif noted.keys is not None:
            noted.keys.update((change.collection, change.key) for change in changes)

    def when_kept(self, release: Release) -> None:
        """Calls back when what is `pending` is on disk, or has turned out not to get there."""
        if self._lost:
            release(False)
        else:
            self._waiting.append(release)

    def flush(self) -> None:
        """Commits what was noted and releases who waits for it."""
        changed, self._changed = self._changed, {}
        try:
            with self._file.transaction():
                for name, noted in changed.items():
                    self._keep(name, noted.keys)
        except Exception as error:
            logger.exception("the state could not be kept")
            self._lost = True
            self._release(False)
            assert self._failed is not None
            self._failed(
                error if isinstance(error, StateFileError) else StateFileError(f"the state can't be kept: {error!r}")
            )
            return
        self.pending = False
        self._release(True)

    def _release(self, kept: bool) -> None:
        waiting, self._waiting = self._waiting, []
        for release in waiting:
            release(kept)

    def _keep(self, name: str, keys: set[Key] | None) -> None:
        """Brings the file up to date with a world: one that is new, gone, replaced or changed."""
        world, kept = self._worlds.find(name), self._kept.get(name)
        if kept is not None and kept.world is not world:
            del self._kept[name]
            self._file.remove_world(name)
            self._leave(kept.present)
            self._leave(kept.initial)
            kept = None
        if kept is not None:
            self._update(kept, keys)
        elif world is not None:
            initial = self._enter(world.initial[0], None, None)
            present = self._enter(world.state, initial, None)
            self._kept[name] = Kept(world, world.settings, initial, present)
            self._file.add_world(name, _written(world), initial.id, present.id)

    def _update(self, kept: Kept, keys: set[Key] | None) -> None:
        world, layer = kept.world, kept.present
        if world.state is not layer.state:
            if world.state not in self._layers and layer.worlds == 1 and not layer.above:
                del self._layers[layer.state]
                self._write(layer, world.state, keys)
                self._layers[world.state] = layer
            else:
                kept.present = self._enter(world.state, layer, keys)
                self._leave(layer)
        if world.settings is not kept.settings or kept.present is not layer:
            kept.settings = world.settings
            self._file.set_world(world.name, _written(world), kept.present.id)

    def _enter(self, state: State, below: Layer | None, keys: set[Key] | None) -> Layer:
        """The layer that holds this state, with one user more; a new one where there is none yet."""
        layer = self._layers.get(state)
        if layer is None:
            number = self._file.add_layer(below.id if below else None, state.counters)
            layer = Layer(number, below, below.state if below else self._nothing)
            if below is not None:
                below.above.add(layer)
            self._write(layer, state, keys)
            self._layers[state] = layer
        layer.worlds += 1
        return layer

    def _leave(self, layer: Layer) -> None:
        """Takes a world from a layer, and with its last user the layer itself."""
        layer.worlds -= 1
        lowest: Layer | None = layer
        while lowest is not None and not lowest.worlds and not lowest.above:
            del self._layers[lowest.state]
            self._file.remove_layer(lowest.id)
            if lowest.below is not None:
                lowest.below.above.discard(lowest)
            lowest = lowest.below
        if lowest is not None and not lowest.worlds and len(lowest.above) == 1:
            self._merge(lowest, next(iter(lowest.above)))

    def _merge(self, layer: Layer, above: Layer) -> None:
        """Makes one layer of two, the one above it being all that uses the lower."""
        self._file.merge_layers(layer.id, above.id)
        del self._layers[layer.state]
        above.id, above.below = layer.id, layer.below
        if layer.below is not None:
            layer.below.above.discard(layer)
            layer.below.above.add(above)

    def _write(self, layer: Layer, state: State, keys: Iterable[Key] | None) -> None:
        """Makes a layer hold a state. `keys` names all records in which it may differ from what the layer holds."""
        keys = list(differences(layer.state, state) if keys is None else keys)
        below = layer.below.state if layer.below else self._nothing
        self._file.put_records(layer.id, _rows(keys, state, below))
        gone = (key for key in keys if _entry(state, key) is None and _entry(below, key) is None)
        self._file.remove_records(layer.id, gone)
        if state.counters is not layer.state.counters:
            self._file.set_counters(layer.id, state.counters)
        layer.state = state

    def _put_back(self) -> None:
        """Makes the worlds and layers what the file says."""
        rows: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for number, collection, position, key, record in self._file.records():
            rows[number][collection].append((position, key, record))
        layers: dict[int, Layer] = {}
        for saved in self._file.layers():
            below = None if saved.below is None else layers[saved.below]
            its = rows.pop(saved.id, {})
            for entries in its.values():
                entries.sort(key=lambda row: row[0])
            state = overlay(below.state if below else self._nothing, its, saved.counters)
            layers[saved.id] = self._layers[state] = Layer(saved.id, below, state)
            if below is not None:
                below.above.add(layers[saved.id])
        for world in self._file.worlds():
            initial, present = layers[world.initial], layers[world.present]
            initial.worlds += 1
            present.worlds += 1
            self._kept[world.name] = self._revived(world.name, world.settings, initial, present)

    def _revived(self, name: str, written: Json, initial: Layer, present: Layer) -> Kept:
        begun = (initial.state, self._settings(written["initial"]))
        world = self._worlds.add_saved(
            name, written["origin"], begun, present.state, self._settings(written["present"])
        )
        return Kept(world, world.settings, initial, present)

    def _settings(self, written: Mapping[str, Any]) -> Settings:
        clock = Clock(self._worlds.wall, written["offset"], written["frozen"])
        return Settings(written["born"], written["seed"], written["options"], clock)


def _written(world: World) -> Json:
    """What a world goes by, as JSON."""
    moments = {"initial": world.initial[1], "present": world.settings}
    return {
        "origin": world.origin,
        **{
            name: {
                "born": settings.born,
                "seed": settings.seed,
                "options": settings.options,
                "offset": settings.clock.offset,
                "frozen": settings.clock.frozen,
            }
            for name, settings in moments.items()
        },
    }


def _rows(keys: Iterable[Key], state: State, below: State) -> Iterator[tuple[str, str, int, Record | None]]:
    """What a layer has to say of these records; nothing of those that are neither in it nor below it."""
    for key in keys:
        entry = _entry(state, key)
        if entry is not None:
            yield (*key, *entry)
        elif _entry(below, key) is not None:
            yield (*key, 0, None)


def _entry(state: State, key: Key) -> tuple[int, Record] | None:
    """A record's position and the record."""
    table = state.tables.get(key[0])
    return table.records.get(key[1]) if table else None
