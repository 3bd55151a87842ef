"""What a document marks with `format: password` is found, wherever it is."""

from __future__ import annotations

from typing import Any

from mockserver.documents.secret_names import secret_bodies, secret_fields

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
