"""SCIM lists: filters, pages, sorting and projections return exactly what was asked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from ..framework.scim_endpoints import DIRECTORY, NEEDS_OWN_DIRECTORY
from ..framework.session import OpenSession, Session

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("lifecycle"), pytest.mark.service("scim")]

NAMES = ("zoe@test.example", "ann@test.example", "max@test.example")
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture
def scim(open_session: OpenSession) -> Session:
    """A session with a directory that has three users more than the scenario."""
    session = open_session("scim").require_mock(NEEDS_OWN_DIRECTORY)
    for name in NAMES:
        user = {"userName": name, "title": "Tester", "externalId": f"x-{name}", "name": {"givenName": name[:3]}}
        assert session.send("POST", f"{DIRECTORY}/Users", user).status_code == 201
    return session


def read_list(scim: Session, query: str, endpoint: str = "Users") -> Any:
    """Returns the body of a list."""
    response = scim.send("GET", f"{DIRECTORY}/{endpoint}?{query}")
    assert response.status_code == 200, response.text
    return response.json()


def names(body: Any) -> list[str]:
    """Returns the user names in the body of a list."""
    return [user["userName"] for user in body["Resources"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_filter_finds_one_user_and_counts_it(scim: Session, name: str) -> None:
    for text in (
        f'userName eq "{name}"',
        f'externalId eq "x-{name}"',
        f'title eq "Tester" and userName sw "{name[:3]}"',
    ):
        body = read_list(scim, f"filter={quote(text)}")
        assert (names(body), body["totalResults"], body["itemsPerPage"]) == ([name], 1, 1)


def test_a_filter_finds_one_group(scim: Session) -> None:
    group = scim.send("POST", f"{DIRECTORY}/Groups", {"displayName": "Testers"}).json()
    body = read_list(scim, "filter=" + quote('displayName eq "Testers"'), "Groups")
    assert [it["id"] for it in body["Resources"]] == [group["id"]]
    assert (body["totalResults"], body["itemsPerPage"], body["startIndex"]) == (1, 1, 1)


def test_a_page_has_its_start_its_size_and_the_total(scim: Session) -> None:
    every = read_list(scim, "count=100")
    assert every["totalResults"] == len(every["Resources"]) == every["itemsPerPage"] == 5
    page = read_list(scim, "startIndex=2&count=2")
    assert (page["startIndex"], page["itemsPerPage"], page["totalResults"]) == (2, 2, 5)
    assert page["Resources"] == every["Resources"][1:3]
    assert read_list(scim, "count=0")["totalResults"] == 5


def test_users_can_be_sorted_in_both_directions(scim: Session) -> None:
    query = "filter=" + quote('title eq "Tester"') + "&sortBy=userName"
    assert names(read_list(scim, query)) == sorted(NAMES)
    assert names(read_list(scim, f"{query}&sortOrder=descending")) == sorted(NAMES, reverse=True)


def test_a_projection_returns_the_requested_attributes(scim: Session) -> None:
    for user in read_list(scim, "attributes=title")["Resources"]:
        assert {"id", "schemas"} <= set(user) <= {"id", "schemas", "title"}
    for user in read_list(scim, "excludedAttributes=name,title")["Resources"]:
        assert not {"name", "title"} & set(user)
        assert "userName" in user
    key = read_list(scim, "")["Resources"][0]["id"]
    assert set(scim.send("GET", f"{DIRECTORY}/Users/{key}?attributes=userName").json()) == {"id", "schemas", "userName"}


@pytest.mark.parametrize("path", ["/Users/.search", "/.search"])
def test_a_search_by_post_returns_the_same_list(scim: Session, path: str) -> None:
    search = {"schemas": [SEARCH], "filter": 'title eq "Tester"', "startIndex": 2, "count": 1}
    response = scim.send("POST", DIRECTORY + path, search)
    assert response.status_code == 200, response.text
    body = response.json()
    assert (names(body), body["totalResults"], body["startIndex"]) == ([NAMES[1]], 3, 2)


def test_discovery_lists_both_resource_types_and_their_attributes(scim: Session) -> None:
    resource_types = read_list(scim, "", "ResourceTypes")["Resources"]
    assert [resource_type["id"] for resource_type in resource_types] == ["User", "Group"]
    for resource_type in resource_types:
        schema = scim.send("GET", f"{DIRECTORY}/Schemas/{quote(resource_type['schema'], safe='')}").json()
        assert {"User": "userName", "Group": "displayName"}[resource_type["id"]] in {
            it["name"] for it in schema["attributes"]
        }
