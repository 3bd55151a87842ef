"""Parsing JSON more strictly than most programs do, so that no part of a request is lost or guessed."""

from __future__ import annotations

import json

import orjson

from mockserver.core.messages import Json
from mockserver.core.problems import MalformedRequest

MAX_DEPTH = 64
LONGEST_NAME = 100
"""Characters of a repeated name that a refusal shows."""

_INSPECTED = frozenset({dict, list, float})
_EXACT = 2.0**53
"""Below this limit, floats represent every whole number exactly."""


def parse(body: bytes) -> Json:
    """Parses JSON text. Raises MalformedRequest where it is not JSON, not UTF-8, nested too deeply or repeats a name.

    A whole number becomes an int even if it is written 300.0, because JSON Schema calls that an integer and Python's
    `range` does not accept a float. An integer of more than 64 bits becomes the nearest float, as in most programs that
    read JSON, because orjson could not write it in a response.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedRequest(f"the body is not JSON: {error}") from None
    names, has_whole_float = _inspect(value)
    # orjson drops repeated names, so a body may have more names than its value. The quick count of `":` is also too
    # high where a string contains these two characters. In both cases the slow and exact parser decides.
    if has_whole_float or body.translate(None, b" \t\r\n").count(b'":') != names:
        value = json.loads(body, object_pairs_hook=_object, parse_float=_number, parse_int=_integer)
    return value


def _inspect(value: Json) -> tuple[int, bool]:
    """Returns how many members all objects of a value have together, and whether one of its floats is a whole number.

    Raises MalformedRequest for a value that is nested too deeply.
    """
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
                if not _INSPECTED.isdisjoint(map(type, children)):
                    below += [child for child in children if type(child) in _INSPECTED]
        level = below
    return count, whole


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _integer(text: str) -> int | float:
    number = int(text)
    return number if -(2**63) <= number < 2**64 else float(text)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Returns the object of these members. Raises MalformedRequest where two have the same name."""
    members = dict(pairs)
    if len(members) != len(pairs):
        names = set[str]()
        for name, _ in pairs:
            if name in names:
                raise MalformedRequest(f"the body names {_beginning(name)!r} twice")
            names.add(name)
    return members


def _beginning(name: str) -> str:
    """Returns the beginning of a name, so that a refusal does not repeat a megabyte."""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."
