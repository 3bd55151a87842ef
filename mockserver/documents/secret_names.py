"""What a document marks as secret: `format: password`."""

from __future__ import annotations

from typing import Any

from mockserver.documents.document import Document, definitions
from mockserver.documents.schemas import Schemas

FORMAT = "password"


def secret_fields(document: Document) -> set[str]:
    """Returns the names of the properties that a document marks as secret, wherever in the document they are."""
    names: set[str] = set()
    pending: list[Any] = [document]
    while pending:
        node = pending.pop()
        children = node.values() if isinstance(node, dict) else node
        pending += [child for child in children if isinstance(child, (dict, list))]
        if isinstance(node, dict) and isinstance(node.get("properties"), dict):
            for name, schema in node["properties"].items():
                if isinstance(schema, dict) and schema.get("format") == FORMAT:
                    names.add(name)
    return names


def secret_bodies(document: Document) -> set[str]:
    """Returns the ids of the operations whose whole request or response body is a secret string."""
    schemas = Schemas("secret", document)
    ids: set[str] = set()
    for _, _, _, operation in definitions(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        media = [content for body in bodies for content in schemas.resolve(body).get("content", {}).values()]
        if any(schemas.resolve(content.get("schema", {})).get("format") == FORMAT for content in media):
            ids.add(operation["operationId"])
    return ids
