"""Assertions on a journal: which exchanges are as expected, and why the nearest one is not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from mockserver.control.exchanges import shown
from mockserver.core.messages import Json
from mockserver.engine.address import native_path
from mockserver.engine.masking import Masking, Unmasked
from mockserver.engine.service import Call, Handler
from mockserver.worlds.journal import Exchange
from mockserver.worlds.worlds import Worlds

MISSING = object()


def handlers(worlds: Worlds, masking: Masking) -> dict[str, Handler]:
    """This module's operations."""
    return {"verifyExchanges": partial(verify_exchanges, worlds, masking)}


def verify_exchanges(worlds: Worlds, masking: Masking, call: Call) -> Json:
    """Counts the exchanges that are as expected; where none is, shows the nearest one and how it differs."""
    journal, expected = worlds.get(call.path["world"]).journal, call.body
    shown_by = Unmasked() if call.query["secrets"] else masking
    judged = [(exchange, list(_differences(exchange, expected, shown_by))) for exchange in journal]
    judged = [it for it in judged if it[0].id > expected.get("after", 0)]
    found = [exchange.id for exchange, differences in judged if not differences]
    wanted = expected.get("times")
    nearest = None
    if judged and not found:
        # The latest of those with the fewest differences.
        exchange, differences = min(reversed(judged), key=lambda it: len(it[1]))
        nearest = {"exchange": shown(exchange, shown_by), "differences": differences}
    return {
        "satisfied": bool(found) if wanted is None else len(found) == wanted,
        "matches": len(found),
        "exchanges": found,
        "nearest": nearest,
    }


def _differences(exchange: Exchange, expected: Json, masking: Masking) -> Iterator[str]:
    """What about an exchange is not as expected, in words; no secrets in them."""
    request, response = exchange.request, exchange.response
    query = request.target.partition("?")[2]
    facts = {
        "service": exchange.service,
        "operation": exchange.operation,
        "method": request.method,
        "path": native_path(request.target),
        "status": response.status,
    }
    for name, actual in facts.items():
        if name in expected and expected[name] != actual:
            yield f"{name} is {actual!r}, not {expected[name]!r}"
    yield from _unlike("query", expected.get("query", {}), dict(parse_qsl(query, keep_blank_values=True)), masking)
    for name, value in expected.get("headers", {}).items():
        given = masking.headers([(name, request.headers.get(name, ""))])[name]
        if request.headers.get(name) != value:
            yield f"header {name} is {given!r}, not as expected" if given else f"header {name} is missing"
    for part, message in (("body", request), ("answer", response)):
        if part not in expected:
            continue
        actual = Unmasked().body(message.body)
        if not masking.is_secret(actual, exchange.operation):
            yield from _unlike(part, expected[part], actual, masking)
        elif not _same(expected[part], actual):
            yield f"{part} is not as expected"


def _unlike(where: str, expected: Json, actual: Json, masking: Masking, name: str = "") -> Iterator[str]:
    """Where a value lacks what is expected of it. An object may have more members, a list no more items."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for member, value in expected.items():
            yield from _unlike(f"{where}/{member}", value, actual.get(member, MISSING), masking, member)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (value, item) in enumerate(zip(expected, actual, strict=True)):
            yield from _unlike(f"{where}/{index}", value, item, masking, name)
    elif actual is MISSING:
        yield f"{where} is missing"
    elif not _same(expected, actual):
        seen: Any = masking.value({name: actual})[name]
        yield f"{where} is {seen!r}, not {masking.value({name: expected})[name]!r}"


def _same(expected: Json, actual: Json) -> bool:
    """Equal as JSON values, in which true is no 1."""
    return bool(expected == actual) and isinstance(expected, bool) == isinstance(actual, bool)
