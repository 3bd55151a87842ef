"""Reads and changes the clock of a world."""

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
    """Returns the current time of a world and whether its clock is frozen."""
    return _as_json(worlds.get(call.path["world"]))


def change_clock(worlds: Worlds, call: Call) -> Json:
    """Sets the clock, advances it, then freezes or resumes it, as far as the body asks for each."""
    world, change = worlds.get(call.path["world"]), call.body
    clock = world.clock
    now = instant(change["now"]) if "now" in change else clock.now()
    now += duration(change.get("advance", "P0D"))
    if now >= LATEST:
        raise Conflict("the clock would show a year after 2199")
    if "now" in change or "advance" in change:
        clock = clock.set_to(now)
    if "frozen" in change:
        clock = clock.frozen_at(clock.now()) if change["frozen"] else clock.running()
    world.set_clock(clock)
    return _as_json(world)


def instant(text: str) -> int:
    """Returns the instant of a date and time. Raises Refused for one that the calendar lacks, such as a leap second."""
    try:
        return instant_of(text)
    except ValueError as error:
        raise Refused(f"{text} is not a valid time: {error}") from None


def _as_json(world: World) -> Json:
    return {"now": iso(world.clock.now()), "frozen": world.clock.frozen is not None}
