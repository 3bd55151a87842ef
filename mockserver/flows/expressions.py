"""Runtime expressions: how an Arazzo document refers to values that are known only when a step is played.

    $statusCode, $method, $url                  of the current exchange
    $request.header.Accept, $request.query.x, $request.path.id, $request.body#/pointer
    $response.header.Location, $response.body, $response.body#/pointer
    $inputs.token, $outputs.id
    $steps.create.outputs.id, $workflows.invite.outputs.id      where the value is JSON, `#/pointer` may follow

The scope in which an expression is evaluated has the same structure: nested mappings, in which the names of headers are
in lower case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TypeAlias

from mockserver.core.messages import Json

Scope: TypeAlias = Mapping[str, Json]

ROOTS = ("url", "method", "statusCode", "request", "response", "inputs", "outputs", "steps", "workflows")
_WHOLE = re.compile(rf"\$(?:{'|'.join(ROOTS)})(?:[.#][^\s{{}}]*)?")
_EMBEDDED = re.compile(rf"\{{({_WHOLE.pattern})\}}")


class Undefined(LookupError):
    """An expression that has no value in the scope."""

    def __init__(self, expression: str) -> None:
        super().__init__(f"{expression} has no value")


def evaluate(expression: str, scope: Scope) -> Json:
    """Returns the value of one expression. Raises Undefined."""
    names, mark, pointer = expression.removeprefix("$").partition("#")
    value: Json = scope
    previous = ""
    for name in names.split("."):
        key = name.lower() if previous == "header" else name
        if not isinstance(value, Mapping) or key not in value:
            raise Undefined(expression)
        value, previous = value[key], name
    return at_pointer(value, pointer, expression) if mark else value


def resolve(value: Json, scope: Scope) -> Json:
    """Returns a copy of a JSON value with its expressions evaluated.

    A string that is one expression becomes that expression's value, of any type. An expression within a longer string
    (`{$...}`) becomes text. Raises Undefined.
    """
    if isinstance(value, str):
        if _WHOLE.fullmatch(value):
            return evaluate(value, scope)
        return _EMBEDDED.sub(lambda match: text(evaluate(match[1], scope)), value)
    if isinstance(value, Mapping):
        return {name: resolve(item, scope) for name, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, scope) for item in value]
    return value


def text(value: Json) -> str:
    """Returns a value as text: a string unchanged, every other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def at_pointer(value: Json, pointer: str, expression: str) -> Json:
    """Returns the part of a value at a JSON pointer (RFC 6901). Raises Undefined, which names the `expression`."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, Mapping) and key in value:
            value = value[key]
        else:
            raise Undefined(expression)
    return value


def replaced(value: Json, pointer: str, new: Json) -> Json:
    """Returns a copy of a JSON value in which the part at the pointer is `new`.

    Raises Undefined if there is no such part.
    """
    token, slash, rest = pointer.removeprefix("/").partition("/")
    inner = at_pointer(value, "/" + token, pointer)
    item = replaced(inner, "/" + rest, new) if slash else new
    if isinstance(value, list):
        index = int(token)
        return [*value[:index], item, *value[index + 1 :]]
    return {**value, token.replace("~1", "/").replace("~0", "~"): item}
