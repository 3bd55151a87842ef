"""An OpenAPI document as it was read from its file: plain dicts and lists, and how to walk them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

Document: TypeAlias = dict[str, Any]
"""A whole OpenAPI document, or one schema of it."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The keys of a path item that hold an operation."""


class Definition(NamedTuple):
    """An operation as the document writes it: `item` is the path item around it, `method` is in lower case."""

    path: str
    method: str
    item: Mapping[str, Any]
    operation: Mapping[str, Any]


def definitions(document: Document) -> Iterator[Definition]:
    """Yields every operation of a document, in the document's order."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield Definition(path, method, item, operation)


def is_exploded(parameter: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Returns whether a parameter stands for several: an object in the query, whose properties are sent by name.

    OpenAPI calls this `style: form, explode: true`, which is the default in the query.
    """
    return bool(parameter["in"] == "query" and schema.get("type") == "object")
