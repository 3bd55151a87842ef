"""Lists: pages and their links, sorting and filters."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from ..framework.session import OpenSession
from .identity_api import MOUNT, IdentityApi
from .resources import RESOURCES, NetFoundryResource

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("lifecycle"), pytest.mark.service("netfoundry")]


@pytest.fixture
def api(open_session: OpenSession) -> IdentityApi:
    """The API as the administrator uses it, with lists to which nobody else adds."""
    session = open_session("netfoundry").require_mock("it needs lists to which nobody else adds")
    return IdentityApi(session)


def ids(api: IdentityApi, path: str) -> list[str]:
    """Returns the ids in a list."""
    return [record["id"] for record in api.call("GET", path)]


def link_relations(header: str) -> Mapping[str, str]:
    """Returns the URLs in a Link header by relation."""
    return {name: url for url, name in re.findall(r'<([^>]+)>; rel="([a-z]+)"', header)}


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_each_record_is_on_one_page_and_the_pages_link_to_each_other(
    api: IdentityApi, resource: NetFoundryResource
) -> None:
    for _ in range(2):
        api.call("POST", resource.path, resource.new_body(api))
    every = ids(api, resource.path)
    seen = []
    path = f"{resource.path}?page=0&size=1"
    while path:
        page = api.send("GET", path)
        assert page.headers["x-total-count"] == str(len(every))
        assert len(page.json()) == 1
        seen += [record["id"] for record in page.json()]
        links = link_relations(page.headers["link"])
        assert {"first", "last"} <= set(links)
        path = links.get("next", "").partition(MOUNT)[2]
    assert seen == every
    assert ids(api, f"{resource.path}?page={len(every)}&size=1") == []
    assert ids(api, f"{resource.path}?page=0&size=2") == every[:2]


def test_lists_can_be_sorted_in_both_directions(api: IdentityApi) -> None:
    for name in ("Zoe", "Ann", "Max"):
        api.call("POST", "/organizations", {"name": name, "label": api.label()})
    ascending = [record["name"] for record in api.call("GET", "/organizations?sort=name,asc")]
    assert ascending == sorted(ascending)
    descending = [record["name"] for record in api.call("GET", "/organizations?sort=name,desc")]
    assert descending == sorted(ascending, reverse=True)


def test_a_filter_returns_only_what_matches(api: IdentityApi) -> None:
    created = api.call("POST", "/organizations", {"name": "Only one", "label": api.label()})["id"]
    assert ids(api, "/organizations?name=Only%20one") == [created]
    api.call("PUT", f"/organizations/{created}/deactivate")
    assert created in ids(api, "/organizations?active=false")
    assert created not in ids(api, "/organizations?active=true")
    assert not any(record["active"] for record in api.call("GET", "/organizations?active=false"))


def test_deleted_records_are_listed_only_on_request(api: IdentityApi) -> None:
    created = api.call("POST", "/oidc-issuers", RESOURCES["oidc-issuer"].new_body(api))["id"]
    api.call("DELETE", f"/oidc-issuers/{created}")
    assert created not in ids(api, "/oidc-issuers")
    assert created in ids(api, "/oidc-issuers?includeDeleted=true")


def test_the_list_of_identities_contains_all_users_and_accounts(api: IdentityApi) -> None:
    assert ids(api, "/identities") == ids(api, "/user-identities") + ids(api, "/api-account-identities")


def test_invitations_can_be_filtered_by_state(api: IdentityApi) -> None:
    for action, state in (("decline", "Declined"), ("revoke", "Revoked")):
        before = api.call("GET", "/invitations")
        wanted = next(invitation["id"] for invitation in before if invitation["state"] == "Open")
        api.call("PUT", f"/invitations/{wanted}/{action}")
        assert wanted in ids(api, f"/invitations?states={state}")
        assert wanted not in ids(api, "/invitations?states=Open")
    every = api.send("GET", "/invitations?page=0&size=1000")
    assert every.headers["x-total-count"] == str(len(every.json()))
    for state in ("Open", "Declined", "Revoked"):
        matching = [invitation["id"] for invitation in every.json() if invitation["state"] == state]
        assert ids(api, f"/invitations?states={state}") == matching


def test_a_label_belongs_to_only_one_organization(api: IdentityApi) -> None:
    body = {"name": "Test", "label": api.label()}
    api.call("POST", "/organizations", body)
    before = api.session.state()
    assert api.send("POST", "/organizations", body).status_code == 409
    assert api.session.state() == before
