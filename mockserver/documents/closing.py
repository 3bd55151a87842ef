"""Closing schemas: making a request's schema refuse the members that it does not describe.

In JSON Schema an object may have members that no `properties` names; `additionalProperties: false` forbids them. A
schema without it is called *open* here, one with it *closed*. The documents describe requests with open schemas,
because the products ignore a member that they do not know. A strict world refuses such a member, and every other
world notes it in the journal. For both, each request is compiled twice: as the document has it, and closed.

    as the document has it                      closed
    ----------------------                      ------
    type: object                                type: object
    properties:                                 properties:
      owner:                                      owner:
        type: object                                type: object
        properties:                                 properties:
          name: {type: string}                        name: {type: string}
                                                    additionalProperties: false
      anything: {type: object}                    anything: {type: object}
                                                  mail: {}
                                                  phone: {}
                                                additionalProperties: false
    anyOf:                                      anyOf:
    - properties: {mail: {type: string}}        - properties: {mail: {type: string}}
    - properties: {phone: {type: string}}       - properties: {phone: {type: string}}

`additionalProperties` looks only at the `properties` beside it, not into a composition (`allOf`, `anyOf`, `oneOf`). So
the members that the branches of a composition describe are repeated beside it, with the schema `{}`, which accepts any
value: judging the value remains the branch's task. (`unevaluatedProperties: false` does look into a composition, but
only into branches that accept the value: one wrong member would make every other member of its branch unknown.)

An object schema that describes no member at all, such as `anything` above, stays open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mockserver.core.messages import encode
from mockserver.documents.document import METHODS, Document, is_exploded
from mockserver.documents.schemas import CLOSING, Schemas

COMPOSITIONS = ("allOf", "anyOf", "oneOf")


def closed_document(document: Document) -> Document:
    """Returns a copy of a document in which the schemas of all request bodies and exploded parameters are closed."""
    copy: Document = json.loads(encode(document))
    schemas = Schemas("closed", copy)
    for item in copy["paths"].values():
        for part in (item, *(item[method] for method in METHODS if method in item)):
            for media in schemas.resolve(part.get("requestBody", {})).get("content", {}).values():
                close(schemas, media.get("schema"))
            for parameter in map(schemas.resolve, part.get("parameters", ())):
                if is_exploded(parameter, schemas.resolve(parameter["schema"])):
                    close(schemas, parameter["schema"])
    return copy


def close(schemas: Schemas, schema: Any) -> None:
    """Closes a schema and those of its members and items, in place. References are followed.

    A schema that says by itself whether it takes further members is left as it is.
    """
    pending, visited = [schema], set[int]()
    while pending:
        schema = schemas.resolve(pending.pop())
        if not isinstance(schema, dict) or id(schema) in visited or any(keyword in schema for keyword in CLOSING):
            continue
        visited.add(id(schema))
        names = described_names(schemas, schema) if _accepts_objects(schema) else None
        if names:
            own = schema.get("properties", {})
            schema["properties"] = {**own, **{name: {} for name in sorted(names - own.keys())}}
            schema["additionalProperties"] = False
        pending += _children(schemas, schema)


def described_names(schemas: Schemas, schema: Any) -> set[str] | None:
    """Returns the names of the members that a schema or a branch of its composition describes.

    Returns None where one of them accepts members of any name: by `additionalProperties`, or as a bare `type: object`.
    """
    schema = schemas.resolve(schema)
    is_bare = "type" in schema and not any(schema.get(keyword) for keyword in ("properties", *COMPOSITIONS))
    if is_bare or schema.get("additionalProperties", False) is not False:
        return None
    names = set(schema.get("properties", {}))
    for branch in filter(_accepts_objects, _branches(schemas, schema)):
        names_of_branch = described_names(schemas, branch)
        if names_of_branch is None:
            return None
        names |= names_of_branch
    return names


def _children(schemas: Schemas, schema: Document) -> Iterator[Any]:
    """Yields the schemas of a schema's members and items, those of its branches included.

    A branch counts only if it names a type. One without a type may merely add a condition to members that are described
    elsewhere (`properties: {kind: {const: a}}`), and a condition must not be closed.
    """
    for part in (schema, *(branch for branch in _branches(schemas, schema) if "type" in branch)):
        yield from part.get("properties", {}).values()
        yield part.get("items")


def _branches(schemas: Schemas, schema: Document) -> list[Document]:
    """Returns the schemas that a schema is composed of, without references."""
    return [schemas.resolve(branch) for keyword in COMPOSITIONS for branch in schema.get(keyword, ())]


def _accepts_objects(schema: Document) -> bool:
    types = schema.get("type", "object")
    return types == "object" or "object" in types
