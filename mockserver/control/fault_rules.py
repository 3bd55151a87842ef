"""Lists, adds and deletes the fault rules of a world. `mockserver.worlds.faults` applies them."""

from __future__ import annotations

from functools import partial

from mockserver.control.vocabulary import Vocabulary
from mockserver.core.messages import Answer, Json
from mockserver.core.problems import NotFound, Refused
from mockserver.engine.service import Call, Handler
from mockserver.state.store import Transaction
from mockserver.worlds import faults
from mockserver.worlds.worlds import Worlds

EFFECTS = ("status", "delay", "rateLimit", *faults.DAMAGES)
"""The members of an effect that make a request fail or late."""


def handlers(worlds: Worlds, vocabulary: Vocabulary) -> dict[str, Handler]:
    """This module's operations."""
    return {
        "listFaults": partial(list_faults, worlds),
        "addFault": partial(add_fault, worlds, vocabulary),
        "clearFaults": partial(clear_faults, worlds),
        "deleteFault": partial(delete_fault, worlds),
    }


def list_faults(worlds: Worlds, call: Call) -> Json:
    """Returns the rules of a world, oldest first, with the number of requests that each has matched and hit."""
    return [faults.rule_as_json(rule) for rule in Transaction(worlds.get(call.path["world"]).state).page(faults.NAME)]


def add_fault(worlds: Worlds, vocabulary: Vocabulary, call: Call) -> Json:
    """Adds a rule, which counts requests from now on. Creates the world if it does not exist."""
    vocabulary.check_fault(call.body.get("match", {}))
    if not any(call.body["effect"].get(name) not in (None, False) for name in EFFECTS):
        raise Refused("the effect changes nothing: disconnect, truncate and garbage have an effect if they are true")
    world = worlds.get_or_create(call.path["world"])
    records = Transaction(world.state, world.seed)
    rule = faults.add_rule(records, call.body)
    world.commit(records)
    return faults.rule_as_json(rule)


def clear_faults(worlds: Worlds, call: Call) -> Json:
    """Deletes all rules of a world."""
    world = worlds.get(call.path["world"])
    records = Transaction(world.state, world.seed)
    for rule in records.page(faults.NAME):
        records.delete(faults.NAME, rule["id"])
    world.commit(records)
    return Answer(status=204)


def delete_fault(worlds: Worlds, call: Call) -> Json:
    """Deletes one rule."""
    world = worlds.get(call.path["world"])
    records = Transaction(world.state, world.seed)
    if records.get(faults.NAME, call.path["fault"]) is None:
        raise NotFound("fault", call.path["fault"])
    records.delete(faults.NAME, call.path["fault"])
    world.commit(records)
    return Answer(status=204)
