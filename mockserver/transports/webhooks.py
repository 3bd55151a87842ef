"""Delivers webhooks in the background, with one task for each queue in which a delivery waits.

So the deliveries of a queue keep their order, a receiver that hangs delays only its own queue, and no request waits for
a delivery. The function that posts an attempt comes in as an argument; this module has no connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TypeAlias

from mockserver.core.clock import NANOSECONDS
from mockserver.core.problems import NotFound
from mockserver.state.store import Change, Record, Transaction
from mockserver.worlds import deliveries
from mockserver.worlds.deliveries import Attempt, Outcome
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

Post: TypeAlias = Callable[[Attempt], Awaitable[Outcome]]
"""Makes one attempt. Whatever the receiver does is an outcome, never an exception."""


class Deliverer:
    """Delivers for all worlds. `allowed` names hosts besides loopback that may be called; `pause` is in seconds."""

    def __init__(
        self, worlds: Worlds, post: Post, allowed: Collection[str] = (), pause: float = deliveries.RETRY_INTERVAL
    ) -> None:
        self._worlds = worlds
        self._post = post
        self._allowed = frozenset(allowed)
        self._pause = pause
        # Keyed by the world itself, not its name: a dropped world's task must not stand in for its successor's.
        self._tasks: dict[tuple[int, str], asyncio.Task[None]] = {}
        # Queues that pause between two attempts: the instant on the world's clock when the pause ends, and an event.
        self._pausing: dict[tuple[int, str], tuple[int, asyncio.Event]] = {}

    def watch(self, world: World, changes: Sequence[Change]) -> None:
        """Starts a task for each queue in which the changes of a world put a delivery. Returns at once."""
        if not changes:
            self._resume(world)
            self._wake(world)
        for change in changes:
            if change.collection == deliveries.NAME and change.after and change.after["status"] == "waiting":
                self._start(world, change.after["queue"])

    def start(self) -> None:
        """Delivers what waits already, in worlds that were saved, and from now on what changes add."""
        for world in self._worlds:
            self._resume(world)
        self._worlds.watchers.append(self.watch)

    async def close(self) -> None:
        """Stops. Deliveries that wait stay in their worlds."""
        self._worlds.watchers.remove(self.watch)
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _resume(self, world: World) -> None:
        for queue in deliveries.queues(Transaction(world.state)):
            self._start(world, queue)

    def _start(self, world: World, queue: str) -> None:
        key = (id(world), queue)
        if key not in self._tasks:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._drain(world, queue))

    async def _drain(self, world: World, queue: str) -> None:
        """Settles the deliveries of a queue one after the other, until none waits or the world is gone."""
        try:
            while self._alive(world) and (record := deliveries.next_waiting(Transaction(world.state), queue)):
                await self._settle(world, record)
        finally:
            # Nothing was awaited since the queue was empty, so a delivery that is enqueued later starts its own task.
            del self._tasks[id(world), queue]

    async def _settle(self, world: World, record: Record) -> None:
        """Makes one attempt at a delivery and records the outcome."""
        reason = deliveries.blocked_reason(record["url"], self._allowed)
        records = Transaction(world.state, world.seed)
        if reason:
            deliveries.hold(records, record["id"], reason, world.clock.now())
            world.commit(records)
            return
        made = deliveries.next_attempt(record, world.clock.now())
        outcome = await self._post(made)
        records = Transaction(world.state, world.seed)
        waits = deliveries.record_outcome(records, made, outcome, world.clock.now())
        world.commit(records)
        if waits:
            await self._rest(world, record["queue"])

    async def _rest(self, world: World, queue: str) -> None:
        """Waits for the pause between two attempts to end, on the machine's clock or on the world's."""
        over = asyncio.Event()
        self._pausing[id(world), queue] = world.clock.now() + int(self._pause * NANOSECONDS), over
        try:
            await asyncio.wait_for(over.wait(), self._pause)
        except TimeoutError:
            pass
        finally:
            del self._pausing[id(world), queue]

    def _wake(self, world: World) -> None:
        """Ends the pauses that are over on the world's clock."""
        now = world.clock.now()
        for (owner, _), (until, over) in self._pausing.items():
            if owner == id(world) and now >= until:
                over.set()

    def _alive(self, world: World) -> bool:
        try:
            return self._worlds.get(world.name) is world
        except NotFound:
            return False
