"""Reading a request: parameters and bodies, from bytes to values that obey the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from mockserver.core.messages import JSON_TYPE, Json, Request
from mockserver.core.problems import InvalidInput, MalformedRequest, UnsupportedMedia, Violation
from mockserver.documents.json_text import parse
from mockserver.documents.routes import decode
from mockserver.documents.spec import Body, Operation, Parameter

FORM_TYPE = "application/x-www-form-urlencoded"

Respell: TypeAlias = Callable[[Operation, Json], Json]
NOTHING: Sequence[str] = ()
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


def read_body(operation: Operation, request: Request, respell: Respell | None = None) -> tuple[Json, Sequence[str]]:
    """The body as a value that obeys its schema, and JSON pointers of what in it the document does not describe.

    None where the body is optional and absent. `respell` puts what the API reads in several spellings into the
    document's, before the schema judges it.
    """
    body = operation.body
    if body is None:
        return None, NOTHING
    if request.unreadable is not None:
        raise request.unreadable
    media_type = _media_type(request, body)
    if not request.body:
        if body.required:
            raise MalformedRequest("a request body is required")
        return None, NOTHING
    value = _form(request.body) if media_type == FORM_TYPE else parse(request.body)
    if respell is not None:
        value = respell(operation, value)
    validator, closed = body.content[media_type], body.closed[media_type]
    # Most bodies obey the closed schema, and so the open one as well.
    if validator is None or closed is None or closed.valid(value):
        return value, NOTHING
    if not validator.valid(value):
        raise InvalidInput(validator.violations(value))
    return value, closed.unread(value)


def ignored(operation: Operation, query: Mapping[str, list[str]], undescribed: Sequence[str]) -> list[str]:
    """What the client sent and the document does not describe ("query verbose", "body /nmae")."""
    names = [f"query {name}" for name in query if name not in operation.in_query]
    return names + [f"body {pointer}" for pointer in undescribed]


def unknown(names: list[str]) -> InvalidInput:
    """The refusal that a strict server gives for what `ignored` found."""
    found = []
    for entry in names:
        where, _, name = entry.partition(" ")
        last = name.rsplit("/", 1)[-1]
        found.append(Violation(where, name, "additionalProperties", last, f"{last} is not a known {where} parameter"))
    return InvalidInput(found)


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
    if given in body.content:
        return given
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
