"""Which attributes a response shows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.framework.scim_grammar import ENTERPRISE_URN, USER_URN
from mockserver.scim.projection import compile_projection
from mockserver.scim.schemas import USER

ANN: dict[str, Any] = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "id": "u1",
    "userName": "ann",
    "name": {"givenName": "Ann", "familyName": "Zeller"},
    "emails": [{"type": "work", "value": "a"}, {"type": "home", "value": "b"}],
    ENTERPRISE_URN: {"department": "Sales", "manager": {"value": "u2", "displayName": "Bo"}},
}
ALWAYS = {"schemas": [USER_URN, ENTERPRISE_URN], "id": "u1"}


def shown(attributes: str | None = None, excluded: str | None = None) -> dict[str, Any]:
    project = compile_projection(USER, attributes, excluded)
    return project(ANN) if project is not None else ANN


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("userName", {"userName": "ann"}),
        ("USERNAME, hat", {"userName": "ann"}),
        ("name.givenName", {"name": {"givenName": "Ann"}}),
        ("name.givenName,name", {"name": {"givenName": "Ann", "familyName": "Zeller"}}),
        ("emails.value", {"emails": [{"value": "a"}, {"value": "b"}]}),
        ("emails.display", {}),
        ("title", {}),
        (ENTERPRISE_URN, {ENTERPRISE_URN: ANN[ENTERPRISE_URN]}),
        (f"{ENTERPRISE_URN}:manager.value", {ENTERPRISE_URN: {"manager": {"value": "u2"}}}),
    ],
)
def test_a_projection_contains_the_selected_attributes_and_those_always_returned(
    attributes: str, expected: dict[str, Any]
) -> None:
    assert shown(attributes) == ALWAYS | expected


@pytest.mark.parametrize(
    ("excluded", "missing"),
    [("userName", "userName"), (f"{ENTERPRISE_URN}", ENTERPRISE_URN), ("emails,hat", "emails")],
)
def test_excluded_attributes_are_left_out(excluded: str, missing: str) -> None:
    assert shown(excluded=excluded) == {name: value for name, value in ANN.items() if name != missing}


def test_a_sub_attribute_can_be_excluded() -> None:
    assert shown(excluded="emails.type,name.givenName") == ANN | {
        "emails": [{"value": "a"}, {"value": "b"}],
        "name": {"familyName": "Zeller"},
    }


def test_attributes_that_are_always_returned_cannot_be_excluded() -> None:
    assert shown(excluded="id,schemas") == ANN


def test_attributes_override_excluded_attributes() -> None:
    assert shown("userName", "userName") == ALWAYS | {"userName": "ann"}


@given(st.text())
def test_any_text_is_accepted_and_keeps_the_attributes_always_returned(names: str) -> None:
    assert ALWAYS.items() <= shown(names).items()
    assert ALWAYS.items() <= shown(excluded=names).items()
