"""Schemas say yes or no; a no is explained in the document's order, and never repeats what was sent."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.messages import Json
from mockserver.documents.schemas import Schemas, Validator, close, pointer_to

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


def closed(schema: dict[str, Any]) -> Validator:
    """The schema, closed, over copies of the schemas above."""
    document = copy.deepcopy({**DOCUMENT, "x": schema})
    close(Schemas("open", document), document["x"])
    return Schemas("closed", document).validator("#/x", "body")


def test_a_schema_describes_what_its_references_and_branches_name() -> None:
    assert SCHEMAS.names({"$ref": "#/components/schemas/Both"}) == {"kind", "lives", "tail"}
    assert SCHEMAS.names({"type": "object"}) is None
    assert SCHEMAS.names({"oneOf": [CAT, {"type": "object"}]}) is None
    assert SCHEMAS.names({"anyOf": [CAT, {"type": "string"}, {"required": ["tail"]}]}) == {"kind", "lives"}


def test_unread_members_are_named_by_pointer() -> None:
    found = closed(
        {"type": "object", "properties": {"a": {"type": "array", "items": {"$ref": "#/components/schemas/Cat"}}}}
    )
    assert found.unread({"a": [{"lives": 1}]}) == []
    sent = {"a": [{"lives": 1, "x": 1}, {"lives": 2, "y": {"z": 1}}], "b": {"c": 1}}
    assert sorted(found.unread(sent)) == ["/a/0/x", "/a/1/y", "/b"]
    assert closed({"type": "object"}).unread({"anything": 1}) == []


@pytest.mark.parametrize("kinds", ["object", ["object", "null"], None])
def test_whatever_type_an_object_has_beside_it_is_closed(kinds: object) -> None:
    schema: dict[str, Any] = {"properties": {"a": {}}, **({"type": kinds} if kinds else {})}
    assert closed(schema).unread({"a": 1, "b": 1}) == ["/b"]


def schemas_of(depth: int) -> st.SearchStrategy[Any]:
    """Schemas of objects, lists and plain values, composed and not."""
    plain = st.sampled_from(({}, {"type": "string"}, {"type": ["string", "null"]}, {"type": "object"}))
    if depth == 0:
        return plain
    members = st.dictionaries(st.sampled_from("abc"), schemas_of(depth - 1), min_size=1, max_size=2)
    objects = st.builds(
        lambda kinds, properties: {"type": kinds, "properties": properties},
        st.sampled_from(("object", ["object", "null"])),
        members,
    )
    lists = schemas_of(depth - 1).map(lambda items: {"type": "array", "items": items})
    composed = st.builds(
        lambda word, parts: {word: parts},
        st.sampled_from(("anyOf", "allOf")),
        st.lists(objects, min_size=1, max_size=2),
    )
    return plain | objects | lists | composed


values = st.recursive(
    st.none() | st.text("xyz", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abcdef"), inner, max_size=3),
    max_leaves=8,
)


@given(schemas_of(3), values)
def test_a_closed_schema_refuses_a_value_exactly_if_something_in_it_is_unread(
    schema: dict[str, Any], value: Json
) -> None:
    document: dict[str, Any] = {"x": schema}
    was_valid = Schemas("open", document).validator("#/x", "body").valid(value)
    strict = closed(schema)
    if was_valid:
        assert strict.valid(value) == (strict.unread(value) == [])
        assert all(names_something(value, pointer) for pointer in strict.unread(value))
    else:
        assert not strict.valid(value)


def names_something(value: Any, pointer: str) -> bool:
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return True


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
