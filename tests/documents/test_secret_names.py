"""What a document marks with `format: password` is found, wherever it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.documents.secret_names import secret_bodies, secret_fields
from mockserver.registry import resources

TOKEN = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Token"}}}}
THING = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
EMPTY = {"204": {"description": "Done."}}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/sent": {
            "summary": "is not an operation",
            "post": {"operationId": "sent", "requestBody": TOKEN, "responses": EMPTY},
        },
        "/received": {"get": {"operationId": "received", "responses": {"200": {"description": "A token.", **TOKEN}}}},
        "/thing": {"put": {"operationId": "thing", "requestBody": THING, "responses": EMPTY}},
        "/nothing": {"delete": {"operationId": "nothing", "responses": EMPTY}},
    },
    "components": {
        "schemas": {
            "Token": {"type": "string", "format": "password"},
            "Thing": {
                "properties": {
                    "name": {"type": "string"},
                    "key": {"type": "string", "format": "password"},
                    "parts": {"items": {"properties": {"pin": {"format": "password"}, "any": True}}},
                }
            },
        }
    },
}


def test_secret_fields_are_found_at_every_depth() -> None:
    assert secret_fields(DOCUMENT) == {"key", "pin"}


def test_a_member_called_properties_that_is_no_object_is_passed_over() -> None:
    assert secret_fields({"properties": ["key"], "x": {"properties": {"key": {"format": "password"}}}}) == {"key"}


def test_operations_whose_request_or_response_is_a_secret_string_are_found() -> None:
    assert secret_bodies(DOCUMENT) == {"sent", "received"}


PASSWORD = {"type": "string", "format": "password"}
REFERENCE = {"$ref": "#/components/schemas/Token"}


@pytest.mark.parametrize(
    "schema",
    [
        REFERENCE,
        {"$ref": "#/components/schemas/Alias"},
        {"$ref": "#/components/schemas/Text", "format": "password"},
        {"allOf": [{"minLength": 1}, REFERENCE]},
        {"anyOf": [{"type": "null"}, PASSWORD]},
        {"oneOf": [{"type": "null"}, {"allOf": [REFERENCE]}]},
        {"type": "array", "items": REFERENCE},
        {"type": "array", "prefixItems": [{}, PASSWORD]},
        {"type": "object", "additionalProperties": REFERENCE},
        {"anyOf": [{"$ref": "#/components/schemas/Tree"}, PASSWORD]},
    ],
)
def test_a_secret_is_found_behind_references_and_compositions(schema: Any) -> None:
    components = {
        "Token": PASSWORD,
        "Alias": REFERENCE,
        "Text": {"type": "string"},
        "Tree": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Tree"}]},
        "Thing": {"properties": {"hidden": schema, "tree": {"$ref": "#/components/schemas/Tree"}}},
    }
    document = {"paths": {}, "components": {"schemas": components}}
    assert secret_fields(document) == {"hidden"}


def test_an_object_that_has_a_secret_is_not_a_secret_as_a_whole() -> None:
    components = {"Thing": {"properties": {"pin": PASSWORD}}, "Box": {"properties": {"thing": THING}}}
    assert secret_fields({"paths": {}, "components": {"schemas": components}}) == {"pin"}


def test_a_parameter_can_be_a_secret() -> None:
    parameter = {"name": "key", "in": "query", "schema": PASSWORD}
    assert secret_fields({"paths": {}, "components": {"parameters": {"Key": parameter}}}) == {"key"}


def secrets_and_references(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yields where a document has `format: password` or a `$ref`, and the referenced pointer ("" for the former)."""
    if isinstance(node, dict):
        if node.get("format") == "password":
            yield path, ""
        if isinstance(node.get("$ref"), str):
            yield path, node["$ref"]
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in children:
        yield from secrets_and_references(child, (*path, str(name)))


@pytest.mark.parametrize("service", ["jackson", "netbird", "netfoundry", "scim", "vcf", "control"])
def test_every_secret_of_every_document_is_found(service: str) -> None:
    document = resources.document(service)
    places = list(secrets_and_references(document))
    secret = [path for path, pointer in places if not pointer]
    for path in secret:  # grows: who refers to a secret component is a secret as well
        pointer = "#/" + "/".join(path)
        secret += [place for place, target in places if target == pointer]
    fields, bodies = secret_fields(document), secret_bodies(document)
    for path in secret:
        if path[:2] == ("components", "schemas") and len(path) == 3:
            continue  # its references are looked at
        if "content" in path and path[-1] == "schema":
            assert document["paths"][path[1]][path[2]]["operationId"] in bodies
        else:
            assert path[-1] in fields, path
