"""PATCH: the forms of the RFC, those of identity providers, and invalid operations."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.framework.scim_grammar import ENTERPRISE_URN, patch_paths
from mockserver.core.problems import Problem
from mockserver.scim.attributes import ResourceType
from mockserver.scim.patches import apply_patch, read_operations
from mockserver.scim.schemas import GROUP, USER
from mockserver.scim.values import read_resource
from tests.scim.resources import json_values, refusal, users

WORK = {"type": "work", "value": "ann@example.org", "primary": True}
HOME = {"type": "home", "value": "ann@home.example"}
ANN = read_resource(
    USER,
    {
        "userName": "ann",
        "name": {"givenName": "Ann", "familyName": "Zeller"},
        "active": True,
        "emails": [WORK, HOME],
        ENTERPRISE_URN: {"department": "Sales", "manager": {"value": "u2"}},
    },
)
TEAM = read_resource(GROUP, {"displayName": "Team", "members": [{"value": "u1"}, {"value": "u2"}, {"value": "u3"}]})

operations = st.fixed_dictionaries(
    {"op": st.sampled_from(("add", "Replace", "REMOVE", "move"))},
    optional={"path": patch_paths | st.text(max_size=10), "value": json_values},
)


def patched(*changes: dict[str, Any], resource: dict[str, Any] = ANN, kind: ResourceType = USER) -> dict[str, Any]:
    return apply_patch(kind, resource, read_operations({"Operations": list(changes)}))


def members(*changes: dict[str, Any]) -> list[str]:
    group = patched(*changes, resource=TEAM, kind=GROUP)
    return [member["value"] for member in group.get("members", [])]


@given(users, st.lists(operations, max_size=4))
def test_any_patch_returns_a_valid_user_or_fails_and_never_changes_the_original(
    body: dict[str, Any], changes: list[dict[str, Any]]
) -> None:
    user = read_resource(USER, body)
    before = copy.deepcopy(user)
    problem = refusal(lambda: patched(*changes, resource=user))
    if problem is None:
        changed = patched(*changes, resource=user)
        assert read_resource(USER, changed) == changed
    else:
        assert problem.status == 400
        assert "scim_type" in problem.details
    assert user == before


@given(json_values)
def test_any_body_is_a_patch_or_a_scim_error(body: Any) -> None:
    problem = refusal(lambda: read_operations(body))
    assert problem is None or problem.status == 400


def test_replace_sets_a_simple_attribute() -> None:
    assert patched({"op": "replace", "path": "title", "value": "Boss"})["title"] == "Boss"


def test_replace_of_an_object_keeps_its_other_sub_attributes() -> None:
    assert patched({"op": "replace", "path": "name", "value": {"givenName": "Anna"}})["name"] == {
        "givenName": "Anna",
        "familyName": "Zeller",
    }


def test_a_sub_attribute_is_set_by_its_own_path() -> None:
    assert patched({"op": "add", "path": "name.middleName", "value": "B"})["name"]["middleName"] == "B"


def test_add_to_a_list_keeps_its_values_and_moves_primary() -> None:
    other = {"type": "other", "value": "a@b", "primary": True}
    assert patched({"op": "add", "path": "emails", "value": [other]})["emails"] == [
        {**WORK, "primary": False},
        HOME,
        other,
    ]


def test_add_of_an_existing_value_changes_nothing() -> None:
    assert patched({"op": "add", "path": "emails", "value": HOME}) == ANN


def test_replace_of_a_list_replaces_all_of_it() -> None:
    assert patched({"op": "replace", "path": "emails", "value": [HOME]})["emails"] == [HOME]


def test_a_condition_selects_the_values_to_change() -> None:
    changed = patched({"op": "replace", "path": 'emails[type eq "work"].value', "value": "new@example.org"})
    assert changed["emails"] == [{**WORK, "value": "new@example.org"}, HOME]


def test_replace_of_a_selected_value_replaces_it_whole() -> None:
    changed = patched({"op": "replace", "path": 'emails[type eq "home"]', "value": {"value": "x", "primary": True}})
    assert changed["emails"] == [{**WORK, "primary": False}, {"value": "x", "primary": True}]


def test_making_an_earlier_value_primary_takes_it_from_the_later_one() -> None:
    user = {**ANN, "emails": [HOME, WORK]}
    changed = patched({"op": "add", "path": 'emails[type eq "home"].primary', "value": True}, resource=user)
    assert [email["primary"] for email in changed["emails"]] == [True, False]


def test_remove_removes_the_values_that_match_the_condition() -> None:
    assert patched({"op": "remove", "path": 'emails[type eq "work"]'})["emails"] == [HOME]


def test_remove_of_the_last_value_removes_the_attribute() -> None:
    assert "emails" not in patched({"op": "remove", "path": "emails[value pr]"})


def test_the_path_of_an_extension_begins_with_its_urn() -> None:
    changed = patched({"op": "replace", "path": f"{ENTERPRISE_URN}:department", "value": "R&D"})
    assert changed[ENTERPRISE_URN] == {"department": "R&D", "manager": {"value": "u2"}}


def test_removing_an_extension_by_its_urn_removes_it_from_schemas() -> None:
    changed = patched({"op": "remove", "path": ENTERPRISE_URN})
    assert ENTERPRISE_URN not in changed
    assert ENTERPRISE_URN not in changed["schemas"]


def test_later_operations_see_the_changes_of_earlier_ones() -> None:
    changed = patched(
        {"op": "add", "path": "emails", "value": {"type": "other", "value": "o"}},
        {"op": "remove", "path": 'emails[type ne "other"]'},
    )
    assert changed["emails"] == [{"type": "other", "value": "o"}]


class TestHabitsOfIdentityProviders:
    def test_okta_deactivates_without_a_path(self) -> None:
        assert patched({"op": "replace", "value": {"active": False}})["active"] is False

    def test_entra_capitalises_operations_and_sends_booleans_as_texts(self) -> None:
        assert patched({"op": "Replace", "path": "active", "value": "False"})["active"] is False

    def test_entra_adds_to_a_selection_that_does_not_exist_yet(self) -> None:
        changed = patched({"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+1"})
        assert changed["phoneNumbers"] == [{"type": "mobile", "value": "+1"}]

    def test_entra_names_a_manager_by_a_plain_text(self) -> None:
        changed = patched({"op": "Add", "path": f"{ENTERPRISE_URN}:manager", "value": "u9"})
        assert changed[ENTERPRISE_URN]["manager"] == {"value": "u9"}

    def test_entra_sends_paths_as_the_member_names_of_a_value_without_a_path(self) -> None:
        value = {"name.givenName": "Anna", f"{ENTERPRISE_URN}:department": "R&D", "hat": "blue", "id": "x"}
        changed = patched({"op": "Add", "value": value})
        assert changed["name"]["givenName"] == "Anna"
        assert changed[ENTERPRISE_URN]["department"] == "R&D"
        assert "hat" not in changed
        assert "id" not in changed

    def test_entra_lists_the_members_to_remove(self) -> None:
        assert members({"op": "Remove", "path": "members", "value": [{"value": "u1"}, {"value": "u3"}]}) == ["u2"]

    def test_okta_removes_a_member_by_a_condition(self) -> None:
        assert members({"op": "remove", "path": 'members[value eq "u2"]'}) == ["u1", "u3"]

    def test_removing_a_user_who_is_no_member_changes_nothing(self) -> None:
        assert members({"op": "remove", "path": 'members[value eq "u9"]'}) == ["u1", "u2", "u3"]

    def test_members_are_added_once(self) -> None:
        assert members({"op": "Add", "path": "members", "value": [{"value": "u3"}, {"value": "u4"}]}) == [
            "u1",
            "u2",
            "u3",
            "u4",
        ]

    def test_okta_replaces_all_members(self) -> None:
        assert members({"op": "replace", "path": "members", "value": [{"value": "u9"}]}) == ["u9"]

    def test_okta_renames_a_group_without_a_path(self) -> None:
        changed = patched({"op": "replace", "value": {"id": "g", "displayName": "New"}}, resource=TEAM, kind=GROUP)
        assert changed["displayName"] == "New"


@pytest.mark.parametrize(
    ("change", "scim_type"),
    [
        ({"op": "move", "path": "title", "value": "x"}, "invalidSyntax"),
        ({"path": "title", "value": "x"}, "invalidSyntax"),
        ({"op": "add", "path": 5, "value": "x"}, "invalidSyntax"),
        ({"op": "add", "path": "title"}, "invalidValue"),
        ({"op": "add", "path": "title", "value": 5}, "invalidValue"),
        ({"op": "add", "value": "x"}, "invalidValue"),
        ({"op": "add", "path": "hat", "value": "x"}, "invalidPath"),
        ({"op": "add", "path": "name..givenName", "value": "x"}, "invalidPath"),
        ({"op": "add", "path": "title[value pr]", "value": "x"}, "invalidPath"),
        ({"op": "add", "path": "emails[value pr].hat", "value": "x"}, "invalidPath"),
        ({"op": "add", "path": "emails[value pr]x", "value": "x"}, "invalidPath"),
        ({"op": "add", "path": "emails[value =]", "value": "x"}, "invalidFilter"),
        ({"op": "replace", "path": 'emails[type eq "other"].value', "value": "x"}, "noTarget"),
        ({"op": "add", "path": 'emails[type sw "o"].value', "value": "x"}, "noTarget"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "meta.created", "value": "x"}, "mutability"),
        ({"op": "add", "path": "groups", "value": [{"value": "g"}]}, "mutability"),
        ({"op": "replace", "path": "userName", "value": None}, "invalidValue"),
    ],
)
def test_an_impossible_operation_is_a_scim_error(change: dict[str, Any], scim_type: str) -> None:
    with pytest.raises(Problem) as refused:
        patched(change)
    assert refused.value.details["scim_type"] == scim_type


def test_the_id_of_a_member_is_immutable() -> None:
    with pytest.raises(Problem) as refused:
        members({"op": "replace", "path": 'members[value eq "u1"].value', "value": "u9"})
    assert refused.value.details["scim_type"] == "mutability"
