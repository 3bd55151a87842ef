"""The links of a document, followed: which operations apply to what a request has created, and at which paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from .documents import DocumentedOperation, links, operations


def creates(operation: DocumentedOperation) -> bool:
    """Returns whether an operation creates something that a linked operation can delete."""
    linked = [operations(operation.service)[name] for name, _ in links(operation)]
    return operation.method == "POST" and any(other.method == "DELETE" for other in linked)


def linked_operations(
    operation: DocumentedOperation, response: httpx.Response, path: str, body: Any
) -> dict[str, list[tuple[DocumentedOperation, str]]]:
    """Returns the operations that a response links to, with their paths, by method.

    `path` and `body` are those of the request. A link whose parameters can't be evaluated is left out.
    """
    call = _Call(operation, path, body, response)
    by_method: dict[str, list[tuple[DocumentedOperation, str]]] = {}
    for name, parameters in links(operation):
        linked = operations(operation.service)[name]
        linked_path = call.path_of(linked, parameters)
        if linked_path is not None:
            by_method.setdefault(linked.method, []).append((linked, linked_path))
    return by_method


@dataclass(frozen=True)
class _Call:
    """A request for an operation and its response, from which runtime expressions take their values."""

    operation: DocumentedOperation
    path: str
    body: Any
    response: httpx.Response

    def path_of(self, linked: DocumentedOperation, parameters: Mapping[str, str]) -> str | None:
        """Returns the path of a linked operation; None if a path parameter has no value."""
        path = linked.template
        for name in linked.parameters:
            expression = parameters.get(name)
            value = self._path_parameter(name) if expression is None else self._evaluate(expression)
            if value is None:
                return None
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        return path

    def _evaluate(self, expression: str) -> Any:
        """Returns the value of a runtime expression of OpenAPI; None for an expression that the suite does not know."""
        source, _, pointer = expression.partition("#")
        if source == "$response.body":
            value: Any = self.response.json() if pointer else self.response.text
        elif source == "$request.body":
            value = self.body
        elif expression.startswith("$request.path."):
            return self._path_parameter(expression.rpartition(".")[2])
        else:
            return None
        for part in pointer.split("/")[1:]:
            value = value[int(part)] if isinstance(value, list) else value.get(part)
        return value

    def _path_parameter(self, name: str) -> str | None:
        """Returns the value that a path parameter has in the request."""
        template, path = self.operation.template.split("/"), self.path.partition("?")[0].split("/")
        return dict(zip(template, path, strict=True)).get(f"{{{name}}}")
