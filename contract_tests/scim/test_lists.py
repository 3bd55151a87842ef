"""SCIM's lists from outside: filters, pages, orders and projections leave out what they say and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from ..framework.deployment import Deployment
from ..framework.scim_mounts import ALONE, DIRECTORY

pytestmark = [pytest.mark.once, pytest.mark.proves("lifecycle"), pytest.mark.service("scim")]

NAMES = ("zoe@test.example", "ann@test.example", "max@test.example")
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture
def scim(deployment_of: Callable[[str], Deployment]) -> Deployment:
    """A directory that has three new users besides its own."""
    deployment = deployment_of("scim").fresh().only_mock(ALONE)
    for name in NAMES:
        user = {"userName": name, "title": "Tester", "externalId": f"x-{name}", "name": {"givenName": name[:3]}}
        assert deployment.send("POST", f"{DIRECTORY}/Users", user).status_code == 201
    return deployment


def listed(scim: Deployment, query: str, kind: str = "Users") -> Any:
    """A list as it is answered."""
    answer = scim.send("GET", f"{DIRECTORY}/{kind}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(answer: Any) -> list[str]:
    """The user names in a list."""
    return [user["userName"] for user in answer["Resources"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_filter_finds_the_one_and_counts_it(scim: Deployment, name: str) -> None:
    for text in (
        f'userName eq "{name}"',
        f'externalId eq "x-{name}"',
        f'title eq "Tester" and userName sw "{name[:3]}"',
    ):
        answer = listed(scim, f"filter={quote(text)}")
        assert (names(answer), answer["totalResults"], answer["itemsPerPage"]) == ([name], 1, 1)


def test_a_filter_of_groups_finds_the_one(scim: Deployment) -> None:
    made = scim.send("POST", f"{DIRECTORY}/Groups", {"displayName": "Testers"}).json()
    answer = listed(scim, "filter=" + quote('displayName eq "Testers"'), "Groups")
    assert [group["id"] for group in answer["Resources"]] == [made["id"]]
    assert (answer["totalResults"], answer["itemsPerPage"], answer["startIndex"]) == (1, 1, 1)


def test_a_page_says_where_it_begins_and_how_many_there_are(scim: Deployment) -> None:
    every = listed(scim, "count=100")
    assert every["totalResults"] == len(every["Resources"]) == every["itemsPerPage"] == 5
    page = listed(scim, "startIndex=2&count=2")
    assert (page["startIndex"], page["itemsPerPage"], page["totalResults"]) == (2, 2, 5)
    assert page["Resources"] == every["Resources"][1:3]
    assert listed(scim, "count=0")["totalResults"] == 5


def test_an_order_is_kept_both_ways(scim: Deployment) -> None:
    query = "filter=" + quote('title eq "Tester"') + "&sortBy=userName"
    assert names(listed(scim, query)) == sorted(NAMES)
    assert names(listed(scim, f"{query}&sortOrder=descending")) == sorted(NAMES, reverse=True)


def test_a_projection_shows_what_is_asked_for(scim: Deployment) -> None:
    for user in listed(scim, "attributes=title")["Resources"]:
        assert {"id", "schemas"} <= set(user) <= {"id", "schemas", "title"}
    for user in listed(scim, "excludedAttributes=name,title")["Resources"]:
        assert not {"name", "title"} & set(user)
        assert "userName" in user
    key = listed(scim, "")["Resources"][0]["id"]
    assert set(scim.send("GET", f"{DIRECTORY}/Users/{key}?attributes=userName").json()) == {"id", "schemas", "userName"}


@pytest.mark.parametrize("path", ["/Users/.search", "/.search"])
def test_a_search_by_post_is_the_same_list(scim: Deployment, path: str) -> None:
    wish = {"schemas": [SEARCH], "filter": 'title eq "Tester"', "startIndex": 2, "count": 1}
    answer = scim.send("POST", DIRECTORY + path, wish)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (names(found), found["totalResults"], found["startIndex"]) == ([NAMES[1]], 3, 2)


def test_discovery_lists_both_kinds_and_their_attributes(scim: Deployment) -> None:
    kinds = listed(scim, "", "ResourceTypes")["Resources"]
    assert [kind["id"] for kind in kinds] == ["User", "Group"]
    for kind in kinds:
        schema = scim.send("GET", f"{DIRECTORY}/Schemas/{quote(kind['schema'], safe='')}").json()
        assert {"User": "userName", "Group": "displayName"}[kind["id"]] in {it["name"] for it in schema["attributes"]}
