"""Reading a request: parameters and bodies, from bytes to values that obey the document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import orjson

from mockserver.messages import JSON_TYPE, Json, Request
from mockserver.problems import InvalidInput, MalformedRequest, UnsupportedMedia, Violation
from mockserver.routes import decode
from mockserver.spec import Body, Operation, Parameter

FORM_TYPE = "application/x-www-form-urlencoded"
MAX_DEPTH = 64

Respell: TypeAlias = Callable[[Operation, Json], Json]
_NAME_END = re.compile(rb'"\s*:')
_SURVEYED = frozenset({dict, list, float})
_EXACT = 2.0**53
"""Below this every whole number has a float of its own."""
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})")


def read_query(text: str) -> dict[str, list[str]]:
    """The query's values by name, in order. MalformedRequest where it can't be decoded."""
    values: dict[str, list[str]] = {}
    for pair in text.split("&") if text else ():
        name, _, value = pair.partition("=")
        if name or value:
            values.setdefault(_form_text(name), []).append(_form_text(value))
    return values


def read_path(operation: Operation, values: list[str]) -> dict[str, Any]:
    """The path's parameters, in the order of the path."""
    found: dict[str, Any] = {}
    for name, text in zip(operation.names, values, strict=True):
        parameter = operation.in_path.get(name)
        found[name] = text if parameter is None else _value(parameter, [text])
    return found


def read_parameters(operation: Operation, query: Mapping[str, list[str]]) -> dict[str, Any]:
    """The query parameters that the document knows, with its defaults."""
    found: dict[str, Any] = {}
    for name, parameter in operation.in_query.items():
        given = query.get(name)
        if given is not None:
            found[name] = _value(parameter, given)
        elif parameter.required:
            raise InvalidInput([_missing(parameter)])
        elif parameter.default is not None:
            found[name] = parameter.default
    for rule in operation.query_rules:
        if not rule.valid(found):
            raise InvalidInput(rule.violations(found))
    return found


def read_headers(operation: Operation, request: Request) -> dict[str, Any]:
    """The header parameters that the document knows."""
    found: dict[str, Any] = {}
    for parameter in operation.in_header:
        given = request.headers.get(parameter.name)
        if given is not None:
            found[parameter.name] = _value(parameter, [given])
        elif parameter.required:
            raise InvalidInput([_missing(parameter)])
    return found


def read_body(operation: Operation, request: Request, respell: Respell | None = None) -> Json:
    """The body as a value that obeys its schema; None where it is optional and absent.

    `respell` puts what the API reads in several spellings into the document's, before the schema judges it.
    """
    body = operation.body
    if body is None:
        return None
    if request.unreadable is not None:
        raise request.unreadable
    media_type = _media_type(request, body)
    if not request.body:
        if body.required:
            raise MalformedRequest("a request body is required")
        return None
    value = _form(request.body) if media_type == FORM_TYPE else parse(request.body)
    if respell is not None:
        value = respell(operation, value)
    validator = body.content[media_type]
    if validator is not None and not validator.valid(value):
        raise InvalidInput(validator.violations(value))
    return value


def ignored(operation: Operation, request: Request, query: Mapping[str, list[str]], value: Json) -> list[str]:
    """What the client sent and the document does not describe ("query verbose", "body /nmae")."""
    names = [f"query {name}" for name in query if name not in operation.in_query]
    if operation.body is not None and value is not None:
        closed = operation.body.closed[_media_type(request, operation.body)]
        names += [f"body {pointer}" for pointer in closed.unread(value)] if closed is not None else []
    return names


def unknown(names: list[str]) -> InvalidInput:
    """The refusal that a strict server gives for what `ignored` found."""
    found = []
    for entry in names:
        where, _, name = entry.partition(" ")
        last = name.rsplit("/", 1)[-1]
        found.append(Violation(where, name, "additionalProperties", last, f"{last} is not a known {where} parameter"))
    return InvalidInput(found)


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
    if whole or len(_NAME_END.findall(body)) != names:
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
                continue
            if depth > MAX_DEPTH:
                raise MalformedRequest(f"the body is nested more than {MAX_DEPTH} levels deep")
            children = item
            if kind is dict:
                count += len(item)
                children = item.values()
            elif kind is not list:
                continue
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


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=100))
    except ValueError:
        raise MalformedRequest("the body is not a valid form") from None


def _media_type(request: Request, body: Body) -> str:
    """The body's media type, without parameters; a body that names none is taken for the first the document knows."""
    given: str | None = request.headers.get("Content-Type")
    if given is None or (not request.body and not body.required):
        return next(iter(body.content), JSON_TYPE)
    media_type = given.partition(";")[0].strip().lower()
    if media_type not in body.content:
        raise UnsupportedMedia(f"send {' or '.join(body.content)}")
    return media_type


def _form_text(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    return decode(text) if "%" in text else text


def _value(parameter: Parameter, given: list[str]) -> Any:
    """The first value given (all of them for an array), read by the parameter's type and held against its schema."""
    if parameter.kind == "array":
        value: Any = [part for text in given for part in text.split(",")]
    else:
        value = _scalar(parameter.kind, given[0])
    if not parameter.validator.valid(value):
        kinds = [violation.keyword for violation in parameter.validator.violations(value)]
        message = f"{parameter.name} is not a valid {parameter.where} parameter"
        raise InvalidInput([Violation(parameter.where, parameter.name, kinds[0], parameter.name, message)])
    return value


def _scalar(kind: str, text: str) -> Any:
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _missing(parameter: Parameter) -> Violation:
    message = f"{parameter.name} is required"
    return Violation(parameter.where, parameter.name, "required", parameter.name, message)
