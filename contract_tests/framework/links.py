"""Where an answer leads: the document's links, followed from what was asked and answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from .documents import Operation, links, operations


def followed(
    operation: Operation, response: httpx.Response, path: str, body: Any
) -> dict[str, list[tuple[Operation, str]]]:
    """The linked operations on what a request (`path`, `body`) made, with their paths, by method."""
    found: dict[str, list[tuple[Operation, str]]] = {}
    for target_id, parameters in links(operation):
        target = operations(operation.service)[target_id]
        leads_to = _path(target, parameters, response, operation, path, body)
        if leads_to is not None:
            found.setdefault(target.method, []).append((target, leads_to))
    return found


def creates(operation: Operation) -> bool:
    """Whether an operation makes something that its links then delete."""
    targets = [operations(operation.service)[target] for target, _ in links(operation)]
    return operation.method == "POST" and any(target.method == "DELETE" for target in targets)


def _path(
    target: Operation, parameters: Mapping[str, str], response: httpx.Response, source: Operation, asked: str, body: Any
) -> str | None:
    """The target's path with what the link takes from the answer; None where it needs more than that."""
    path = target.template
    for name in target.parameters:
        expression = parameters.get(name)
        value = _given(name, source, asked) if expression is None else _value(expression, response, source, asked, body)
        if value is None:
            return None
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return path


def _value(expression: str, response: httpx.Response, source: Operation, asked: str, body: Any) -> Any:
    where, _, rest = expression.partition("#") if "#" in expression else (expression, "", "")
    if where == "$response.body":
        value: Any = response.json() if rest else response.text
    elif where == "$request.body":
        value = body
    elif expression.startswith("$request.path."):
        return _given(expression.rpartition(".")[2], source, asked)
    else:
        return None
    for part in rest.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value.get(part)
    return value


def _given(name: str, source: Operation, asked: str) -> str | None:
    """What the creating request had for a path parameter."""
    template, path = source.template.split("/"), asked.partition("?")[0].split("/")
    return dict(zip(template, path, strict=True)).get(f"{{{name}}}")
