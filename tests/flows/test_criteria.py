"""Success criteria: simple, regular expression, JSONPath."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.flows.arazzo import Criterion, InvalidFlow
from mockserver.flows.criteria import holds

SCOPE = {
    "statusCode": 200,
    "inputs": {"name": "Ann", "quoted": "it's"},
    "response": {
        "header": {"content-type": "application/json"},
        "body": {"state": "Open", "on": True, "off": False, "none": None, "n": 1, "logs": [{"level": "info", "n": 3}]},
    },
}


def simple(condition: str) -> bool:
    return holds(Criterion(condition, "", "simple"), SCOPE)


@pytest.mark.parametrize(
    "condition",
    [
        "$statusCode == 200",
        "$statusCode==200",
        "$statusCode != 404",
        "$statusCode >= 200 && $statusCode < 300",
        "$statusCode == 204 || $statusCode == 200",
        "$response.body#/state == 'Open'",
        "$response.body#/state == 'open'",
        "$response.body#/on == true",
        "$response.body#/on",
        "!$response.body#/off",
        "!($statusCode == 404 || $statusCode == 500)",
        "$response.body#/none == null",
        "$inputs.quoted == 'it''s'",
        "$inputs.name != 'Bob' && ($statusCode == 200 || $statusCode == 201)",
        "$response.body#/n != true",
        "$response.body#/nothing != 'x'",
        "-1.5 < 0",
    ],
)
def test_a_simple_condition_holds(condition: str) -> None:
    assert simple(condition)
    assert not simple(f"!({condition})")


@pytest.mark.parametrize(
    "condition",
    [
        "$statusCode == 404",
        "$statusCode == '200'",
        "$response.body#/state == 'Closed'",
        "$response.body#/nothing == null",
        "$response.body#/nothing",
        "$response.body#/state",
        "$response.body#/n == true",
        "$response.body#/state < 5",
        "$response.body#/off || $response.body#/nothing",
    ],
)
def test_a_simple_condition_does_not_hold(condition: str) -> None:
    assert not simple(condition)


@pytest.mark.parametrize(
    "condition", ["", "==", "$statusCode ==", "($statusCode == 200", "$statusCode = 200", "$statusCode == 200 201", "x"]
)
def test_an_invalid_condition_is_refused(condition: str) -> None:
    with pytest.raises(InvalidFlow, match="cannot parse"):
        simple(condition)


@given(st.text())
def test_any_text_is_parsed_or_refused(condition: str) -> None:
    with suppress(InvalidFlow):
        assert isinstance(simple(condition), bool)


def test_a_regular_expression_is_searched_for_in_its_context() -> None:
    assert holds(Criterion("^application/json", "$response.header.Content-Type", "regex"), SCOPE)
    assert holds(Criterion("^2..$", "$statusCode", "regex"), SCOPE)
    assert not holds(Criterion("^pen", "$response.body#/state", "regex"), SCOPE)
    assert not holds(Criterion(".*", "$response.body#/nothing", "regex"), SCOPE)


def test_a_json_path_holds_if_it_selects_a_node() -> None:
    assert holds(Criterion("$..[?@.level == 'info' && @.n > 2]", "$response.body", "jsonpath"), SCOPE)
    assert not holds(Criterion("$..[?@.level == 'error']", "$response.body", "jsonpath"), SCOPE)
    assert not holds(Criterion("$..*", "$response.body#/state", "jsonpath"), SCOPE)


@pytest.mark.parametrize(("kind", "condition"), [("regex", "("), ("jsonpath", "$[")])
def test_an_invalid_pattern_is_refused(kind: str, condition: str) -> None:
    with pytest.raises(InvalidFlow):
        holds(Criterion(condition, "$response.body", kind), SCOPE)
