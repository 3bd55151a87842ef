"""Runtime expressions: their values, and where they are recognised within JSON values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.flows.expressions import Undefined, evaluate, replaced, resolve

SCOPE: dict[str, Any] = {
    "statusCode": 201,
    "method": "POST",
    "url": "/users?x=1",
    "request": {"header": {"accept": "*/*"}, "query": {"x": "1"}, "path": {"id": "7"}, "body": {"name": "Ann"}},
    "response": {"header": {"x-mock-exchange": "4"}, "body": {"list": [{"a/b": 1, "m~n": None}], "on": True}},
    "inputs": {"token": "secret", "world": "demo"},
    "outputs": {"id": "o"},
    "steps": {"create-user": {"outputs": {"id": 7, "whole": {"deep": ["x"]}}}},
    "workflows": {"invite": {"inputs": {"label": "L"}, "outputs": {"key": "k"}}},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$statusCode", 201),
        ("$method", "POST"),
        ("$url", "/users?x=1"),
        ("$request.header.Accept", "*/*"),
        ("$request.query.x", "1"),
        ("$request.path.id", "7"),
        ("$request.body#/name", "Ann"),
        ("$response.header.X-Mock-Exchange", "4"),
        ("$response.body", SCOPE["response"]["body"]),
        ("$response.body#/list/0/a~1b", 1),
        ("$response.body#/list/0/m~0n", None),
        ("$inputs.token", "secret"),
        ("$outputs.id", "o"),
        ("$steps.create-user.outputs.id", 7),
        ("$steps.create-user.outputs.whole#/deep/0", "x"),
        ("$workflows.invite.outputs.key", "k"),
        ("$workflows.invite.inputs.label", "L"),
    ],
)
def test_an_expression_has_a_value_of_any_type(expression: str, value: Any) -> None:
    assert evaluate(expression, SCOPE) == value
    assert resolve(expression, SCOPE) == value


@pytest.mark.parametrize(
    "expression",
    [
        "$inputs.nothing",
        "$response.body#/nothing",
        "$response.body#/list/1",
        "$response.body#/list/-1",
        "$response.body#/list/x",
        "$response.body#/on/deeper",
        "$steps.other.outputs.id",
        "$response.header.X-Other",
    ],
)
def test_an_expression_without_a_value_raises_undefined(expression: str) -> None:
    with pytest.raises(Undefined, match="has no value"):
        evaluate(expression, SCOPE)


def test_an_expression_within_a_string_becomes_text() -> None:
    assert resolve("Bearer {$inputs.token}", SCOPE) == "Bearer secret"
    assert resolve('id eq "{$steps.create-user.outputs.id}"', SCOPE) == 'id eq "7"'
    assert resolve("{$response.body#/on}/{$inputs.world}", SCOPE) == "true/demo"


def test_expressions_are_resolved_at_any_depth() -> None:
    payload = {"members": [{"value": "$steps.create-user.outputs.id"}], "name": "x-{$inputs.world}", "n": 1}
    assert resolve(payload, SCOPE) == {"members": [{"value": 7}], "name": "x-demo", "n": 1}


@pytest.mark.parametrize("text", ["$", "$5", "costs $5", "{}", "{inputs.token}", "$unknown.x", "$ref", "a $statusCode"])
def test_text_that_only_resembles_an_expression_is_unchanged(text: str) -> None:
    assert resolve(text, SCOPE) == text


@given(JSON)
def test_a_value_without_expressions_is_unchanged(value: Any) -> None:
    if "$" not in repr(value):
        assert resolve(value, SCOPE) == value


def test_a_replacement_returns_a_changed_copy() -> None:
    value = {"clock": {"offset": 0, "a/b": [1, 2]}, "rest": {}}
    assert replaced(value, "/clock/a~1b/1", "new") == {"clock": {"offset": 0, "a/b": [1, "new"]}, "rest": {}}
    assert value == {"clock": {"offset": 0, "a/b": [1, 2]}, "rest": {}}


@pytest.mark.parametrize("pointer", ["/nothing", "/clock/nothing", "/list/2"])
def test_a_replacement_at_a_missing_place_raises_undefined(pointer: str) -> None:
    with pytest.raises(Undefined):
        replaced({"clock": {"offset": 0}, "list": [1, 2]}, pointer, 1)
