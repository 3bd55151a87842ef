"""Lists of the identity service: filters, orders, and what a page says of all the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from ..framework.deployment import Deployment
from .api import MOUNT, Api
from .bodies import KINDS, Kind

pytestmark = [pytest.mark.once, pytest.mark.proves("lifecycle"), pytest.mark.service("netfoundry")]


@pytest.fixture
def api(deployment_of: Callable[[str], Deployment]) -> Api:
    """The administrator's view of lists to which nobody else adds."""
    deployment = deployment_of("netfoundry").fresh().only_mock("it needs lists to which nobody else adds")
    return Api(deployment)


def ids(api: Api, path: str) -> list[str]:
    """The ids in a list."""
    return [record["id"] for record in api.call("GET", path)]


def rel(links: str) -> Mapping[str, str]:
    """The URLs of a Link header by their relation."""
    return {name: url for url, name in re.findall(r'<([^>]+)>; rel="([a-z]+)"', links)}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_pages_hold_each_record_once_and_lead_to_each_other(api: Api, kind: Kind) -> None:
    for _ in range(2):
        api.call("POST", kind.path, kind.create(api))
    every = ids(api, kind.path)
    found = []
    path = f"{kind.path}?page=0&size=1"
    while path:
        page = api.send("GET", path)
        assert page.headers["x-total-count"] == str(len(every))
        assert len(page.json()) == 1
        found += [record["id"] for record in page.json()]
        near = rel(page.headers["link"])
        assert {"first", "last"} <= set(near)
        path = near.get("next", "").partition(MOUNT)[2]
    assert found == every
    assert ids(api, f"{kind.path}?page={len(every)}&size=1") == []
    assert ids(api, f"{kind.path}?page=0&size=2") == every[:2]


def test_an_order_is_kept_both_ways(api: Api) -> None:
    for name in ("Zoe", "Ann", "Max"):
        api.call("POST", "/organizations", {"name": name, "label": api.label()})
    ascending = [record["name"] for record in api.call("GET", "/organizations?sort=name,asc")]
    assert ascending == sorted(ascending)
    descending = [record["name"] for record in api.call("GET", "/organizations?sort=name,desc")]
    assert descending == sorted(ascending, reverse=True)


def test_a_filter_leaves_out_what_does_not_fit(api: Api) -> None:
    made = api.call("POST", "/organizations", {"name": "Only one", "label": api.label()})["id"]
    assert ids(api, "/organizations?name=Only%20one") == [made]
    api.call("PUT", f"/organizations/{made}/deactivate")
    assert made in ids(api, "/organizations?active=false")
    assert made not in ids(api, "/organizations?active=true")
    assert not any(record["active"] for record in api.call("GET", "/organizations?active=false"))


def test_deleted_records_are_listed_where_they_are_asked_for(api: Api) -> None:
    made = api.call("POST", "/oidc-issuers", KINDS["oidc-issuer"].create(api))["id"]
    api.call("DELETE", f"/oidc-issuers/{made}")
    assert made not in ids(api, "/oidc-issuers")
    assert made in ids(api, "/oidc-issuers?includeDeleted=true")


def test_identities_are_all_users_and_accounts(api: Api) -> None:
    assert ids(api, "/identities") == ids(api, "/user-identities") + ids(api, "/api-account-identities")


def test_invitations_are_listed_by_their_state(api: Api) -> None:
    for action, state in (("decline", "Declined"), ("revoke", "Revoked")):
        before = api.call("GET", "/invitations")
        wanted = next(invitation["id"] for invitation in before if invitation["state"] == "Open")
        api.call("PUT", f"/invitations/{wanted}/{action}")
        assert wanted in ids(api, f"/invitations?states={state}")
        assert wanted not in ids(api, "/invitations?states=Open")
    every = api.send("GET", "/invitations?page=0&size=1000")
    assert every.headers["x-total-count"] == str(len(every.json()))
    for state in ("Open", "Declined", "Revoked"):
        fitting = [invitation["id"] for invitation in every.json() if invitation["state"] == state]
        assert ids(api, f"/invitations?states={state}") == fitting


def test_a_label_is_one_organization_s(api: Api) -> None:
    body = {"name": "Test", "label": api.label()}
    api.call("POST", "/organizations", body)
    before = api.deployment.state()
    assert api.send("POST", "/organizations", body).status_code == 409
    assert api.deployment.state() == before
