"""The deliverer, with a receiver that exists only in the test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine

import pytest

from mockserver.core.clock import NANOSECONDS, Clock, iso
from mockserver.core.messages import Json, Request, Response
from mockserver.state.store import Record, Transaction
from mockserver.transports.webhooks import Deliverer
from mockserver.worlds import deliveries
from mockserver.worlds.deliveries import Attempt, Outcome, Webhook
from mockserver.worlds.journal import Exchange
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

LOCAL = "http://127.0.0.1/hook"


def worlds() -> Worlds:
    empty: Json = {"collections": {}, "counters": {}}
    return Worlds(lambda _: empty, (deliveries.COLLECTION,), wall=lambda: 1_700_000_000_000_000_000)


def enqueue(world: World, payload: str, queue: str = "q", url: str = LOCAL) -> None:
    records = Transaction(world.state, world.seed)
    deliveries.enqueue(records, 0, Webhook("jackson", queue, url, "secret", "X-Signature"), payload)
    world.commit(records)


def all_of(world: World) -> list[Record]:
    return Transaction(world.state).page(deliveries.NAME)


async def settled(world: World) -> None:
    async with asyncio.timeout(5):
        while any(record["status"] == "waiting" for record in all_of(world)):
            await asyncio.sleep(0.001)


def play(scene: Callable[[Worlds, World], Coroutine[None, None, None]]) -> None:
    every = worlds()
    asyncio.run(scene(every, every.get_or_create("default")))


def test_deliveries_of_a_queue_arrive_in_order_and_retries_hold_up_the_later_ones() -> None:
    seen: list[bytes] = []

    async def post(attempt: Attempt) -> Outcome:
        seen.append(attempt.body)
        return Outcome(500 if len(seen) < 3 else 200)

    async def scene(every: Worlds, world: World) -> None:
        deliverer = Deliverer(every, post, pause=0)
        deliverer.start()
        enqueue(world, "first")
        enqueue(world, "second")
        await settled(world)
        assert seen == [b'"first"', b'"first"', b'"first"', b'"second"']

    play(scene)


def test_a_receiver_that_hangs_holds_up_no_other_queue() -> None:
    async def post(attempt: Attempt) -> Outcome:
        if attempt.body == b'"hangs"':
            await asyncio.sleep(3600)
        return Outcome(200)

    async def scene(every: Worlds, world: World) -> None:
        deliverer = Deliverer(every, post, pause=0)
        deliverer.start()
        enqueue(world, "hangs", queue="slow")
        enqueue(world, "goes", queue="quick")
        await asyncio.sleep(0.02)
        assert [record["status"] for record in all_of(world)] == ["waiting", "delivered"]
        await deliverer.close()
        assert [record["status"] for record in all_of(world)] == ["waiting", "delivered"]

    play(scene)


def test_a_host_that_is_not_allowed_is_never_posted_to() -> None:
    posted: list[str] = []

    async def post(attempt: Attempt) -> Outcome:
        posted.append(attempt.url)
        return Outcome(200)

    async def scene(every: Worlds, world: World) -> None:
        deliverer = Deliverer(every, post, allowed=["hooks.internal"], pause=0)
        deliverer.start()
        enqueue(world, "one", url="https://my-cool-app.com/webhook")
        enqueue(world, "two", url="https://hooks.internal/webhook")
        await settled(world)
        assert posted == ["https://hooks.internal/webhook"]
        held = all_of(world)[0]
        assert held["status"] == "held"
        assert "my-cool-app.com" in held["reason"]

    play(scene)


def test_what_waited_when_the_server_stopped_is_delivered_when_it_starts_again() -> None:
    async def never(attempt: Attempt) -> Outcome:
        await asyncio.sleep(3600)
        return Outcome(200)

    async def post(attempt: Attempt) -> Outcome:
        return Outcome(200)

    async def scene(every: Worlds, world: World) -> None:
        stopped = Deliverer(every, never)
        stopped.start()
        enqueue(world, "one")
        await asyncio.sleep(0)
        await stopped.close()
        Deliverer(every, post).start()
        await settled(world)
        assert all_of(world)[0]["status"] == "delivered"

    play(scene)


def test_nothing_of_a_dropped_world_is_sent() -> None:
    posted: list[bytes] = []

    async def post(attempt: Attempt) -> Outcome:
        posted.append(attempt.body)
        return Outcome(500)

    async def scene(every: Worlds, world: World) -> None:
        deliverer = Deliverer(every, post, pause=0.01)
        deliverer.start()
        enqueue(world, "one")
        await asyncio.sleep(0.005)
        every.drop("default")
        enqueue(every.get_or_create("default"), "two")
        await asyncio.sleep(0.03)
        assert posted[:2] == [b'"one"', b'"two"']
        assert b'"one"' not in posted[1:]

    play(scene)


def test_many_events_that_come_while_others_are_sent_are_all_delivered() -> None:
    seen: list[bytes] = []

    async def post(attempt: Attempt) -> Outcome:
        await asyncio.sleep(0)
        seen.append(attempt.body)
        return Outcome(200)

    async def scene(every: Worlds, world: World) -> None:
        deliverer = Deliverer(every, post)
        deliverer.start()
        for number in range(200):
            enqueue(world, str(number))
            if number % 3 == 0:
                await asyncio.sleep(0)
        await settled(world)
        assert seen == [f'"{number}"'.encode() for number in range(200)]

    play(scene)


def test_moving_the_clock_beyond_the_pause_ends_it_and_moving_it_less_does_not() -> None:
    seen: list[str] = []

    async def post(attempt: Attempt) -> Outcome:
        seen.append(attempt.delivery)
        return Outcome(500 if len(seen) == 1 else 200)

    async def scene(every: Worlds, world: World) -> None:
        deliverer = Deliverer(every, post, pause=60)
        deliverer.start()
        enqueue(world, "again")
        await asyncio.sleep(0.01)
        world.set_clock(world.clock.set_to(world.clock.now() + 59 * NANOSECONDS))
        await asyncio.sleep(0.01)
        assert len(seen) == 1
        world.set_clock(world.clock.set_to(world.clock.now() + NANOSECONDS))
        await settled(world)
        assert len(seen) == 2
        await deliverer.close()

    play(scene)


def advance(world: World, seconds: int) -> None:
    world.set_clock(world.clock.set_to(world.clock.now() + seconds * NANOSECONDS))


def test_a_frozen_clock_holds_every_retry_until_it_is_moved_past_the_pause() -> None:
    seen: list[str] = []

    async def post(attempt: Attempt) -> Outcome:
        seen.append(attempt.delivery)
        return Outcome(500)

    async def scene(every: Worlds, world: World) -> None:
        world.set_clock(world.clock.frozen_at(0))
        deliverer = Deliverer(every, post, pause=0.01)
        deliverer.start()
        enqueue(world, "again")
        await asyncio.sleep(0.1)
        assert len(seen) == 1
        for attempts in (2, 3, 4):
            advance(world, 1)
            await asyncio.sleep(0.01)
            assert len(seen) == attempts
        record = all_of(world)[0]
        assert record["status"] == "failed"
        assert [attempt["at"] for attempt in record["attempts"]] == [iso(n * NANOSECONDS) for n in range(4)]
        await deliverer.close()

    play(scene)


def test_a_clock_that_is_frozen_during_the_pause_holds_the_retry_and_goes_on_when_it_runs() -> None:
    seen: list[str] = []

    async def post(attempt: Attempt) -> Outcome:
        seen.append(attempt.delivery)
        return Outcome(500 if len(seen) == 1 else 200)

    async def scene(every: Worlds, world: World) -> None:
        world.set_clock(Clock(time.time_ns))
        deliverer = Deliverer(every, post, pause=0.05)
        deliverer.start()
        enqueue(world, "again")
        await asyncio.sleep(0.01)
        world.set_clock(world.clock.frozen_at(world.clock.now()))
        await asyncio.sleep(0.1)
        assert len(seen) == 1
        world.set_clock(world.clock.running())
        await settled(world)
        assert len(seen) == 2
        await deliverer.close()

    play(scene)


def test_a_new_server_holds_a_retry_that_the_last_one_left_under_a_frozen_clock() -> None:
    seen: list[str] = []

    async def post(attempt: Attempt) -> Outcome:
        seen.append(attempt.delivery)
        return Outcome(500 if len(seen) == 1 else 200)

    async def scene(every: Worlds, world: World) -> None:
        world.set_clock(world.clock.frozen_at(0))
        for _ in range(2):
            deliverer = Deliverer(every, post)
            deliverer.start()
            if not seen:
                enqueue(world, "again")
            await asyncio.sleep(0.01)
            assert len(seen) == 1
            await deliverer.close()

    play(scene)


def test_a_delivery_that_pauses_under_a_frozen_clock_is_sent_at_once_when_it_is_redelivered() -> None:
    seen: list[str] = []

    async def post(attempt: Attempt) -> Outcome:
        seen.append(attempt.delivery)
        return Outcome(500 if len(seen) == 1 else 200)

    async def scene(every: Worlds, world: World) -> None:
        world.set_clock(world.clock.frozen_at(0))
        deliverer = Deliverer(every, post)
        deliverer.start()
        enqueue(world, "again")
        await asyncio.sleep(0.01)
        records = Transaction(world.state, world.seed)
        deliveries.redeliver(records, seen[0])
        world.commit(records)
        await settled(world)
        assert len(seen) == 2
        await deliverer.close()

    play(scene)


@pytest.mark.parametrize("change", ["reset", "drop", "replace"])
def test_a_retry_that_a_frozen_clock_holds_does_not_outlive_a_reset_or_its_world(change: str) -> None:
    seen: list[bytes] = []

    async def post(attempt: Attempt) -> Outcome:
        seen.append(attempt.body)
        return Outcome(500 if len(seen) == 1 else 200)

    async def scene(every: Worlds, world: World) -> None:
        world.set_clock(world.clock.frozen_at(0))
        deliverer = Deliverer(every, post)
        deliverer.start()
        others = asyncio.all_tasks()
        enqueue(world, "old")
        await asyncio.sleep(0.01)
        assert len(asyncio.all_tasks() - others) == 1
        if change == "reset":
            world.reset()
        elif change == "drop":
            every.drop("default")
        else:
            every.create_or_replace("default")
        await asyncio.sleep(0.01)
        assert asyncio.all_tasks() == others
        enqueue(every.get("default"), "new")
        await settled(every.get("default"))
        assert seen == [b'"old"', b'"new"']
        await deliverer.close()

    play(scene)


class Answers:
    """A receiver that answers with `status`, and the payloads that it was sent."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.payloads: list[bytes] = []

    async def post(self, attempt: Attempt) -> Outcome:
        self.payloads.append(attempt.body)
        return Outcome(self.status)


async def requested(world: World, payload: str) -> int:
    """Enqueues a delivery in a request that is journaled, lets it be sent, and returns the number of the exchange."""
    enqueue(world, payload)
    number = len(world.journal) + 1
    request = Request("POST", "/things")
    world.journal.add(Exchange(number, 0, "", "", request, Response(200), world.state, world.settings))
    await asyncio.sleep(0.01)
    return number


async def redeliver(world: World, key: str) -> None:
    records = Transaction(world.state, world.seed)
    deliveries.redeliver(records, key)
    world.commit(records)
    await settled(world)


def statuses(world: World) -> list[str]:
    return [record["status"] for record in all_of(world)]


def test_a_rewind_sends_no_delivered_webhook_again_unless_it_is_redelivered() -> None:
    receiver = Answers(200)

    async def scene(every: Worlds, world: World) -> None:
        Deliverer(every, receiver.post).start()
        first = await requested(world, "first")
        second = await requested(world, "second")
        for exchange, expected in ((first, ["held"]), (second, ["delivered", "held"]), (first, ["held"])):
            world.rewind(exchange)
            await asyncio.sleep(0.01)
            assert statuses(world) == expected
        assert receiver.payloads == [b'"first"', b'"second"']
        await redeliver(world, all_of(world)[0]["id"])
        assert statuses(world) == ["delivered"]
        assert receiver.payloads == [b'"first"', b'"second"', b'"first"']

    play(scene)


def test_a_fork_sends_nothing_that_waits_in_its_origin_unless_it_is_redelivered() -> None:
    receiver = Answers(500)

    async def scene(every: Worlds, world: World) -> None:
        world.set_clock(world.clock.frozen_at(0))
        deliverer = Deliverer(every, receiver.post)
        deliverer.start()
        await requested(world, "again")
        receiver.status = 200
        forks = [every.create(name, "default") for name in ("one", "two")]
        fork_of_a_fork = every.create("three", "one")
        for fork in (*forks, fork_of_a_fork):
            advance(fork, 3600)
        await asyncio.sleep(0.01)
        assert [statuses(fork) for fork in (*forks, fork_of_a_fork)] == [["held"]] * 3
        assert (statuses(world), len(receiver.payloads)) == (["waiting"], 1)
        advance(world, 3)
        await settled(world)
        await redeliver(forks[1], all_of(world)[0]["id"])
        assert [statuses(each) for each in (world, *forks)] == [["delivered"], ["held"], ["delivered"]]
        assert len(receiver.payloads) == 3
        await deliverer.close()

    play(scene)


def test_a_reset_fork_sends_nothing_that_it_inherited_and_redelivered_before() -> None:
    receiver = Answers(500)

    async def scene(every: Worlds, world: World) -> None:
        world.set_clock(world.clock.frozen_at(0))
        deliverer = Deliverer(every, receiver.post)
        deliverer.start()
        await requested(world, "again")
        receiver.status = 200
        fork = every.create("fork", "default")
        await redeliver(fork, all_of(world)[0]["id"])
        fork.reset()
        await asyncio.sleep(0.01)
        assert (statuses(fork), len(receiver.payloads)) == (["held"], 2)
        await deliverer.close()

    play(scene)


def test_an_import_sends_nothing_that_waited_in_the_exported_world() -> None:
    receiver = Answers(500)

    async def scene(every: Worlds, world: World) -> None:
        world.set_clock(world.clock.frozen_at(0))
        deliverer = Deliverer(every, receiver.post)
        deliverer.start()
        await requested(world, "again")
        receiver.status = 200
        exported = world.export()
        for target in (world, every.create("other", "empty")):
            every.restore(target, exported)
            advance(target, 3600)
            await asyncio.sleep(0.01)
            assert (statuses(target), len(receiver.payloads)) == (["held"], 1)
            assert all_of(target)[0]["settled_at"] == iso(0)
        await deliverer.close()

    play(scene)


def test_a_scenario_with_a_waiting_delivery_sends_nothing() -> None:
    receiver = Answers(200)

    async def scene(every: Worlds, world: World) -> None:
        enqueue(world, "old")
        data: Json = {"collections": world.export()["collections"], "counters": {}}
        made = Worlds(lambda _: data, (deliveries.COLLECTION,), wall=lambda: 0)
        Deliverer(made, receiver.post).start()
        created = made.create("created")
        await asyncio.sleep(0.01)
        created.reset()
        await asyncio.sleep(0.01)
        assert (statuses(created), receiver.payloads) == (["held"], [])

    play(scene)
