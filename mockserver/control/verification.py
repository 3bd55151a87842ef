"""Counts the exchanges that match an expectation, and explains why the nearest one does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from mockserver.control.exchanges import as_json
from mockserver.control.vocabulary import Vocabulary
from mockserver.core.messages import Json
from mockserver.engine.address import native_path
from mockserver.engine.masking import Masking, Unmasked
from mockserver.engine.service import Call, Handler
from mockserver.worlds.journal import Exchange
from mockserver.worlds.worlds import Worlds

MISSING = object()


def handlers(worlds: Worlds, masking: Masking, vocabulary: Vocabulary) -> dict[str, Handler]:
    """This module's operations."""
    return {"verifyExchanges": partial(verify_exchanges, worlds, masking, vocabulary)}


def verify_exchanges(worlds: Worlds, masking: Masking, vocabulary: Vocabulary, call: Call) -> Json:
    """Counts the exchanges that match the expectation; if none does, returns the nearest one and its differences."""
    vocabulary.check(call.body)
    journal, expected = worlds.get(call.path["world"]).journal, call.body
    visible = Unmasked() if call.query["secrets"] else masking
    exchanges = [exchange for exchange in journal if exchange.id > expected.get("after", 0)]
    compared = [(exchange, list(_differences(exchange, expected, visible))) for exchange in exchanges]
    matching = [exchange.id for exchange, differences in compared if not differences]
    times = expected.get("times")
    nearest = None
    if compared and not matching:
        # The latest of those with the fewest differences.
        exchange, differences = min(reversed(compared), key=lambda it: len(it[1]))
        nearest = {"exchange": as_json(exchange, visible), "differences": differences}
    return {
        "satisfied": bool(matching) if times is None else len(matching) == times,
        "matches": len(matching),
        "exchanges": matching,
        "nearest": nearest,
    }


def _differences(exchange: Exchange, expected: Json, masking: Masking) -> Iterator[str]:
    """Yields each difference between an exchange and the expectation as a sentence, with secrets masked."""
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
    yield from _value_differences(
        "query", expected.get("query", {}), dict(parse_qsl(query, keep_blank_values=True)), masking
    )
    for name, value in expected.get("headers", {}).items():
        given = masking.headers([(name, request.headers.get(name, ""))])[name]
        if request.headers.get(name) != value:
            yield f"header {name} is {given!r}, not as expected" if given else f"header {name} is missing"
    for part, message in (("body", request), ("answer", response)):
        if part not in expected:
            continue
        actual = Unmasked().body(message.body)
        if not masking.is_secret(actual, exchange.operation):
            yield from _value_differences(part, expected[part], actual, masking)
        elif not _same(expected[part], actual):
            yield f"{part} is not as expected"


def _value_differences(where: str, expected: Json, actual: Json, masking: Masking, name: str = "") -> Iterator[str]:
    """Yields where a value differs from the expected one. Objects may have further members, lists no further items.

    `name` decides whether the value is a secret.
    """
    if isinstance(expected, dict) and isinstance(actual, dict):
        for member, value in expected.items():
            secret = masking.name_of(member, actual, name)
            yield from _value_differences(f"{where}/{member}", value, actual.get(member, MISSING), masking, secret)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (value, item) in enumerate(zip(expected, actual, strict=True)):
            yield from _value_differences(f"{where}/{index}", value, item, masking, name)
    elif actual is MISSING:
        yield f"{where} is missing"
    elif not _same(expected, actual):
        seen: Any = masking.value({name: actual})[name]
        yield f"{where} is {seen!r}, not {masking.value({name: expected})[name]!r}"


def _same(expected: Json, actual: Json) -> bool:
    """Returns whether two values are equal as JSON, where true and 1 differ."""
    return bool(expected == actual) and isinstance(expected, bool) == isinstance(actual, bool)
