"""Jackson's scenarios: their content, and that they are reproducible."""

from __future__ import annotations

from mockserver.generate import jackson
from tests.services.jackson.client import Api

SCOPE = "tenant=acme&product=portal"


def test_a_scenario_is_reproducible() -> None:
    assert jackson.acme() == jackson.acme()
    assert jackson.documented() == jackson.documented()


def test_acme_has_an_okta_and_an_entra_directory() -> None:
    directories = Api("acme").data("GET", f"?{SCOPE}")
    assert sorted(it["type"] for it in directories) == ["azure-scim-v2", "okta-scim-v2"]


def test_acmes_people_and_groups_are_read_over_rest_and_over_scim() -> None:
    api = Api("acme")
    seen: dict[str, list[str]] = {"Users": [], "Groups": []}
    for directory in api.data("GET", f"?{SCOPE}"):
        for kind in ("Users", "Groups"):
            listed = api.push(directory, "GET", f"/{kind}?count=500")
            seen[kind] += [it["id"] for it in listed["Resources"]]
    for kind, size in (("users", 300), ("groups", 25)):
        pages = [api.data("GET", f"/{kind}?{SCOPE}&pageOffset={offset}") for offset in range(0, size, 50)]
        read = [it["id"] for page in pages for it in page]
        assert len(read) == size
        assert sorted(read) == sorted(seen[kind.title()])


def test_every_member_of_an_acme_group_is_a_user_of_its_directory() -> None:
    collections = jackson.acme()
    for group in collections["scim.groups"].values():
        members = group["resource"]["members"]
        assert members
        assert {collections["scim.users"][it["value"]]["directory"] for it in members} == {group["directory"]}


def test_the_empty_scenario_has_no_records_and_accepts_new_ones() -> None:
    api = Api("empty")
    api.directory(tenant="boxyhq")
    assert len(api.data("GET", "?tenant=boxyhq&product=p")) == 1
    assert jackson.empty() == {}
