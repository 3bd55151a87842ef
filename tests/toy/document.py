"""The toy API's OpenAPI document."""

from __future__ import annotations

from typing import Any


def answer(schema: Any, **more: Any) -> dict[str, Any]:
    return {"description": "It is so.", "content": {"application/json": {"schema": schema}}, **more}


ERRORS: dict[str, Any] = {code: answer({"type": "object"}) for code in ("400", "401", "403", "404", "409")}

THING: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "at": {"type": "integer"},
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "parts": {"type": "array"},
    },
}
NEW_THING: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 20},
        "size": {"type": "integer", "minimum": 0},
        "parts": {
            "type": "array",
            "items": {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["a", "b"]}}},
        },
    },
}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 10, "default": 5}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
HOW = {
    "name": "how",
    "in": "path",
    "required": True,
    "schema": {
        "type": "string",
        "enum": ["raise", "status", "body", "type", "header", "refuse", "set"],
        "x-route": True,
    },
}
REFERENCE = {"$ref": "#/components/schemas/Thing"}
LOCATED = {"Location": {"required": True, "schema": {"type": "string"}}}
CONTENT = {"application/json": {"schema": NEW_THING}}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Toy", "version": "1"},
    "servers": [{"url": "/"}],
    "security": [{"toy": []}],
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "parameters": [LIMIT],
                "responses": {"200": answer({"type": "array", "items": REFERENCE}), **ERRORS},
            },
            "post": {
                "operationId": "createThing",
                "requestBody": {"required": True, "content": CONTENT},
                "responses": {"201": answer(REFERENCE, headers=LOCATED), **ERRORS},
            },
        },
        "/things/{id}": {
            "parameters": [ID],
            "get": {"operationId": "getThing", "responses": {"200": answer(REFERENCE), **ERRORS}},
            "delete": {"operationId": "deleteThing", "responses": {"204": {"description": "Gone."}, **ERRORS}},
        },
        "/misbehave/{how}": {
            "parameters": [HOW],
            "post": {
                "operationId": "misbehave",
                "responses": {"200": answer(REFERENCE), "201": answer(REFERENCE, headers=LOCATED), **ERRORS},
            },
        },
        "/hello": {
            "get": {
                "operationId": "hello",
                "security": [],
                "parameters": [{"name": "X-Name", "in": "header", "schema": {"type": "string"}}],
                "responses": {"200": answer({"type": "object"})},
            }
        },
    },
    "components": {"schemas": {"Thing": THING}},
}
