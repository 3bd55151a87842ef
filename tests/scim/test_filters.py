"""The filter language: valid filters, their printed form, and invalid filters."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.framework.scim_grammar import filters
from mockserver.core.problems import Problem
from mockserver.scim.filters import MAX_DEPTH, And, Or, parse_filter
from tests.scim.resources import refusal


@given(filters)
def test_a_printed_filter_parses_to_the_same_tree(text: str) -> None:
    tree = parse_filter(text)
    assert parse_filter(str(tree)) == tree


@given(st.text(max_size=5), st.sampled_from(("userName", "emails.value", "urn:x:y", "a..b", "eq", "not")))
def test_the_fast_path_parses_an_equality_as_the_parser_does(value: str, name: str) -> None:
    single = f"{name} eq {json.dumps(value)}"
    problem = refusal(lambda: parse_filter(single))
    if problem is None:
        assert parse_filter(f"({single}) and title pr") == And((parse_filter(single), parse_filter("title pr")))
    else:
        assert refusal(lambda: parse_filter(f"({single}) and title pr")) is not None


@given(st.text() | st.text(alphabet='userName eq"[](). and\\1t-', max_size=40))
def test_any_text_is_a_filter_or_an_invalid_filter(text: str) -> None:
    assert_parses_or_is_refused(text)


@given(filters, st.data())
def test_a_filter_with_one_changed_character_is_a_filter_or_an_invalid_filter(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    wrong = data.draw(st.sampled_from(("", '"', "[", "]", "(", ")", " ", "\\", ".", "\x00")))
    assert_parses_or_is_refused(text[:place] + wrong + text[place + 1 :])


def assert_parses_or_is_refused(text: str) -> None:
    problem = refusal(lambda: parse_filter(text))
    assert problem is None or (problem.status, problem.details["scim_type"]) == (400, "invalidFilter")


def test_and_binds_more_tightly_than_or() -> None:
    tree = parse_filter("a pr or b pr and c pr")
    assert isinstance(tree, Or)
    assert isinstance(tree.operands[1], And)


def test_parentheses_bind_more_tightly_than_and() -> None:
    assert isinstance(parse_filter("(a pr or b pr) and c pr"), And)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "userName",
        "userName eq",
        "userName = 'ann'",
        "userName eq ann",
        'userName eq "ann',
        'userName eq "\\q"',
        'eq "ann"',
        "userName pr title pr",
        "userName pr and",
        "(userName pr",
        "userName pr)",
        "not userName pr",
        "emails[type pr",
        "emails[emails[type pr]]",
        "emails[]",
        "a.b.c pr",
        "1a pr",
        "title eq 01",
        "title eq -",
    ],
)
def test_a_text_that_violates_the_grammar_is_an_invalid_filter(text: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_filter(text)
    assert refused.value.details["scim_type"] == "invalidFilter"


def test_nesting_is_bounded() -> None:
    parse_filter("(" * (MAX_DEPTH - 1) + "title pr" + ")" * (MAX_DEPTH - 1))
    with pytest.raises(Problem, match="nests deeper"):
        parse_filter("(" * 100_000 + "title pr" + ")" * 100_000)


def test_a_long_chain_does_not_count_as_deep_nesting() -> None:
    tree = parse_filter(" or ".join(["title pr"] * 5_000))
    assert isinstance(tree, Or)
    assert len(tree.operands) == 5_000


def test_entras_comparison_after_the_bracket_becomes_part_of_the_condition() -> None:
    inside = parse_filter('emails[type eq "work" and value eq "x"]')
    assert parse_filter('emails[type eq "work"].value eq "x"') == inside
