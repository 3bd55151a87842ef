"""Worlds: which there are, how they are made, taken back and dropped, and all that is in them."""

from __future__ import annotations

from functools import partial

from mockserver.control.clocks import instant
from mockserver.core.clock import iso
from mockserver.core.messages import Answer, Json
from mockserver.core.problems import Refused
from mockserver.engine.service import Call, Handler
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds


def handlers(worlds: Worlds) -> dict[str, Handler]:
    """This module's operations."""
    return {
        "listWorlds": partial(list_worlds, worlds),
        "getWorld": partial(get_world, worlds),
        "putWorld": partial(put_world, worlds),
        "deleteWorld": partial(delete_world, worlds),
        "resetWorld": partial(reset_world, worlds),
        "rewindWorld": partial(rewind_world, worlds),
        "getState": partial(get_state, worlds),
        "putState": partial(put_state, worlds),
    }


def list_worlds(worlds: Worlds, call: Call) -> Json:
    """All worlds, in order of creation."""
    return [_shown(world) for world in worlds]


def get_world(worlds: Worlds, call: Call) -> Json:
    """One world."""
    return _shown(worlds.get(call.path["world"]))


def put_world(worlds: Worlds, call: Call) -> Json:
    """Creates a world from a scenario or another world. One that exists is replaced, its journal forgotten."""
    wish = call.body or {}
    name = call.path["world"]
    now = instant(wish["now"]) if "now" in wish else None
    world, replaced = worlds.create_or_replace(name, wish.get("from"), wish.get("seed"), now, wish.get("options"))
    return Answer(_shown(world), status=200 if replaced else 201)


def delete_world(worlds: Worlds, call: Call) -> Json:
    """Drops a world. A request that names it again begins a new one."""
    worlds.drop(call.path["world"])
    return Answer(status=204)


def reset_world(worlds: Worlds, call: Call) -> Json:
    """Takes a world back to how it was created."""
    world = worlds.get(call.path["world"])
    world.reset()
    return _shown(world)


def rewind_world(worlds: Worlds, call: Call) -> Json:
    """Takes a world to the moment after an exchange that its journal holds, back or forward."""
    world = worlds.get(call.path["world"])
    world.rewind(call.body["to"])
    return _shown(world)


def get_state(worlds: Worlds, call: Call) -> Json:
    """All of a world, secrets included, as JSON that `putState` takes back."""
    return worlds.get(call.path["world"]).export()


def put_state(worlds: Worlds, call: Call) -> Json:
    """Makes a world what an export says; the world is made first where there is none."""
    world = worlds.get_or_create(call.path["world"])
    try:
        worlds.restore(world, call.body)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused(f"this state does not fit: {type(error).__name__} {error}") from None
    return _shown(world)


def _shown(world: World) -> Json:
    return {
        "name": world.name,
        "from": world.origin,
        "seed": world.seed,
        "now": iso(world.clock.now()),
        "frozen": world.clock.frozen is not None,
        "options": world.options,
        "records": {name: table.count for name, table in sorted(world.state.tables.items()) if table.count},
        "exchanges": len(world.journal),
    }
