"""A world's clock: read, stopped, set and moved on."""

from __future__ import annotations

from functools import partial

from mockserver.core.clock import LATEST, duration, instant_of, iso
from mockserver.core.messages import Json
from mockserver.core.problems import Conflict, Refused
from mockserver.engine.service import Call, Handler
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds


def handlers(worlds: Worlds) -> dict[str, Handler]:
    """This module's operations."""
    return {"getClock": partial(get_clock, worlds), "changeClock": partial(change_clock, worlds)}


def get_clock(worlds: Worlds, call: Call) -> Json:
    """What a world's clock shows, and whether it stands still."""
    return _shown(worlds.get(call.path["world"]))


def change_clock(worlds: Worlds, call: Call) -> Json:
    """Sets the clock, moves it on, and then stops it or lets it run, as far as each is asked for."""
    world, wish = worlds.get(call.path["world"]), call.body
    clock = world.clock
    now = instant(wish["now"]) if "now" in wish else clock.now()
    now += duration(wish.get("advance", "P0D"))
    if now >= LATEST:
        raise Conflict("the clock would show a year after 2199")
    if "now" in wish or "advance" in wish:
        clock = clock.set_to(now)
    if "frozen" in wish:
        clock = clock.frozen_at(clock.now()) if wish["frozen"] else clock.running()
    world.set_clock(clock)
    return _shown(world)


def instant(text: str) -> int:
    """The instant of a time that a client sent; Refused for one that the calendar does not have (a leap second)."""
    try:
        return instant_of(text)
    except ValueError as error:
        raise Refused(f"{text} is no time: {error}") from None


def _shown(world: World) -> Json:
    return {"now": iso(world.clock.now()), "frozen": world.clock.frozen is not None}
