"""Delivers webhooks in the background, with one task for each queue in which a delivery waits.

So the deliveries of a queue keep their order, a receiver that hangs delays only its own queue, and no request waits for
a delivery. The pause before a retry passes on the world's clock alone, so a frozen clock holds every retry. The
function that posts an attempt comes in as an argument; this module has no connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TypeAlias

from mockserver.core.problems import NotFound
from mockserver.state.store import Change, Record, Transaction
from mockserver.worlds import deliveries
from mockserver.worlds.deliveries import Attempt, Outcome
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

Post: TypeAlias = Callable[[Attempt], Awaitable[Outcome]]
"""Makes one attempt. Whatever the receiver does is an outcome, never an exception."""


class Deliverer:
    """Delivers for all worlds. `allowed` names hosts besides loopback that may be called.

    `pause` is the time before a retry, in seconds of the world's clock.
    """

    def __init__(
        self, worlds: Worlds, post: Post, allowed: Collection[str] = (), pause: float = deliveries.RETRY_INTERVAL
    ) -> None:
        self._worlds = worlds
        self._post = post
        self._allowed = frozenset(allowed)
        self._pause = pause
        # Keyed by the world itself, not its name: a dropped world's task must not stand in for its successor's.
        self._tasks: dict[tuple[int, str], asyncio.Task[None]] = {}
        # Queues that pause between two attempts: the name of the world, and an event that ends the sleep early.
        self._pausing: dict[tuple[int, str], tuple[str, asyncio.Event]] = {}

    def watch(self, world: World, changes: Sequence[Change]) -> None:
        """Starts a task for each queue in which the changes of a world put a delivery. Returns at once."""
        if not changes:
            self._resume(world)
            self._wake(world)
        for change in changes:
            if change.collection == deliveries.NAME and change.after and change.after["status"] == "waiting":
                self._start(world, change.after["queue"])
                self._wake_queue(world, change.after["queue"])

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
                if left := deliveries.pause_left(record, world.clock.now()):
                    await self._sleep(world, queue, left)
                else:
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
        deliveries.record_outcome(records, made, outcome, world.clock.now(), self._pause)
        world.commit(records)

    async def _sleep(self, world: World, queue: str, seconds: float) -> None:
        """Sleeps until a running clock has moved on by `seconds`, or until the world or the queue changes."""
        changed = asyncio.Event()
        self._pausing[id(world), queue] = world.name, changed
        try:
            await asyncio.wait_for(changed.wait(), None if world.clock.frozen is not None else seconds)
        except TimeoutError:
            pass
        finally:
            del self._pausing[id(world), queue]

    def _wake(self, world: World) -> None:
        """Wakes the queues that pause in a world, and in a world of the same name that this one replaced."""
        for name, changed in self._pausing.values():
            if name == world.name:
                changed.set()

    def _wake_queue(self, world: World, queue: str) -> None:
        """Wakes one queue if it pauses, because a redelivery starts without a pause."""
        pausing = self._pausing.get((id(world), queue))
        if pausing:
            pausing[1].set()

    def _alive(self, world: World) -> bool:
        try:
            return self._worlds.get(world.name) is world
        except NotFound:
            return False
