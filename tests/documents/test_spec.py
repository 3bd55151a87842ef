"""A document is compiled into operations: their paths, their parameters and bodies, and their responses."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.documents.document import METHODS
from mockserver.documents.spec import Operation, operations
from mockserver.registry import resources
from mockserver.registry.apis import services

ITEM: dict[str, Any] = {
    "parameters": [{"$ref": "#/components/parameters/Id"}],
    "get": {
        "operationId": "getThing",
        "security": [],
        "parameters": [
            {"name": "page", "in": "query", "schema": {"$ref": "#/components/schemas/Page"}},
            {"name": "X-Must", "in": "header", "required": True, "schema": {"type": "string"}},
        ],
        "responses": {"200": {"$ref": "#/components/responses/Thing"}, "404": {"description": "None."}},
    },
    "put": {
        "operationId": "putThing",
        "requestBody": {"$ref": "#/components/requestBodies/Thing"},
        "responses": {"201": {"description": "New."}, "200": {"$ref": "#/components/responses/Thing"}},
    },
    "summary": "is no method",
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "servers": [{"url": "/v1"}, {"url": "/v2/{tenant}/"}],
    "security": [{"token": []}],
    "x-aliases": {"/things": "/stuff"},
    "paths": {
        "/things/{id}": ITEM,
        "/thingsome": {
            "get": {"operationId": "near", "servers": [{"url": "/"}], "responses": {"204": {"description": "None."}}}
        },
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "properties": {"offset": {"type": "integer", "default": 0}, "limit": {"type": "integer"}},
                "dependentRequired": {"offset": ["limit"]},
            },
            "Thing": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "key": {"type": "string", "format": "password"}},
            },
        },
        "parameters": {
            "Id": {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "[a-z]+", "x-route": True},
            }
        },
        "requestBodies": {
            "Thing": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
            }
        },
        "responses": {
            "Thing": {
                "description": "A thing.",
                "headers": {"ETag": {"required": True, "schema": {}}, "X": {"schema": {}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}, "text/plain": {}},
            }
        },
    },
}
COMPILED = list(operations("test", DOCUMENT))


def compiled(name: str) -> Operation:
    return next(operation for operation in COMPILED if operation.id == name)


def test_an_operation_is_served_at_every_mount_and_under_every_alias() -> None:
    paths = [operation.path for operation in COMPILED if operation.id == "getThing"]
    assert paths == ["/v1/things/{id}", "/v1/stuff/{id}", "/v2/{tenant}/things/{id}", "/v2/{tenant}/stuff/{id}"]
    assert [operation.mount for operation in COMPILED if operation.id == "getThing"] == [
        "/v1",
        "/v1",
        "/v2/{tenant}",
        "/v2/{tenant}",
    ]


def test_an_alias_stands_for_whole_segments_only() -> None:
    assert [operation.path for operation in COMPILED if operation.id == "near"] == ["/thingsome"]


def test_path_parameters_are_in_order_and_their_patterns_part_of_the_route() -> None:
    last = next(operation for operation in COMPILED if operation.path == "/v2/{tenant}/things/{id}")
    assert last.names == ("tenant", "id")
    assert last.patterns == {"id": "[a-z]+"}


def test_an_exploded_parameter_stands_for_its_properties_and_validates_them_together() -> None:
    operation = compiled("getThing")
    assert {name: parameter.default for name, parameter in operation.in_query.items()} == {"offset": 0, "limit": None}
    (rule,) = operation.query_rules
    assert rule.valid({"offset": 1, "limit": 2})
    assert not rule.valid({"offset": 1})


def test_the_security_of_an_operation_wins_over_that_of_the_document() -> None:
    assert compiled("getThing").open
    assert not compiled("putThing").open


def test_references_in_bodies_and_responses_are_followed() -> None:
    operation = compiled("putThing")
    assert operation.body is not None
    assert operation.body.required
    strict = operation.body.closed["application/json"]
    assert strict is not None
    assert strict.undescribed({"name": "x", "nmae": "y"}) == ["/nmae"]
    validator = operation.body.content["application/json"]
    assert validator is not None
    assert not validator.valid({"name": 1})
    reply = operation.replies[200]
    assert reply.headers == ("etag",)
    assert list(reply.content) == ["application/json", "text/plain"]
    assert (operation.success, operation.success_type, operation.replies[201].content) == (200, "application/json", {})


def test_path_and_header_parameters_are_told_apart() -> None:
    operation = compiled("getThing")
    assert [(parameter.name, parameter.required) for parameter in operation.in_header] == [("X-Must", True)]
    assert list(operation.in_path) == ["id"]


REFUSALS = {400, 401, 404, 501}
"""All that an operation can answer that a protocol names and this server does not offer."""


@pytest.mark.parametrize("name", [*(service.name for service in services()), "control"])
def test_every_document_compiles_with_unique_ids(name: str) -> None:
    document = resources.document(name)
    listed = list(operations(name, document))
    described = [item[method] for item in document["paths"].values() for method in METHODS if method in item]
    assert len({operation["operationId"] for operation in described}) == len(described)
    assert all(200 <= operation.success < 300 or operation.replies.keys() <= REFUSALS for operation in listed)
    assert len({(operation.method, operation.path) for operation in listed}) == len(listed)


@pytest.mark.parametrize("name", [*(service.name for service in services()), "control"])
def test_every_operation_documents_the_refusal_of_undescribed_input(name: str) -> None:
    listed = list(operations(name, resources.document(name)))
    assert [operation.id for operation in listed if 400 not in operation.replies] == []
    assert [operation.id for operation in listed if not operation.open and 401 not in operation.replies] == []


@pytest.mark.parametrize("name", [*(service.name for service in services()), "control"])
def test_every_status_beyond_the_schema_is_documented_with_its_reason(name: str) -> None:
    for operation in operations(name, resources.document(name)):
        for status, reason in operation.definition.get("x-refused-beyond-schema", {}).items():
            assert int(status) in operation.replies, operation.id
            assert reason
