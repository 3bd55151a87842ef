"""Creates, resets, rewinds, exports, imports and deletes worlds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mockserver.control.clocks import instant
from mockserver.core.clock import iso
from mockserver.core.messages import Answer, Json
from mockserver.core.problems import Refused
from mockserver.engine.options import WorldOption, fault_in
from mockserver.engine.service import Call, Handler
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds


def handlers(worlds: Worlds, options: Mapping[str, WorldOption]) -> dict[str, Handler]:
    """This module's operations."""
    return {
        "listWorlds": partial(list_worlds, worlds),
        "getWorld": partial(get_world, worlds),
        "putWorld": partial(put_world, worlds, options),
        "deleteWorld": partial(delete_world, worlds),
        "resetWorld": partial(reset_world, worlds),
        "rewindWorld": partial(rewind_world, worlds),
        "getState": partial(get_state, worlds),
        "putState": partial(put_state, worlds, options),
    }


def list_worlds(worlds: Worlds, call: Call) -> Json:
    """Returns all worlds in the order of their creation."""
    return [_as_json(world) for world in worlds]


def get_world(worlds: Worlds, call: Call) -> Json:
    """Returns one world."""
    return _as_json(worlds.get(call.path["world"]))


def put_world(worlds: Worlds, options: Mapping[str, WorldOption], call: Call) -> Json:
    """Creates a world from a scenario or another world; replaces an existing one, and deletes its journal."""
    settings = call.body or {}
    _check_options(options, settings)
    name = call.path["world"]
    now = instant(settings["now"]) if "now" in settings else None
    world, replaced = worlds.create_or_replace(
        name, settings.get("from"), settings.get("seed"), now, settings.get("options")
    )
    return Answer(_as_json(world), status=200 if replaced else 201)


def delete_world(worlds: Worlds, call: Call) -> Json:
    """Deletes a world. A later request that names it creates it afresh."""
    worlds.drop(call.path["world"])
    return Answer(status=204)


def reset_world(worlds: Worlds, call: Call) -> Json:
    """Returns a world to the state it was created with."""
    world = worlds.get(call.path["world"])
    world.reset()
    return _as_json(world)


def rewind_world(worlds: Worlds, call: Call) -> Json:
    """Restores the state that a world had after an exchange in its journal."""
    world = worlds.get(call.path["world"])
    world.rewind(call.body["to"])
    return _as_json(world)


def get_state(worlds: Worlds, call: Call) -> Json:
    """Returns everything in a world, secrets included, as JSON that `putState` accepts."""
    return worlds.get(call.path["world"]).export()


def put_state(worlds: Worlds, options: Mapping[str, WorldOption], call: Call) -> Json:
    """Replaces the state of a world by an exported one. Creates the world if it does not exist."""
    _check_options(options, call.body)
    try:
        worlds.exported_state(call.body)  # before a world is created for it: a refused import creates none
        world = worlds.get_or_create(call.path["world"])
        worlds.restore(world, call.body)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused(f"this is not the exported state of a world: {type(error).__name__} {error}") from None
    return _as_json(world)


def _check_options(options: Mapping[str, WorldOption], settings: Mapping[str, Json]) -> None:
    wrong = fault_in(options, settings.get("options", {}))
    if wrong:
        raise Refused(wrong)


def _as_json(world: World) -> Json:
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
