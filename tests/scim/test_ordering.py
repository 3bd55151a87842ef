"""Sorting resources."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.scim.ordering import compile_sort
from mockserver.scim.schemas import USER
from mockserver.scim.values import read_resource
from tests.scim.resources import users

USERS: list[dict[str, Any]] = [
    {"userName": "b", "emails": [{"value": "z"}, {"value": "a", "primary": True}]},
    {"userName": "C", "name": {"familyName": "x"}, "emails": [{"value": "b"}]},
    {"userName": "a"},
]


def names(sort_by: str, *, descending: bool = False) -> str:
    key = compile_sort(USER, sort_by)
    ordered = USERS if key is None else sorted(USERS, key=key, reverse=descending)
    return "".join(user["userName"] for user in ordered)


@pytest.mark.parametrize(
    ("sort_by", "expected"),
    [
        ("userName", "abC"),
        ("name.familyName", "Cba"),
        ("emails", "bCa"),
        ("emails.value", "bCa"),
        ("hat", "bCa"),
        ("", "bCa"),
    ],
)
def test_resources_are_sorted_with_missing_values_last(sort_by: str, expected: str) -> None:
    assert names(sort_by) == expected


def test_descending_is_the_reverse() -> None:
    assert names("userName", descending=True) == "Cba"


@given(st.lists(users, max_size=4), st.sampled_from([*USER.by_name, "emails.primary", "name.givenName", "addresses"]))
def test_resources_of_any_shape_can_be_sorted_by_any_attribute(bodies: list[dict[str, Any]], sort_by: str) -> None:
    resources = [read_resource(USER, body) for body in bodies]
    key = compile_sort(USER, sort_by)
    if key is not None:
        keys = [key(resource) for resource in sorted(resources, key=key)]
        assert keys == sorted(keys)
