"""JSON text as values, read more strictly than most programs do: nothing of what was sent is lost or guessed."""

from __future__ import annotations

import json

import orjson

from mockserver.core.messages import Json
from mockserver.core.problems import MalformedRequest

MAX_DEPTH = 64

_SURVEYED = frozenset({dict, list, float})
_EXACT = 2.0**53
"""Below this every whole number has a float of its own."""


def parse(body: bytes) -> Json:
    """JSON text as a value. MalformedRequest for what is no JSON, not UTF-8, nested too deeply, or repeats a name.

    A whole number is an int however it is written: to JSON Schema 300.0 is an integer, to Python's `range` it is none.
    Beyond 64 bits it is the nearest float, as in most programs that read JSON: it can be kept, and sent as a number.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedRequest(f"the body is not JSON: {error}") from None
    names, whole = _surveyed(value)
    # A string may contain what looks like the end of a name; only then is the slow, exact look needed.
    if whole or body.translate(None, b" \t\r\n").count(b'":') != names:
        value = json.loads(body, object_pairs_hook=_unrepeated, parse_float=_number, parse_int=_integer)
    return value


def _surveyed(value: Json) -> tuple[int, bool]:
    """How many names a value's objects have, and whether a float in it is a whole number."""
    count, level, depth, whole = 0, [value], 0, False
    while level:
        depth += 1
        below: list[Json] = []
        for item in level:
            kind = type(item)
            if kind is float:
                whole = whole or item.is_integer()
            elif kind is dict or kind is list:
                if depth > MAX_DEPTH:
                    raise MalformedRequest(f"the body is nested more than {MAX_DEPTH} levels deep")
                children = item
                if kind is dict:
                    count += len(item)
                    children = item.values()
                if not _SURVEYED.isdisjoint(map(type, children)):
                    below += [child for child in children if type(child) in _SURVEYED]
        level = below
    return count, whole


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _integer(text: str) -> int | float:
    number = int(text)
    return number if -(2**63) <= number < 2**64 else float(text)


def _unrepeated(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise MalformedRequest(f"the body names {repeated!r} twice")
    return found
