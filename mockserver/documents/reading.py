"""Reading a request: its parameters and body, from bytes to values that obey the document.

What can't be parsed is a MalformedRequest, and what breaks a schema an InvalidInput.
"""

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
"""Returns a body with its names in the document's spelling."""
NO_POINTERS: Sequence[str] = ()
# JSON's way to write an integer, so neither "+1" nor "01", of a length that a program can do arithmetic with.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})")


def read_query(text: str) -> dict[str, list[str]]:
    """Returns the values of a query string by name, both in the order of the query."""
    values: dict[str, list[str]] = {}
    for pair in text.split("&") if text else ():
        name, _, value = pair.partition("=")
        if name or value:
            values.setdefault(_form_text(name), []).append(_form_text(value))
    return values


def read_path(operation: Operation, values: list[str]) -> dict[str, Any]:
    """Returns the path's parameters by name. `values` holds the segments that matched them, in the order of the path.

    A parameter of the mount is not described by the document: its value is the segment.
    """
    parameters: dict[str, Any] = {}
    for name, text in zip(operation.names, values, strict=True):
        parameter = operation.in_path.get(name)
        parameters[name] = text if parameter is None else _value(parameter, [text])
    return parameters


def read_parameters(operation: Operation, query: Mapping[str, list[str]]) -> dict[str, Any]:
    """Returns the query parameters that the document describes, by name. Absent ones get the document's default."""
    parameters: dict[str, Any] = {}
    for name, parameter in operation.in_query.items():
        texts = query.get(name)
        if texts is not None:
            parameters[name] = _value(parameter, texts)
        elif parameter.required:
            raise InvalidInput([_missing(parameter)])
        elif parameter.default is not None:
            parameters[name] = parameter.default
    for rule in operation.query_rules:
        if not rule.valid(parameters):
            raise InvalidInput(rule.violations(parameters))
    return parameters


def read_headers(operation: Operation, request: Request) -> dict[str, Any]:
    """Returns the header parameters that the document describes, by the name that the document gives them."""
    parameters: dict[str, Any] = {}
    for parameter in operation.in_header:
        text = request.headers.get(parameter.name)
        if text is not None:
            parameters[parameter.name] = _value(parameter, [text])
        elif parameter.required:
            raise InvalidInput([_missing(parameter)])
    return parameters


def read_body(operation: Operation, request: Request, respell: Respell | None = None) -> tuple[Json, Sequence[str]]:
    """Returns the body, which obeys its schema, and JSON pointers to its members that the document does not describe.

    The body is None where it is optional and absent. `respell`, for an API that accepts names in several spellings,
    changes them to the document's before the body is validated. Raises UnsupportedMedia for another Content-Type.
    """
    body = operation.body
    if body is None:
        return None, NO_POINTERS
    if request.unreadable is not None:
        raise request.unreadable
    media_type = _media_type(request, body)
    if not request.body:
        if body.required:
            raise MalformedRequest("a request body is required")
        return None, NO_POINTERS
    value = _form(request.body) if media_type == FORM_TYPE else parse(request.body)
    if respell is not None:
        value = respell(operation, value)
    validator, closed = body.content[media_type], body.closed[media_type]
    # Most bodies obey the closed schema. Then they obey the open one, too, and one validation is enough.
    if validator is None or closed is None or closed.valid(value):
        return value, NO_POINTERS
    if not validator.valid(value):
        raise InvalidInput(validator.violations(value), closed.unexpected(value))
    return value, closed.undescribed(value)


def undescribed_inputs(operation: Operation, query: Mapping[str, list[str]], pointers: Sequence[str]) -> list[str]:
    """Lists what the client sent and the document does not describe ("query verbose", "body /nmae").

    `pointers` are those of the body, as `read_body` returns them.
    """
    names = [f"query {name}" for name in query if name not in operation.in_query]
    return names + [f"body {pointer}" for pointer in pointers]


def undescribed_refusal(inputs: list[str]) -> InvalidInput:
    """Returns the refusal of a strict world for what `undescribed_inputs` listed."""
    violations = []
    for entry in inputs:
        where, _, pointer = entry.partition(" ")
        name = pointer.rsplit("/", 1)[-1]
        message = f"{name} is not a known {where} parameter"
        violations.append(Violation(where, pointer, "additionalProperties", name, message))
    return InvalidInput(violations)


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=100))
    except ValueError:
        raise MalformedRequest("the body is not a valid form") from None


def _media_type(request: Request, body: Body) -> str:
    """Returns the body's media type, without parameters; the document's first where there is no Content-Type."""
    content_type: str | None = request.headers.get("Content-Type")
    if content_type is None or (not request.body and not body.required):
        return next(iter(body.content), JSON_TYPE)
    if content_type in body.content:
        return content_type
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in body.content:
        raise UnsupportedMedia(f"send {' or '.join(body.content)}")
    return media_type


def _form_text(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    return decode(text) if "%" in text else text


def _value(parameter: Parameter, texts: list[str]) -> Any:
    """Returns the value of a parameter, converted to its type and validated.

    An array takes all texts, each of which may hold several items between commas; any other type takes the first text.
    """
    if parameter.kind == "array":
        value: Any = [item for text in texts for item in text.split(",")]
    else:
        value = _scalar(parameter.kind, texts[0])
    if not parameter.validator.valid(value):
        keyword = parameter.validator.violations(value)[0].keyword
        message = f"{parameter.name} is not a valid {parameter.where} parameter"
        raise InvalidInput([Violation(parameter.where, parameter.name, keyword, parameter.name, message)])
    return value


def _scalar(kind: str, text: str) -> Any:
    """Returns an integer or a boolean where the text is one. Any other text is left for the validator to refuse."""
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _missing(parameter: Parameter) -> Violation:
    message = f"{parameter.name} is required"
    return Violation(parameter.where, parameter.name, "required", parameter.name, message)
