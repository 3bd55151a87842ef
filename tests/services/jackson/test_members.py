"""Users and groups, as applications read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.services.jackson.members import user
from tests.services.jackson.client import Api

SCOPE = "tenant=t&product=p"


def test_users_and_groups_pushed_over_scim_can_be_read_over_rest(api: Api) -> None:
    directory = api.directory()
    name = {"givenName": "Ann", "familyName": "Lee"}
    ann = {"userName": "ann", "name": name, "emails": [{"value": "a@b.example"}]}
    pushed = api.push(directory, "POST", "/Users", ann)
    read = api.data("GET", f"/users/{pushed['id']}?{SCOPE}")
    raw = read.pop("raw")
    assert read == {
        "id": pushed["id"], "first_name": "Ann", "last_name": "Lee", "email": "a@b.example", "active": True,
    }  # fmt: skip
    assert "meta" not in raw
    assert raw["userName"] == "ann"


def test_the_user_name_stands_in_for_a_missing_address(api: Api) -> None:
    api.push(api.directory(), "POST", "/Users", {"userName": "ann", "active": False})
    (read,) = api.data("GET", f"/users?{SCOPE}")
    assert (read["first_name"], read["last_name"], read["email"], read["active"]) == ("", "", "ann", False)


@given(st.lists(st.fixed_dictionaries({}, optional={"value": st.text(), "type": st.text()}), max_size=3))
def test_the_address_is_the_first_one_that_has_a_value(emails: list[dict[str, str]]) -> None:
    values = [email["value"] for email in emails if "value" in email]
    assert user({"id": "1", "userName": "ann", "emails": emails})["email"] == (values or ["ann"])[0]


def test_a_group_contains_its_members(api: Api) -> None:
    directory = api.directory()
    ann, bob = api.push_user(directory, "ann"), api.push_user(directory, "bob")
    members = [{"value": ann["id"]}, {"value": bob["id"]}]
    group = api.push(directory, "POST", "/Groups", {"displayName": "Devs", "members": members})
    read = api.data("GET", f"/groups/{group['id']}?{SCOPE}")
    assert read["name"] == "Devs"
    assert [it["user_id"] for it in read["members"]] == [ann["id"], bob["id"]]
    assert {it["group_id"] for it in read["members"]} == {group["id"]}
    latest_first = api.data("GET", f"/groups/{group['id']}/members?{SCOPE}")
    assert [it["user_id"] for it in latest_first] == [bob["id"], ann["id"]]
    assert len(api.data("GET", f"/groups/{group['id']}/members?{SCOPE}&pageLimit=1&pageOffset=1")) == 1


def test_users_of_several_directories_are_listed_together_newest_first(api: Api) -> None:
    one, two = api.directory(), api.directory()
    for number in range(6):
        api.push_user((one, two)[number % 2], f"user{number}")
    listed = api.data("GET", f"/users?{SCOPE}")
    assert [it["raw"]["userName"] for it in listed] == [f"user{number}" for number in range(5, -1, -1)]
    page = api.data("GET", f"/users?{SCOPE}&pageOffset=1&pageLimit=2")
    assert [it["raw"]["userName"] for it in page] == ["user4", "user3"]
    only = api.data("GET", f"/users?directoryId={one['id']}")
    assert [it["raw"]["userName"] for it in only] == ["user4", "user2", "user0"]


PAGED = Api()
_DIRECTORY = PAGED.directory()
NAMES = [PAGED.push_user(_DIRECTORY, f"user{number}")["userName"] for number in range(60)][::-1]


@given(st.integers(-5, 100), st.integers(-5, 100))
def test_a_page_has_the_requested_size_up_to_fifty(offset: int, limit: int) -> None:
    listed = PAGED.data("GET", f"/users?{SCOPE}&pageOffset={offset}&pageLimit={limit}")
    start, size = max(offset, 0), limit if 0 < limit <= 50 else 50
    assert [it["raw"]["userName"] for it in listed] == NAMES[start : start + size]


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="&+%#0123456789"), max_size=8))
def test_invalid_page_parameters_count_as_absent(text: str) -> None:
    listed = PAGED.data("GET", f"/users?{SCOPE}&pageOffset={text}&pageLimit={text}")
    assert [it["raw"]["userName"] for it in listed] == NAMES[:50]


def test_other_tenants_and_products_see_no_users_or_groups(api: Api) -> None:
    directory = api.directory()
    pushed = api.push_user(directory, "ann")
    api.directory(tenant="other")
    assert api.data("GET", "/users?tenant=other&product=p") == []
    assert api.refusal("GET", f"/users/{pushed['id']}?tenant=other&product=p") == (404, "User not found")
    assert api.data("GET", f"/users?tenant=other&product=p&directoryId={directory['id']}") == []


@pytest.mark.parametrize("path", ["/users", "/users/x", "/groups", "/groups/x", "/groups/x/members", "/events"])
def test_a_query_names_a_tenant_and_product_or_a_directory(api: Api, path: str) -> None:
    assert api.refusal("GET", path) == (400, "Please provide tenant and product")
    assert api.refusal("GET", f"{path}?tenant=t") == (400, "Please provide tenant and product")
    assert api.refusal("GET", f"{path}?directoryId=nobody") == (404, "Directory not found.")


def test_the_error_names_an_unknown_group(documented: Api) -> None:
    for path in ("/groups/nobody", "/groups/nobody/members"):
        refusal = documented.refusal("GET", f"{path}?tenant=boxyhq&product=jackson")
        assert refusal == (404, "Group with id nobody not found.")
