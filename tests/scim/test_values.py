"""Reading resources as clients send them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from contract_tests.framework.scim_grammar import ENTERPRISE_URN, USER_URN
from mockserver.core.problems import Problem
from mockserver.scim.schemas import GROUP, USER
from mockserver.scim.values import read_resource
from tests.scim.resources import groups, json_values, refusal, users


@given(users)
def test_reading_a_user_again_changes_nothing(body: dict[str, Any]) -> None:
    user = read_resource(USER, body)
    assert read_resource(USER, user) == user


@given(groups)
def test_reading_a_group_again_changes_nothing(body: dict[str, Any]) -> None:
    group = read_resource(GROUP, body)
    assert read_resource(GROUP, group) == group


@given(json_values)
def test_any_json_is_a_user_or_a_scim_error(body: Any) -> None:
    problem = refusal(lambda: read_resource(USER, body))
    assert problem is None or problem.status == 400


def test_names_are_read_in_any_case() -> None:
    assert read_resource(USER, {"USERNAME": "ann", "Name": {"GIVENNAME": "Ann"}}) == {
        "userName": "ann",
        "name": {"givenName": "Ann"},
        "schemas": [USER_URN],
    }


def test_null_empty_unknown_and_read_only_attributes_are_left_out() -> None:
    body: dict[str, Any] = {
        "userName": "ann",
        "title": None,
        "emails": [],
        "name": {},
        "id": "x",
        "groups": [{"value": "g"}],
        "hat": 1,
    }
    assert read_resource(USER, body) == {"userName": "ann", "schemas": [USER_URN]}


def test_schemas_contain_the_extensions_that_have_attributes() -> None:
    user = read_resource(USER, {"userName": "ann", ENTERPRISE_URN.lower(): {"Department": "Sales"}})
    assert user["schemas"] == [USER_URN, ENTERPRISE_URN]
    assert user[ENTERPRISE_URN] == {"department": "Sales"}


def test_the_last_of_two_primary_values_stays_primary() -> None:
    emails = [{"value": "a", "primary": True}, {"value": "b", "primary": "True"}]
    user = read_resource(USER, {"userName": "ann", "emails": emails})
    assert [email["primary"] for email in user["emails"]] == [False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"userName": ""},
        {"userName": None},
        {"userName": 5},
        {"userName": ["ann"]},
        {"active": "yes"},
        {"name": "Ann"},
        {"emails": {"value": "x"}},
        {"emails": ["x"]},
        {"emails": [{"value": 1}]},
        {"x509Certificates": [{"value": "not base64"}]},
        {ENTERPRISE_URN: "Sales"},
    ],
)
def test_a_value_of_another_type_is_invalid(wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        read_resource(USER, {"userName": "ann", **wrong})
    assert refused.value.details["scim_type"] == "invalidValue"
