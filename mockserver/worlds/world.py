"""A world: one complete, isolated state with its own clock, ids, options and journal.

Resetting and rewinding a world costs the same whatever its size: states are immutable, so worlds share them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from mockserver.core.clock import Clock
from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.state.store import Change, State, Transaction, dump
from mockserver.worlds.journal import Journal, Settings

Watcher: TypeAlias = Callable[["World", Sequence[Change]], None]
"""Is told what changed in a world, right after it counts. An empty sequence stands for "anything", also for being made
or dropped. Must not raise."""


@dataclass(slots=True)
class World:
    """One isolated state: at any moment its records (`state`) and what it goes by besides them (`settings`).

    `origin` names the scenario or world it was made from; `initial` is the moment at which it was made.
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
        """What the server and its services were told, by name."""
        return self.settings.options

    @property
    def seed(self) -> int:
        """Where its ids come from."""
        return self.settings.seed

    @property
    def born(self) -> int:
        """The instant, on its own clock, at which time began to pass in it."""
        return self.settings.born

    def commit(self, records: Transaction) -> State:
        """Makes a transaction count, tells the watchers, and gives the new state."""
        before, self.state = self.state, records.commit()
        if self.state is not before:
            self.notify(records.changes)
        return self.state

    def switch_to(self, state: State, settings: Settings) -> None:
        """Makes another moment the present one. Watchers are told of no changes: anything may be different."""
        self.state, self.settings = state, settings
        self.notify()

    def set_clock(self, clock: Clock) -> None:
        """Has time pass differently from now on."""
        self.settings = replace(self.settings, clock=clock)
        self.notify()

    def rewind(self, exchange_id: int) -> None:
        """Back, or forward again, to the moment after an exchange: records, ids, options and clock are as they were.

        A clock that ran then runs, from the present time on. The journal keeps all its exchanges. NotFound where it
        does not hold this one.
        """
        exchange = self.journal.get(exchange_id)
        if exchange is None:
            raise NotFound("exchange", str(exchange_id))
        self.switch_to(exchange.state, exchange.settings)

    def notify(self, changes: Sequence[Change] = ()) -> None:
        """Tells the watchers."""
        for watcher in self.watchers:
            watcher(self, changes)

    def reset(self) -> None:
        """Back to how the world was created; its journal begins anew."""
        self.switch_to(*self.initial)
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
