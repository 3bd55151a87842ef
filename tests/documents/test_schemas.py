"""Validators accept or refuse a value, and explain a refusal in the document's order without repeating the value."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.documents.schemas import MOST_ITEMS, MOST_POINTERS, Schemas, pointer_to

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
    return [
        (violation.pointer, violation.keyword, violation.name)
        for violation in VALIDATOR.violations({**GOOD, **changes})
    ]


def test_a_value_that_obeys_its_schema_is_valid_and_has_no_violations() -> None:
    assert VALIDATOR.valid(GOOD)
    assert violations() == []
    assert VALIDATOR.valid({**GOOD, "friends": [GOOD], "pet": {"kind": "cat", "lives": 9}})


def test_violations_come_in_the_order_of_the_schema_not_of_the_value() -> None:
    wrong = VALIDATOR.violations({"age": -1, "mail": "nobody"})
    assert [violation.name for violation in wrong] == ["name", "mail", "age"]
    assert [violation.keyword for violation in wrong] == ["required", "format", "minimum"]
    assert {violation.where for violation in wrong} == {"body"}


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
def test_a_violation_names_the_place_the_keyword_and_the_field(
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
def test_a_refusal_by_branches_is_explained_by_the_one_that_was_meant(
    pet: object, violation: tuple[str, str, str]
) -> None:
    assert violations(pet=pet) == [violation]


@given(st.dictionaries(st.sampled_from([*PERSON["properties"]]), st.just("hunter2") | st.just(["hunter2"])))
def test_no_message_repeats_a_value(sent: dict[str, object]) -> None:
    assert all("hunter2" not in violation.message for violation in VALIDATOR.violations(sent))


def test_a_pointer_leads_to_a_part_of_the_document_and_references_are_followed() -> None:
    pointer = pointer_to("paths", "/a b/{c}", "get", "x", "0", "schema")
    assert SCHEMAS.at(pointer) == {"type": "string"}
    assert SCHEMAS.validator(pointer, "query").valid("text")
    assert SCHEMAS.resolve({"$ref": "#/components/schemas/Again"}) is PERSON


LONG: dict[str, Any] = {
    "Row": {"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}}}},
    "Closed": {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
    "Kinds": {"oneOf": [{"$ref": "#/LONG/Row"}, {"allOf": [{"$ref": "#/LONG/Row"}], "required": ["a"]}]},
}
LONG_SCHEMAS = Schemas("long", {"LONG": LONG})


@pytest.mark.parametrize("name", ["Row", "Kinds"])
def test_only_the_first_wrong_items_of_a_long_list_are_explained(name: str) -> None:
    validator = LONG_SCHEMAS.validator(f"#/LONG/{name}", "body")
    started = process_time()
    violations = validator.violations({"tags": list(range(150_000))})
    assert process_time() - started < 0.5  # explaining all of them took over a second
    assert [violation.pointer for violation in violations] == [f"/tags/{index}" for index in range(MOST_ITEMS)]


@pytest.mark.parametrize("wrong", [1, 100_000])
def test_the_first_wrong_item_behind_the_beginning_of_a_long_list_is_explained(wrong: int) -> None:
    validator = LONG_SCHEMAS.validator("#/LONG/Row", "body")
    started = process_time()
    violations = validator.violations({"tags": ["a"] * 100_000 + [1] * wrong})
    assert process_time() - started < 0.5
    assert [(violation.pointer, violation.keyword) for violation in violations] == [("/tags/100000", "type")]


def test_undescribed_members_are_listed_up_to_a_bound() -> None:
    validator = LONG_SCHEMAS.validator("#/LONG/Closed", "body")
    assert validator.undescribed({f"x{number}": 1 for number in range(MOST_POINTERS)}) == [
        f"/x{number}" for number in range(MOST_POINTERS)
    ]
    assert len(validator.undescribed({f"x{number}": 1 for number in range(50_000)})) == MOST_POINTERS
