"""A closed schema accepts what the open one accepts, except for members that the schema does not describe."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mockserver.core.messages import Json
from mockserver.documents.closing import close, closed_document, described_names
from mockserver.documents.schemas import Schemas, Validator

CAT = {"type": "object", "required": ["lives"], "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}}
DOG = {"type": "object", "required": ["tail"], "properties": {"kind": {"const": "dog"}, "tail": {"type": "string"}}}
COMPONENTS: dict[str, Any] = {
    "Cat": CAT,
    "Dog": DOG,
    "Both": {"allOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
}


def document_with(schema: Any) -> dict[str, Any]:
    return copy.deepcopy({"x": schema, "components": {"schemas": COMPONENTS}})


def opened(schema: Any) -> Validator:
    return Schemas("open", document_with(schema)).validator("#/x", "body")


def closed_schema(schema: Any) -> Any:
    """Returns a closed copy of a schema, which may refer to the components above."""
    document = document_with(schema)
    close(Schemas("closing", document), document["x"])
    return document["x"]


def closed(schema: Any) -> Validator:
    document = document_with(schema)
    close(Schemas("closing", document), document["x"])
    return Schemas("closed", document).validator("#/x", "body")


def test_the_example_of_the_module() -> None:
    owner = {"type": "object", "properties": {"name": {"type": "string"}}}
    branches = [{"properties": {"mail": {"type": "string"}}}, {"properties": {"phone": {"type": "string"}}}]
    before = {"type": "object", "properties": {"owner": owner, "anything": {"type": "object"}}, "anyOf": branches}
    assert closed_schema(before) == {
        "type": "object",
        "properties": {
            "owner": {**owner, "additionalProperties": False},
            "anything": {"type": "object"},
            "mail": {},
            "phone": {},
        },
        "additionalProperties": False,
        "anyOf": branches,
    }


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ({"$ref": "#/components/schemas/Both"}, {"kind", "lives", "tail"}),
        ({"type": "object"}, None),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "string"}}, None),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": False}, {"a"}),
        ({"oneOf": [CAT, {"type": "object"}]}, None),
        ({"anyOf": [CAT, {"type": "string"}, {"required": ["tail"]}]}, {"kind", "lives"}),
        ({"required": ["a"]}, set()),
    ],
)
def test_a_schema_describes_the_members_that_its_references_and_branches_name(
    schema: Any, names: set[str] | None
) -> None:
    assert described_names(Schemas("open", document_with(schema)), schema) == names


@pytest.mark.parametrize("types", ["object", ["object", "null"], None])
def test_an_object_schema_is_closed_whichever_other_types_it_allows(types: Any) -> None:
    schema: dict[str, Any] = {"properties": {"a": {}}, **({"type": types} if types else {})}
    assert closed(schema).undescribed({"a": 1, "b": 1}) == ["/b"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
        {"type": "object", "properties": {"a": {}}, "unevaluatedProperties": False},
        {"type": "object"},
        {"type": "string"},
        {"type": "string", "properties": {"a": {}}},
        True,
        None,
    ],
)
def test_a_schema_that_settles_it_or_describes_no_members_is_left_as_it_is(schema: Any) -> None:
    assert closed_schema(schema) == schema


def test_undescribed_members_are_found_at_every_depth_the_outermost_first() -> None:
    pets = {"type": "array", "items": {"$ref": "#/components/schemas/Cat"}}
    validator = closed({"type": "object", "properties": {"pets": pets, "free": {"type": "object"}}})
    assert validator.undescribed({"pets": [{"lives": 1}], "free": {"anything": 1}}) == []
    value = {"pets": [{"lives": 1, "x": 1}, {"lives": 2, "y": {"z": 1}}], "b": {"c": 1}}
    assert validator.undescribed(value) == ["/b", "/pets/0/x", "/pets/1/y"]


def test_the_members_of_a_typed_branch_are_closed_and_a_condition_is_not() -> None:
    inner = {"type": "object", "properties": {"a": {}}}
    typed = {"anyOf": [{"type": "object", "properties": {"inner": inner}}]}
    assert closed(typed).undescribed({"inner": {"a": 1, "x": 1}}) == ["/inner/x"]
    condition = {
        "type": "object",
        "properties": {"inner": {"type": "object"}},
        "allOf": [{"properties": {"inner": inner}}],
    }
    assert closed(condition).valid({"inner": {"a": 1, "x": 1}})


def test_a_value_that_only_another_branch_can_explain_still_has_an_undescribed_member() -> None:
    inner = {"type": "object", "properties": {"b": {}}}
    branches = [{"type": "object", "properties": {"a": schema}} for schema in ({"type": "string"}, inner)]
    validator = closed({"anyOf": branches})
    assert validator.undescribed({"a": {"b": 1}}) == []
    assert validator.undescribed({"a": {"x": 1}}) == ["/a"]


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "object", "properties": {"next": {"$ref": "#/x"}}}, {"next": {"next": {}}}, {"next": {"x": 1}}),
        ({"type": "array", "items": {"$ref": "#/x"}}, [[], [[]]], None),
        ({"type": ["object", "array"], "items": {"$ref": "#/x"}}, [{"anything": 1}], None),
    ],
)
def test_a_schema_that_contains_itself_can_be_closed(schema: Any, good: Json, bad: Json) -> None:
    validator = closed(schema)
    assert validator.valid(good)
    assert not validator.valid(bad)


def test_a_closed_document_is_a_copy_whose_requests_are_closed_and_whose_responses_are_open() -> None:
    def content(name: str) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}

    query = {"name": "q", "in": "query", "schema": {"$ref": "#/components/schemas/Query"}}
    header = {"name": "h", "in": "header", "schema": {"$ref": "#/components/schemas/Header"}}
    names = ("Sent", "Received", "Query", "Header", "Shared")
    document = {
        "paths": {
            "/a": {
                "parameters": [{"$ref": "#/components/parameters/Shared"}],
                "post": {
                    "parameters": [query, header],
                    "requestBody": {"$ref": "#/components/requestBodies/Sent"},
                    "responses": {"200": content("Received")},
                },
                "get": {"responses": {}},
            }
        },
        "components": {
            "schemas": {name: {"type": "object", "properties": {"a": {}}} for name in names},
            "requestBodies": {"Sent": content("Sent")},
            "parameters": {"Shared": {**query, "schema": {"$ref": "#/components/schemas/Shared"}}},
        },
    }
    before = json.dumps(document)
    schemas = closed_document(document)["components"]["schemas"]
    assert {name for name in names if "additionalProperties" in schemas[name]} == {"Sent", "Query", "Shared"}
    assert json.dumps(document) == before


def schemas_of(depth: int) -> st.SearchStrategy[Any]:
    """Generates schemas of objects, lists and plain values, composed and not."""
    plain = st.sampled_from(({}, {"type": "string"}, {"type": ["string", "null"]}, {"type": "object"}))
    if depth == 0:
        return plain
    members = st.dictionaries(st.sampled_from("abc"), schemas_of(depth - 1), min_size=1, max_size=2)
    objects = st.builds(
        lambda types, properties: {"type": types, "properties": properties},
        st.sampled_from(("object", ["object", "null"])),
        members,
    )
    lists = schemas_of(depth - 1).map(lambda items: {"type": "array", "items": items})
    composed = st.builds(
        lambda keyword, branches: {keyword: branches},
        st.sampled_from(("anyOf", "allOf")),
        st.lists(objects, min_size=1, max_size=2),
    )
    return plain | objects | lists | composed


VALUES = st.recursive(
    st.none() | st.text("xyz", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abcdef"), inner, max_size=3),
    max_leaves=8,
)


@given(schemas_of(3), VALUES)
def test_whatever_a_closed_schema_accepts_the_open_one_accepts(schema: Any, value: Json) -> None:
    assert opened(schema).valid(value) or not closed(schema).valid(value)


@given(schemas_of(3), VALUES)
def test_a_closed_schema_refuses_a_valid_value_exactly_if_a_member_is_undescribed(schema: Any, value: Json) -> None:
    assume(opened(schema).valid(value))
    validator = closed(schema)
    pointers = validator.undescribed(value)
    assert validator.valid(value) == (pointers == [])
    for pointer in pointers:
        assert has(value, pointer)


@given(schemas_of(3), VALUES)
def test_without_its_undescribed_members_a_valid_value_is_accepted(schema: Any, value: Json) -> None:
    assume(opened(schema).valid(value))
    validator, value = closed(schema), copy.deepcopy(value)
    while pointers := validator.undescribed(value):
        remove(value, pointers[0])
        assume(opened(schema).valid(value))
    assert validator.valid(value)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), schemas_of(2), min_size=1), min_size=1, max_size=3))
def test_of_any_composition_described_members_are_accepted_and_any_other_is_refused(parts: list[Any]) -> None:
    branches = [{"type": "object", "properties": members} for members in parts]
    for schema in (branches[0], {"allOf": branches}, {"anyOf": branches}, {**branches[0], "oneOf": branches[-1:]}):
        validator = closed(schema)
        assert validator.valid({})
        assert validator.undescribed({"unheard-of": 1}) == ["/unheard-of"]


def has(value: Any, pointer: str) -> bool:
    """Returns whether a JSON pointer leads to something in a value."""
    part: Any
    for part in pointer.split("/")[1:]:
        if isinstance(value, list):
            value = dict(enumerate(value))
            part = int(part)
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return True


def remove(value: Any, pointer: str) -> None:
    *parents, last = pointer.split("/")[1:]
    for part in parents:
        value = value[int(part) if isinstance(value, list) else part]
    del value[int(last) if isinstance(value, list) else last]
