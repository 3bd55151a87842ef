"""Lists: filters, order and pages."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.netfoundry.client import Client

ACME = Client("acme")
USERS = ACME.call("GET", "/user-identities")
PROVIDERS = ACME.call("GET", "/identity-providers")


def value(record: Any, field: str) -> tuple[int, Any]:
    """Returns the sort key of a record: null comes first, instants are ordered by time."""
    value = record[field]
    if isinstance(value, dict):
        value = value["epochSecond"] * 10**9 + value["nano"]
    return (value is not None, value if value is not None else 0)


@given(
    st.sampled_from(["id", "firstName", "name", "email", "active", "createdAt"]),
    st.sampled_from(["", ",asc", ",desc"]),
    st.integers(0, 30),
    st.integers(1, 300),
)
def test_a_page_of_a_sorted_list_is_a_slice_of_it(field: str, direction: str, page: int, size: int) -> None:
    query = urlencode({"sort": field + direction, "page": page, "size": size})
    found = ACME.call("GET", f"/user-identities?{query}")
    expected = sorted(USERS, key=lambda user: value(user, field), reverse=direction == ",desc")
    assert found == expected[page * size : (page + 1) * size]


@given(st.dictionaries(st.sampled_from(["name", "organizationId", "auth0ConnectionType", "active"]), st.integers(0, 5)))
def test_a_record_must_match_all_filters(chosen: dict[str, int]) -> None:
    wanted = {name: PROVIDERS[index][name] for name, index in chosen.items()}
    query = urlencode({name: str(it).lower() if isinstance(it, bool) else it for name, it in wanted.items()})
    found = ACME.call("GET", f"/identity-providers?{query}")
    assert found == [it for it in PROVIDERS if all(it[name] == value for name, value in wanted.items())]


def test_without_page_and_size_a_list_is_complete_and_has_no_paging_headers() -> None:
    response = ACME.send("GET", "/user-identities")
    assert len(response.json()) == 197
    assert response.header("Link") is None
    assert response.header("X-Total-Count") is None


@pytest.mark.parametrize("path", ["/user-identities?", "/user-identities?sort=name&", "/identities?"])
def test_the_links_lead_through_the_whole_list_and_back(path: str) -> None:
    whole = ACME.call("GET", path.rstrip("?&"))
    response = ACME.send("GET", f"{path}size=40")
    seen = []
    while True:
        assert response.header("X-Total-Count") == str(len(whole))
        seen += response.json()
        links = {name: url for url, name in re.findall(r'<([^>]+)>; rel="(\w+)"', response.header("Link") or "")}
        assert {"first", "last"} <= links.keys()
        if "next" not in links:
            break
        target = links["next"].partition("/identity/v1")[2]
        response = ACME.send("GET", target)
    assert seen == whole
    assert links["last"].endswith("page=5&size=40" if path[1:] == "identities?" else "page=4&size=40")


def test_a_page_beyond_the_end_is_empty() -> None:
    assert ACME.call("GET", "/user-identities?page=2147483647&size=10000") == []


def test_a_page_without_a_size_holds_twenty() -> None:
    assert ACME.call("GET", "/user-identities?page=1") == USERS[20:40]


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=x", "size=0", "size=10001", "sort=nothing", "sort=name,up", "includeDeleted=maybe", "sort="],
)
def test_an_invalid_query_is_400_with_the_name_of_the_parameter(query: str) -> None:
    response = ACME.send("GET", f"/user-identities?{query}")
    assert response.status == 400
    assert query.partition("=")[0] in response.json()["message"]


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("mfaProviders=GoogleAuthenticator", ["GLOBEX"]),
        ("mfaProviders=None", ["ACME", "INITECH"]),
        ("mfaProviders=None,GoogleAuthenticator", ["ACME", "GLOBEX", "INITECH"]),
        ("mfaProviders=None&mfaProviders=GoogleAuthenticator", ["ACME", "GLOBEX", "INITECH"]),
        ("name=Initech", ["INITECH"]),
        ("name=initech", []),
        ("active=false", []),
        ("sort=label,desc", ["INITECH", "GLOBEX", "ACME"]),
    ],
)
def test_organizations_have_the_documented_filters(query: str, labels: list[str]) -> None:
    assert [it["label"] for it in ACME.call("GET", f"/organizations?{query}")] == labels


def test_the_older_names_of_an_organizations_id_still_filter() -> None:
    key = ACME.call("GET", "/organizations/label/GLOBEX")["id"]
    for path, older, name in (
        ("/api-account-identities", "tenantId", "organizationId"),
        ("/invitations", "toTenantId", "toOrganizationId"),
    ):
        found = ACME.call("GET", f"{path}?{older}={key}")
        assert found == ACME.call("GET", f"{path}?{name}={key}")
        assert {it[name] for it in found} == {key}


def test_accounts_can_be_filtered_by_provider() -> None:
    client = Client()
    organization = client.organization()["id"]
    auth0 = client.account(organization, provider="Auth0")["apiAccountIdentity"]
    cognito = client.account(organization)["apiAccountIdentity"]
    assert client.call("GET", "/api-account-identities?provider=Auth0") == [auth0]
    assert client.call("GET", "/api-account-identities?provider=Cognito") == [cognito]


def test_deleted_providers_are_listed_with_the_filter_deleted() -> None:
    client = Client()
    client.organization(auth0ConnectionId="con-1")
    (provider,) = client.call("GET", "/identity-providers")
    client.call("DELETE", f"/identity-providers/{provider['id']}")
    assert client.call("GET", "/identity-providers?deleted=false") == []
    assert [it["id"] for it in client.call("GET", "/identity-providers?deleted=true")] == [provider["id"]]


@given(st.integers(0, 20), st.integers(1, 300))
def test_a_page_of_identities_holds_users_then_accounts(page: int, size: int) -> None:
    whole = USERS + ACME.call("GET", "/api-account-identities")
    assert ACME.call("GET", f"/identities?page={page}&size={size}") == whole[page * size : (page + 1) * size]


def test_deleted_records_are_listed_only_on_request() -> None:
    assert len(ACME.call("GET", "/oidc-issuers")) == 1
    assert len(ACME.call("GET", "/oidc-issuers?includeDeleted=true")) == 2
    assert len(ACME.call("GET", "/identities?includeDeleted=true")) == 212


def test_a_filter_finds_a_record_by_its_current_values() -> None:
    client = Client()
    client.organization(auth0ConnectionId="con-1")
    (provider,) = client.call("GET", "/identity-providers?name=Test")
    client.call("PUT", f"/identity-providers/{provider['id']}", {"name": "Other"})
    assert client.call("GET", "/identity-providers?name=Test") == []
    assert len(client.call("GET", "/identity-providers?name=Other&active=true")) == 1
