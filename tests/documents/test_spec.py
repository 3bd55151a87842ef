"""A document is compiled into operations: where they answer, what they read, and what they may answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.documents.spec import METHODS, Operation, closed, operations, secret_bodies, secret_fields
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
    return next(it for it in COMPILED if it.id == name)


def test_an_operation_answers_at_every_mount_and_under_every_name() -> None:
    paths = [it.path for it in COMPILED if it.id == "getThing"]
    assert paths == ["/v1/things/{id}", "/v1/stuff/{id}", "/v2/{tenant}/things/{id}", "/v2/{tenant}/stuff/{id}"]
    assert [it.mount for it in COMPILED if it.id == "getThing"] == ["/v1", "/v1", "/v2/{tenant}", "/v2/{tenant}"]


def test_an_alias_stands_for_whole_segments_only() -> None:
    assert [it.path for it in COMPILED if it.id == "near"] == ["/thingsome"]


def test_path_parameters_are_in_order_and_their_patterns_part_of_the_route() -> None:
    last = next(it for it in COMPILED if it.path == "/v2/{tenant}/things/{id}")
    assert last.names == ("tenant", "id")
    assert last.patterns == {"id": "[a-z]+"}


def test_an_object_in_the_query_stands_for_its_properties_and_judges_them_together() -> None:
    operation = compiled("getThing")
    assert {name: it.default for name, it in operation.in_query.items()} == {"offset": 0, "limit": None}
    (rule,) = operation.query_rules
    assert rule.valid({"offset": 1, "limit": 2})
    assert not rule.valid({"offset": 1})


def test_security_is_the_operations_own_or_the_documents() -> None:
    assert compiled("getThing").open
    assert not compiled("putThing").open


def test_bodies_and_answers_are_compiled_through_references() -> None:
    operation = compiled("putThing")
    assert operation.body is not None
    assert operation.body.required
    strict = operation.body.closed["application/json"]
    assert strict is not None
    assert strict.unread({"name": "x", "nmae": "y"}) == ["/nmae"]
    validator = operation.body.content["application/json"]
    assert validator is not None
    assert not validator.valid({"name": 1})
    reply = operation.replies[200]
    assert reply.headers == ("etag",)
    assert list(reply.content) == ["application/json", "text/plain"]
    assert (operation.success, operation.success_type, operation.replies[201].content) == (200, "application/json", {})


def test_header_parameters_are_listed_by_where_they_come_from() -> None:
    operation = compiled("getThing")
    assert [(it.name, it.required) for it in operation.in_header] == [("X-Must", True)]
    assert list(operation.in_path) == ["id"]


def test_secret_fields_are_found_wherever_they_are() -> None:
    assert secret_fields(DOCUMENT) == {"key"}


def test_operations_are_found_whose_body_is_nothing_but_a_secret() -> None:
    secret = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Token"}}}}
    answer = {"204": {"description": "Good."}}
    paths = {
        "/sent": {"post": {"operationId": "sent", "requestBody": secret, "responses": answer}},
        "/got": {"get": {"operationId": "got", "responses": {"200": {"description": "Good.", **secret}}}},
        "/neither": {"delete": {"operationId": "neither", "responses": answer}},
    }
    schemas = {"Token": {"type": "string", "format": "password"}}
    assert secret_bodies({**DOCUMENT, "paths": paths, "components": {"schemas": schemas}}) == {"sent", "got"}


def test_a_closed_document_refuses_what_it_does_not_describe_and_leaves_the_open_one_as_it_is() -> None:
    before = json.dumps(DOCUMENT)
    copy = closed(DOCUMENT)
    assert copy["components"]["schemas"]["Thing"]["additionalProperties"] is False
    assert copy["components"]["schemas"]["Page"]["additionalProperties"] is False
    assert json.dumps(DOCUMENT) == before


REFUSALS = {400, 401, 404, 501}
"""All that an operation can answer that a protocol names and this server does not offer."""


@pytest.mark.parametrize("name", [*(service.name for service in services()), "control"])
def test_every_document_compiles_with_unique_ids(name: str) -> None:
    document = resources.document(name)
    listed = list(operations(name, document))
    described = [item[method] for item in document["paths"].values() for method in METHODS if method in item]
    assert len({it["operationId"] for it in described}) == len(described)
    assert all(200 <= it.success < 300 or it.replies.keys() <= REFUSALS for it in listed)
    assert len({(it.method, it.path) for it in listed}) == len(listed)


@pytest.mark.parametrize("name", [*(service.name for service in services()), "control"])
def test_every_operation_documents_the_refusal_of_what_no_document_describes(name: str) -> None:
    listed = list(operations(name, resources.document(name)))
    assert [it.id for it in listed if 400 not in it.replies] == []
    assert [it.id for it in listed if not it.open and 401 not in it.replies] == []


@pytest.mark.parametrize("name", [*(service.name for service in services()), "control"])
def test_every_status_beyond_the_schema_is_documented_with_its_reason(name: str) -> None:
    for it in operations(name, resources.document(name)):
        for status, reason in it.definition.get("x-refused-beyond-schema", {}).items():
            assert int(status) in it.replies, it.id
            assert reason
