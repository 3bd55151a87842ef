"""Users and API accounts, and the operations that only they have."""

from __future__ import annotations

import pytest

from tests.services.netfoundry.client import NOBODY, Client


def mapped(client: Client) -> tuple[str, dict[str, str]]:
    """Creates a user and maps an id at an identity provider to it; returns both."""
    organization = client.organization(auth0ConnectionId="con-1")
    user = client.user(organization["id"])["id"]
    mapping = {"auth0UserId": "auth0|1", "identityProviderId": organization["identityProviders"][0]["id"]}
    assert client.call("POST", f"/user-identities/{user}/mapping", mapping) is None
    return user, mapping


def test_a_user_is_found_by_its_mapping() -> None:
    client = Client()
    user, mapping = mapped(client)
    found = client.call("GET", f"/user-identities/mapping/auth0%7C1/{mapping['identityProviderId']}")
    assert found["id"] == user
    (found_mapping,) = found["identityMappings"]
    assert found_mapping == {"id": found_mapping["id"], "userIdentityId": user, **mapping}
    assert client.send("GET", f"/user-identities/mapping/auth0%7C2/{mapping['identityProviderId']}").status == 404
    assert client.send("GET", f"/user-identities/mapping/auth0%7C1/{NOBODY}").status == 404


def test_the_same_mapping_again_changes_nothing() -> None:
    client = Client()
    user, mapping = mapped(client)
    before = client.state()
    client.call("POST", f"/user-identities/{user}/mapping", mapping)
    assert client.state() == before


def test_an_id_at_a_provider_belongs_to_one_user() -> None:
    client = Client()
    user, mapping = mapped(client)
    other = client.user(client.call("GET", f"/user-identities/{user}")["organizationId"], "Bob")
    response = client.send("POST", f"/user-identities/{other['id']}/mapping", mapping)
    assert response.status == 409
    assert "auth0UserId" in response.json()["message"]


def test_a_mapping_through_an_unknown_provider_is_400() -> None:
    client = Client()
    user, mapping = mapped(client)
    response = client.send("POST", f"/user-identities/{user}/mapping", mapping | {"identityProviderId": NOBODY})
    assert response.status == 400
    assert "identityProviderId" in response.json()["message"]


def test_two_users_may_have_the_same_address() -> None:
    client = Client()
    organization = client.organization()["id"]
    assert client.user(organization)["id"] != client.user(organization)["id"]


@pytest.mark.parametrize("email", ["", "ann", "ann@", "@test.example", 7, None])
def test_an_email_address_must_be_well_formed(email: object) -> None:
    client = Client()
    person = {"organizationId": client.organization()["id"], "firstName": "A", "lastName": "B", "email": email}
    response = client.send("POST", "/user-identities", person)
    assert response.status == 400
    assert "email" in response.json()["message"]


def test_a_second_factor_is_reset_once() -> None:
    client = Client("acme")
    organization = client.call("GET", "/organizations/label/GLOBEX")["id"]
    user = next(it for it in client.call("GET", "/user-identities") if it["organizationId"] == organization)
    before = client.state()
    response = client.send("PUT", f"/user-identities/{user['id']}/reset-mfa")
    assert (response.status, response.body) == (200, b"")
    after = client.state()
    assert after != before
    client.call("PUT", f"/user-identities/{user['id']}/reset-mfa")
    assert client.state() == after
    assert client.send("PUT", f"/user-identities/{NOBODY}/reset-mfa").status == 404


def test_users_and_accounts_are_identities_with_the_same_ids() -> None:
    client = Client()
    organization = client.organization()["id"]
    user, account = client.user(organization), client.account(organization)["apiAccountIdentity"]
    assert client.call("GET", "/identities") == [user, account]
    assert [client.call("GET", f"/identities/{it['id']}") for it in (user, account)] == [user, account]


@pytest.mark.parametrize(("provider", "field"), [("Auth0", "auth0ClientId"), ("Cognito", "awsCognitoClientId")])
def test_an_account_is_found_by_its_client_id(provider: str, field: str) -> None:
    client = Client()
    made = client.account(client.organization()["id"], provider=provider)
    account = made["apiAccountIdentity"]
    assert [name for name in ("auth0ClientId", "awsCognitoClientId") if account[name] is not None] == [field]
    for name in (made["clientId"], account[field].replace("|", "%7C")):
        assert client.call("GET", f"/api-account-identities/mapping/{name}") == account
    assert client.send("GET", "/api-account-identities/mapping/nobody").status == 404


def test_only_the_create_response_contains_the_password() -> None:
    client = Client()
    made = client.account(client.organization()["id"])
    path = f"/api-account-identities/{made['apiAccountIdentity']['id']}"
    assert made["password"] not in str(client.call("GET", path))
    assert made["password"] not in str(client.call("GET", "/api-account-identities"))
    assert made["password"] not in str(client.call("GET", "/identities"))


def test_two_accounts_have_different_credentials() -> None:
    client = Client()
    organization = client.organization()["id"]
    first, second = client.account(organization), client.account(organization)
    assert first["clientId"] != second["clientId"]
    assert first["password"] != second["password"]
    assert client.log_in(first["clientId"], second["password"]).status == 401
