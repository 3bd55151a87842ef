"""Saves all worlds in a state file: what a response acknowledges is on disk before the response leaves.

The core knows nothing of this. Worlds notify their watchers of changes. `Persistence` notes what changed and, as soon
as the event loop has nothing more to read, writes all of it as one commit, which requests that arrive together share.
Responses wait for the commit (see `transports.network.durable`). If the file can't be written, they are never sent: the
server's memory is then ahead of the file, so the server has to stop.

On disk, as in memory, a world shares the state that it was created from: see `layers`. Journals are not saved.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mockserver.core.clock import Clock
from mockserver.core.messages import Json
from mockserver.persistence.differences import Key
from mockserver.persistence.layers import Layer, LayerGraph
from mockserver.persistence.state_file import StateFile, StateFileError
from mockserver.state.store import Change, load
from mockserver.worlds.journal import Settings
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

logger = logging.getLogger("mockserver")

OnSaved: TypeAlias = Callable[[bool], None]
"""Is called with True when the changes are on disk, with False when they will never be."""


@dataclass(slots=True)
class WorldInFile:
    """A world that the file has, with the settings and the layers that the file has for it."""

    world: World
    settings: Settings
    initial: Layer
    present: Layer


@dataclass(slots=True)
class UnsavedWorld:
    """A world that has changed: the records that may differ, or None for "any"."""

    world: World
    keys: set[Key] | None


class Persistence:
    """Saves worlds in a file. Restores those that are in it first.

    `pending` says whether there are changes that the file does not have yet. Raises StateFileError for a damaged file.
    """

    def __init__(self, worlds: Worlds, file: StateFile) -> None:
        self._worlds = worlds
        self._file = file
        self._layers = LayerGraph(file, load(worlds.collections, {}))
        self._in_file: dict[str, WorldInFile] = {}
        self._unsaved: dict[str, UnsavedWorld] = {}
        self._waiting: list[OnSaved] = []
        self._call_soon: Callable[[Callable[[], None]], object] | None = None
        self._on_failure: Callable[[StateFileError], None] | None = None
        self._failed = False
        self.pending = False
        self._restore()

    def start(
        self, call_soon: Callable[[Callable[[], None]], object], on_failure: Callable[[StateFileError], None]
    ) -> None:
        """Saves changes from now on. `call_soon(f)` schedules a call of f, `on_failure` is called when saving fails.

        Has to be called before other watchers are added, so that what they do about a change comes after its commit.
        """
        self._call_soon, self._on_failure = call_soon, on_failure
        self._worlds.watchers.append(self.watch)

    def close(self) -> None:
        """Saves what is not saved yet, and closes the file."""
        if self._unsaved and not self._failed:
            self.flush()
        if self._call_soon is not None:
            self._worlds.watchers.remove(self.watch)
        self._file.close()

    def watch(self, world: World, changes: Sequence[Change]) -> None:
        """Notes what changed in a world, and schedules the commit. An empty sequence stands for "anything"."""
        if not self.pending:
            self.pending = True
            assert self._call_soon is not None
            self._call_soon(self.flush)
        unsaved = self._unsaved.get(world.name)
        if unsaved is None or unsaved.world is not world:
            # A world that replaced another one was created last, so it comes last in the file, too.
            self._unsaved.pop(world.name, None)
            unsaved = self._unsaved[world.name] = UnsavedWorld(world, set())
        if not changes:
            unsaved.keys = None
        elif unsaved.keys is not None:
            unsaved.keys.update((change.collection, change.key) for change in changes)

    def when_saved(self, on_saved: OnSaved) -> None:
        """Has a function called when the pending changes are on disk, or when saving has failed."""
        if self._failed:
            on_saved(False)
        else:
            self._waiting.append(on_saved)

    def flush(self) -> None:
        """Writes all changes as one commit, and calls those who wait for it."""
        unsaved, self._unsaved = self._unsaved, {}
        try:
            with self._file.transaction():
                for name, changed in unsaved.items():
                    self._save(name, changed.keys)
        except Exception as error:
            logger.exception("the state could not be saved")
            self._failed = True
            self._call_waiting(False)
            assert self._on_failure is not None
            self._on_failure(
                error if isinstance(error, StateFileError) else StateFileError(f"the state can't be saved: {error!r}")
            )
            return
        self.pending = False
        self._call_waiting(True)

    def _call_waiting(self, saved: bool) -> None:
        waiting, self._waiting = self._waiting, []
        for on_saved in waiting:
            on_saved(saved)

    def _save(self, name: str, keys: set[Key] | None) -> None:
        """Brings the file up to date with a world that was created, dropped, replaced or changed."""
        world, saved = self._worlds.find(name), self._in_file.get(name)
        if saved is not None and saved.world is not world:
            self._remove(name)
            saved = None
        if saved is not None:
            self._update(saved, keys)
        elif world is not None:
            self._add(world)

    def _add(self, world: World) -> None:
        initial = self._layers.acquire(world.initial[0])
        present = self._layers.acquire(world.state, initial)
        self._in_file[world.name] = WorldInFile(world, world.settings, initial, present)
        self._file.add_world(world.name, _description(world), initial.id, present.id)

    def _update(self, saved: WorldInFile, keys: set[Key] | None) -> None:
        world, before = saved.world, saved.present
        if world.state is not before.state:
            saved.present = self._layers.move(before, world.state, keys)
        if world.settings is not saved.settings or saved.present is not before:
            saved.settings = world.settings
            self._file.set_world(world.name, _description(world), saved.present.id)

    def _remove(self, name: str) -> None:
        saved = self._in_file.pop(name)
        self._file.remove_world(name)
        self._layers.release(saved.present)
        self._layers.release(saved.initial)

    def _restore(self) -> None:
        """Adds the worlds in the file to those of the server."""
        layers = self._layers.load()
        for saved in self._file.worlds():
            initial = self._layers.acquire(layers[saved.initial].state)
            present = self._layers.acquire(layers[saved.present].state)
            before = (initial.state, self._settings(saved.settings["initial"]))
            now = self._settings(saved.settings["present"])
            world = self._worlds.add_saved(saved.name, saved.settings["origin"], before, present.state, now)
            self._in_file[saved.name] = WorldInFile(world, now, initial, present)

    def _settings(self, saved: Mapping[str, Any]) -> Settings:
        clock = Clock(self._worlds.wall, saved["offset"], saved["frozen"])
        return Settings(saved["born"], saved["seed"], saved["options"], clock)


def _description(world: World) -> Json:
    """Returns all of a world but its records, as JSON."""
    return {
        "origin": world.origin,
        "initial": _settings_as_json(world.initial[1]),
        "present": _settings_as_json(world.settings),
    }


def _settings_as_json(settings: Settings) -> Json:
    return {
        "born": settings.born,
        "seed": settings.seed,
        "options": settings.options,
        "offset": settings.clock.offset,
        "frozen": settings.clock.frozen,
    }
