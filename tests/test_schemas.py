"""Schemas say yes or no; a no is explained in the document's order, and never repeats what was sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.schemas import Schemas, close, pointer_to, unread

CAT = {"type": "object", "required": ["lives"], "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}}
DOG = {
    "type": "object",
    "required": ["tail"],
    "properties": {"kind": {"const": "dog"}, "tail": {"enum": ["long", "short"]}},
}
PERSON = {
    "type": "object",
    "required": ["name", "mail", "age"],
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 4},
        "mail": {"type": "string", "format": "email"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
        "friends": {"type": "array", "maxItems": 2, "items": {"$ref": "#/components/schemas/Person"}},
        "any": {"type": "object", "additionalProperties": True},
    },
}
DOCUMENT: dict[str, Any] = {
    "paths": {"/a b/{c}": {"get": {"x": [{"schema": {"type": "string"}}]}}},
    "components": {
        "schemas": {
            "Person": PERSON,
            "Cat": CAT,
            "Dog": DOG,
            "Both": {"allOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
            "Again": {"$ref": "#/components/schemas/Person"},
        }
    },
}
SCHEMAS = Schemas("test", DOCUMENT)
VALIDATOR = SCHEMAS.validator("#/components/schemas/Person", "body")
GOOD = {"name": "Ann", "mail": "ann@a.example", "age": 30}


def violations(**changes: object) -> list[tuple[str, str, str]]:
    return [(it.pointer, it.keyword, it.name) for it in VALIDATOR.violations({**GOOD, **changes})]


def test_what_obeys_is_valid_and_has_no_violations() -> None:
    assert VALIDATOR.valid(GOOD)
    assert violations() == []
    assert VALIDATOR.valid({**GOOD, "friends": [GOOD], "pet": {"kind": "cat", "lives": 9}})


def test_violations_come_in_the_order_of_the_document_not_of_the_request() -> None:
    wrong = VALIDATOR.violations({"age": -1, "mail": "nobody"})
    assert [it.name for it in wrong] == ["name", "mail", "age"]
    assert [it.keyword for it in wrong] == ["required", "format", "minimum"]
    assert {it.where for it in wrong} == {"body"}


@pytest.mark.parametrize(
    ("field", "value", "violation", "message"),
    [
        ("name", 1, ("/name", "type", "name"), "name must be of type string"),
        ("name", "x", ("/name", "minLength", "name"), "name must not be shorter than 2 characters"),
        ("name", "xxxxx", ("/name", "maxLength", "name"), "name must not be longer than 4 characters"),
        ("mail", "x", ("/mail", "format", "mail"), "mail must be a valid email"),
        ("age", -1, ("/age", "minimum", "age"), "age must not be less than 0"),
        ("age", 151, ("/age", "maximum", "age"), "age must not be greater than 150"),
        ("friends", [GOOD] * 3, ("/friends", "maxItems", "friends"), "friends must not have more than 2 items"),
        ("friends", [GOOD, {}], ("/friends/1/name", "required", "name"), "name is required"),
        ("friends", [5], ("/friends/0", "type", "friends"), "friends must be of type object"),
    ],
)
def test_a_violation_says_where_and_what(
    field: str, value: object, violation: tuple[str, str, str], message: str
) -> None:
    wrong = VALIDATOR.violations({**GOOD, field: value})
    assert (wrong[0].pointer, wrong[0].keyword, wrong[0].name) == violation
    assert wrong[0].message == message


@pytest.mark.parametrize(
    ("pet", "violation"),
    [
        ({"kind": "dog", "tail": "none"}, ("/pet/tail", "enum", "tail")),
        ({"kind": "dog"}, ("/pet/tail", "required", "tail")),
        ({"kind": "cat", "lives": "nine"}, ("/pet/lives", "type", "lives")),
        ({"kind": "bird"}, ("/pet/kind", "const", "kind")),
    ],
)
def test_of_alternatives_the_one_that_was_meant_is_explained(pet: object, violation: tuple[str, str, str]) -> None:
    assert violations(pet=pet) == [violation]


@given(st.dictionaries(st.sampled_from([*PERSON["properties"]]), st.just("hunter2") | st.just(["hunter2"])))
def test_no_message_repeats_what_was_sent(sent: dict[str, object]) -> None:
    assert all("hunter2" not in it.message for it in VALIDATOR.violations(sent))


def test_a_pointer_finds_what_it_names_and_references_are_followed() -> None:
    pointer = pointer_to("paths", "/a b/{c}", "get", "x", "0", "schema")
    assert SCHEMAS.at(pointer) == {"type": "string"}
    assert SCHEMAS.validator(pointer, "query").valid("text")
    assert SCHEMAS.resolve({"$ref": "#/components/schemas/Again"}) is PERSON


def test_the_fields_of_a_schema_are_known_through_references_and_composition() -> None:
    assert SCHEMAS.fields({"$ref": "#/components/schemas/Both"}) == {"kind": None, "lives": None, "tail": None}
    fields = SCHEMAS.fields(PERSON)
    assert fields is not None
    assert fields["pet"] == {"kind": None, "lives": None, "tail": None}
    assert fields["any"] is None


def test_unread_members_are_named_by_pointer() -> None:
    fields = SCHEMAS.fields({"type": "object", "properties": {"a": {"type": "array", "items": CAT}}})
    sent = {"a": [{"lives": 1, "x": 1}, {"y": {"z": 1}}], "b": {"c": 1}}
    assert list(unread(sent, fields)) == ["/b", "/a/0/x", "/a/1/y"]
    assert list(unread({"anything": 1}, None)) == []


def test_a_closed_schema_refuses_what_it_does_not_describe_at_every_depth() -> None:
    document: dict[str, Any] = {
        "components": {
            "schemas": {
                "Open": {
                    "type": "object",
                    "properties": {
                        "inner": {"type": "object", "properties": {"a": {}}},
                        "list": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}},
                        "free": {"type": "object"},
                        "either": {
                            "anyOf": [
                                {"type": "object", "properties": {"b": {}}},
                                {"type": "object", "properties": {"c": {}}},
                            ]
                        },
                    },
                }
            }
        }
    }
    schemas = Schemas("closed", document)
    close(schemas, {"$ref": "#/components/schemas/Open"})
    validator = Schemas("closed", document).validator("#/components/schemas/Open", "body")
    for good in ({}, {"inner": {"a": 1}}, {"list": [{"a": 1}]}, {"free": {"x": 1}}, {"either": {"b": 1}}):
        assert validator.valid(good), good
    for bad in ({"x": 1}, {"inner": {"x": 1}}, {"list": [{"x": 1}]}, {"either": {"x": 1}}):
        assert not validator.valid(bad), bad
        assert validator.violations(bad)[0].name == "x"
