"""Lists and searches."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.framework.scim_grammar import ENTERPRISE_URN
from mockserver.scim.queries import MAX_RESULTS
from tests.scim.client import Client

NAMES = ["dan", "Ann", "cid", "bob"]


@pytest.fixture
def four(scim: Client) -> Client:
    """A directory of four users and a group."""
    for number, name in enumerate(NAMES):
        scim.user(name, title=str(number), active=name != "cid")
    scim.group("Everybody")
    return scim


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, NAMES),
        ({"count": 2}, ["dan", "Ann"]),
        ({"startIndex": 3}, ["cid", "bob"]),
        ({"startIndex": 2, "count": 2}, ["Ann", "cid"]),
        ({"startIndex": -5, "count": 1}, ["dan"]),
        ({"startIndex": 9}, []),
        ({"count": 0}, []),
        ({"count": -1}, []),
        ({"sortBy": "userName"}, ["Ann", "bob", "cid", "dan"]),
        ({"sortBy": "title", "sortOrder": "descending"}, NAMES[::-1]),
        ({"sortBy": "userName", "startIndex": 2, "count": 2}, ["bob", "cid"]),
        ({"sortBy": "noSuchAttribute"}, NAMES),
        ({"sortBy": "meta.created"}, NAMES),
        ({"filter": "active eq true", "sortBy": "userName"}, ["Ann", "bob", "dan"]),
        ({"filter": "active eq true", "startIndex": 2, "count": 1}, ["Ann"]),
        ({"filter": 'userName eq "ann" and active eq false'}, []),
        ({"filter": 'meta.resourceType eq "User"'}, NAMES),
    ],
)
def test_a_page_holds_the_requested_resources(four: Client, query: dict[str, Any], expected: list[str]) -> None:
    assert four.names(**query) == expected


@pytest.mark.parametrize(("query", "total"), [({"count": 1}, 4), ({"filter": "active eq true", "count": 0}, 3)])
def test_the_total_counts_every_match(four: Client, query: dict[str, Any], total: int) -> None:
    page = four.listed(**query)
    assert page["totalResults"] == total
    assert page["itemsPerPage"] == len(page["Resources"])


def test_a_page_is_bounded(scim: Client) -> None:
    operations = [{"method": "POST", "path": "/Users", "data": {"userName": f"u{n}"}} for n in range(MAX_RESULTS)]
    scim.call("POST", "/Bulk", {"Operations": operations})
    scim.user("one-more")
    assert scim.listed(count=MAX_RESULTS + 1)["itemsPerPage"] == MAX_RESULTS
    assert scim.names(startIndex=MAX_RESULTS + 1) == ["one-more"]


@pytest.mark.parametrize(
    ("query", "scim_type"),
    [
        ({"filter": "userName"}, "invalidFilter"),
        ({"filter": "active gt true"}, "invalidFilter"),
        ({"filter": ""}, "invalidFilter"),
        ({"count": "many"}, "invalidValue"),
        ({"sortOrder": "sideways"}, "invalidValue"),
    ],
)
def test_an_invalid_query_is_a_scim_error(four: Client, query: dict[str, Any], scim_type: str) -> None:
    refused = four.listed(**query)
    assert (refused["status"], refused["scimType"]) == ("400", scim_type)


def test_a_client_can_select_attributes(four: Client) -> None:
    (user,) = four.listed(attributes="userName", count=1)["Resources"]
    assert set(user) == {"schemas", "id", "userName"}
    (user,) = four.listed(excludedAttributes="meta,title", count=1)["Resources"]
    assert set(user) == {"schemas", "id", "userName", "active"}
    created = four.call("POST", "/Users?attributes=title", {"userName": "eve", "title": "x"}).json()
    assert set(created) == {"schemas", "id", "title"}


def test_a_search_returns_the_same_as_a_list(four: Client) -> None:
    query: dict[str, Any] = {"filter": "active eq true", "sortBy": "userName", "count": 2}
    searched = four.call("POST", "/Users/.search", {**query, "attributes": ["userName", "title"]}).json()
    assert searched == four.listed(**query, attributes="userName,title")


def test_a_search_at_the_root_lists_users_then_groups(four: Client) -> None:
    def kinds(**body: Any) -> str:
        page = four.call("POST", "/.search", body).json()
        assert page["totalResults"] == 5
        return "".join(resource["meta"]["resourceType"][0] for resource in page["Resources"])

    assert kinds() == "UUUUG"
    assert kinds(startIndex=4) == "UG"
    assert kinds(startIndex=5, count=1) == "G"
    assert kinds(count=4) == "UUUU"
    assert kinds(filter="id pr", startIndex=4, count=2) == "UG"


def test_an_extension_can_be_searched_and_sorted_by(scim: Client) -> None:
    for name, department in (("ann", "b"), ("bob", "a")):
        scim.user(name, **{ENTERPRISE_URN: {"department": department}})
    assert scim.names(sortBy=f"{ENTERPRISE_URN}:department") == ["bob", "ann"]
    assert scim.names(filter=f'{ENTERPRISE_URN}:department eq "B"') == ["ann"]
