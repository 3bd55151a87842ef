"""A world: one complete, isolated state with its own clock, ids, options and journal.

States are immutable, so resetting and rewinding a world only replaces one state by another, whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from mockserver.core.clock import Clock
from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.state.store import Change, State, Transaction, dump
from mockserver.worlds.deliveries import hold_inherited
from mockserver.worlds.journal import Journal, Settings

Watcher: TypeAlias = Callable[["World", Sequence[Change]], None]
"""Is called with a world and the changes that were just committed. Must not raise.

An empty sequence stands for any change at all: the world was created, reset, rewound, restored or dropped."""


@dataclass(slots=True)
class World:
    """One isolated world: its records (`state`), and its clock, seed and options (`settings`).

    `origin` names the scenario or world that it was created from. `initial` is the state and the settings that it was
    created with.
    """

    name: str
    origin: str
    state: State
    settings: Settings
    initial: tuple[State, Settings]
    journal: Journal
    watchers: Sequence[Watcher] = ()

    @property
    def clock(self) -> Clock:
        """The world's clock; `set_clock` replaces it."""
        return self.settings.clock

    @property
    def options(self) -> dict[str, Any]:
        """The world's options by name: the server's (`strict`, `auth`) and the services' (`<service>.<name>`)."""
        return self.settings.options

    @property
    def seed(self) -> int:
        """The seed from which ids are made."""
        return self.settings.seed

    @property
    def born(self) -> int:
        """The instant, on the world's own clock, at which time began to pass in the world."""
        return self.settings.born

    def commit(self, records: Transaction) -> State:
        """Commits a transaction and notifies the watchers if it changed anything. Returns the new state."""
        before, self.state = self.state, records.commit()
        if self.state is not before:
            self.notify(records.changes)
        return self.state

    def switch_to(self, state: State, settings: Settings) -> None:
        """Replaces state and settings. Watchers are notified without changes: anything may be different.

        Webhook deliveries that wait in the new state are held, because they may have been sent before.
        """
        self.state, self.settings = hold_inherited(state, settings.clock.now()), settings
        self.notify()

    def set_clock(self, clock: Clock) -> None:
        """Replaces the world's clock."""
        self.settings = replace(self.settings, clock=clock)
        self.notify()

    def rewind(self, exchange_id: int) -> None:
        """Restores records, ids, options and clock to what they were after an exchange.

        A clock that was running continues from the present time. The journal keeps all exchanges, the later ones
        included, so a rewind can be undone by another one. Raises NotFound where the journal has no such exchange.
        """
        exchange = self.journal.get(exchange_id)
        if exchange is None:
            raise NotFound("exchange", str(exchange_id))
        self.switch_to(exchange.state, exchange.settings)

    def notify(self, changes: Sequence[Change] = ()) -> None:
        """Calls the watchers."""
        for watcher in self.watchers:
            watcher(self, changes)

    def reset(self) -> None:
        """Restores the world to how it was created, and clears its journal."""
        self.switch_to(*self.initial)
        self.journal.clear()

    def export(self) -> dict[str, Json]:
        """Returns the whole world, except its journal, as JSON that `Worlds.restore` accepts."""
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
