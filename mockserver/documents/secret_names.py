"""What a document marks as secret: `format: password`, also behind `$ref`, `allOf`, `anyOf` and `oneOf`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.documents.document import Document, definitions
from mockserver.documents.schemas import Schemas

FORMAT = "password"
COMPOSITIONS = ("allOf", "anyOf", "oneOf", "prefixItems")
"""Keywords with a list of schemas, any of which can make the value a secret."""
ELEMENTS = ("items", "additionalProperties", "unevaluatedProperties", "if", "then", "else")
"""Keywords with one schema that can make the value, or what a list or a map contains, a secret."""


def secret_fields(document: Document) -> set[str]:
    """Returns the names of the properties and parameters that a document marks as secret, wherever they are.

    A list or a map of secrets is a secret as a whole.
    """
    schemas = Schemas("secret", document)
    return {name for name, schema in _named_schemas(document) if _is_secret(schema, schemas)}


def secret_bodies(document: Document) -> set[str]:
    """Returns the ids of the operations whose whole request or response body is a secret string."""
    schemas = Schemas("secret", document)
    ids: set[str] = set()
    for _, _, _, operation in definitions(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        media = [content for body in bodies for content in schemas.resolve(body).get("content", {}).values()]
        if any(_is_secret(content.get("schema", {}), schemas) for content in media):
            ids.add(operation["operationId"])
    return ids


def _named_schemas(document: Document) -> Iterator[tuple[str, Any]]:
    """Yields the name and the schema of every property and every parameter in a document."""
    pending: list[Any] = [document]
    while pending:
        node = pending.pop()
        children = node.values() if isinstance(node, dict) else node
        pending += [child for child in children if isinstance(child, (dict, list))]
        if isinstance(node, dict):
            properties = node.get("properties")
            yield from properties.items() if isinstance(properties, dict) else ()
            if isinstance(node.get("name"), str) and "in" in node and "schema" in node:
                yield node["name"], node["schema"]


def _is_secret(schema: Any, schemas: Schemas) -> bool:
    """Returns whether a value that a schema describes, or part of it without a name of its own, can be a secret."""
    pending, seen = [schema], set()
    while pending:
        part = pending.pop()
        if not isinstance(part, dict) or id(part) in seen:
            continue
        if part.get("format") == FORMAT:
            return True
        seen.add(id(part))
        if "$ref" in part:  # keywords may stand beside it
            pending.append(schemas.at(part["$ref"]))
        pending += [branch for keyword in COMPOSITIONS for branch in part.get(keyword, ())]
        pending += [part[keyword] for keyword in ELEMENTS if keyword in part]
    return False
