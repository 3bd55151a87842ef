"""Organizations, their identity providers and their default roles."""

from __future__ import annotations

from mockserver.generate.netfoundry.parts import ORGANIZATION_ADMINISTRATOR
from tests.services.netfoundry.client import NOBODY, Client


def test_a_label_belongs_to_one_organization() -> None:
    client = Client()
    first = client.organization("ONE")
    before = client.state()
    assert client.send("POST", "/organizations", {"name": "Other", "label": "ONE"}).status == 409
    assert client.state() == before
    assert client.call("GET", "/organizations/label/ONE") == first
    assert client.send("GET", "/organizations/label/TWO").status == 404


def test_an_organization_without_a_connection_has_no_provider() -> None:
    assert Client().organization()["identityProviders"] == []


def test_the_first_provider_has_the_name_of_the_organization() -> None:
    (provider,) = Client().organization(auth0ConnectionId="con-1", identityProviderName="SAML")["identityProviders"]
    assert provider["name"] == "Test"
    assert provider["auth0ConnectionType"] == "Database"


def test_an_organization_lists_its_providers_newest_first_without_deleted_ones() -> None:
    client = Client()
    organization = client.organization(auth0ConnectionId="con-1")
    path = f"/organizations/{organization['id']}"
    body = {"auth0ConnectionId": "con-2", "identityProviderName": "Two", "auth0ConnectionType": "Social"}
    providers = client.call("POST", f"{path}/identity-providers", body)["identityProviders"]
    assert [provider["name"] for provider in providers] == ["Two", "Test"]
    client.call("DELETE", f"/identity-providers/{providers[0]['id']}")
    assert client.call("GET", path)["identityProviders"] == providers[1:]


def test_deactivating_an_organization_does_not_deactivate_its_records() -> None:
    client = Client()
    organization = client.organization(auth0ConnectionId="con-1")
    user = client.user(organization["id"])
    deactivated = client.call("PUT", f"/organizations/{organization['id']}/deactivate")
    assert deactivated["identityProviders"] == organization["identityProviders"]
    assert client.call("GET", f"/user-identities/{user['id']}") == user


def test_deleting_a_provider_deletes_the_mappings_through_it() -> None:
    client = Client()
    organization = client.organization(auth0ConnectionId="con-1")
    provider = organization["identityProviders"][0]["id"]
    user = client.user(organization["id"])
    mapping = {"auth0UserId": "auth0|1", "identityProviderId": provider}
    client.call("POST", f"/user-identities/{user['id']}/mapping", mapping)
    client.call("DELETE", f"/identity-providers/{provider}")
    assert client.call("GET", f"/user-identities/{user['id']}") == user
    assert client.send("GET", f"/user-identities/mapping/auth0%7C1/{provider}").status == 404


def test_a_default_role_has_the_name_of_its_role() -> None:
    client = Client()
    organization = client.organization()["id"]
    known = {"organizationId": organization, "roleType": "Standard", "roleId": ORGANIZATION_ADMINISTRATOR["id"]}
    unknown = {"organizationId": organization, "roleType": "Custom", "roleId": NOBODY}
    roles = [client.call("POST", "/default-roles", body) for body in (known, unknown)]
    assert [role["name"] for role in roles] == ["Organization Administrator", f"Custom Role - {NOBODY}"]
    assert client.call("GET", f"/organizations/{organization}")["defaultRoles"] == roles[::-1]
    client.call("DELETE", f"/default-roles/{roles[0]['id']}")
    assert client.call("GET", f"/organizations/{organization}")["defaultRoles"] == roles[1:]


def test_a_role_is_granted_to_included_identities_that_are_not_excluded() -> None:
    client = Client()
    organization = client.organization()["id"]
    body = {"organizationId": organization, "roleType": "Custom", "roleId": NOBODY}
    path = f"/default-roles/{client.call('POST', '/default-roles', body)['id']}/grant"
    ann, bob = (client.user(organization, name)["id"] for name in ("Ann", "Bob"))
    request_body = {"includeIdentityIds": [ann, bob, ann], "excludeIdentityIds": [bob, NOBODY]}
    assert client.call("POST", path, request_body) == {ann: True}
    assert client.call("POST", path, {"includeIdentityIds": [ann], "excludeIdentityIds": [ann]}) == {}
    assert client.call("POST", path) == {}


def test_a_role_is_not_granted_to_an_unknown_identity() -> None:
    client = Client()
    organization = client.organization()["id"]
    body = {"organizationId": organization, "roleType": "Custom", "roleId": NOBODY}
    path = f"/default-roles/{client.call('POST', '/default-roles', body)['id']}/grant"
    user = client.user(organization)["id"]
    before = client.state()
    response = client.send("POST", path, {"includeIdentityIds": [user, NOBODY]})
    assert response.status == 400
    assert "includeIdentityIds" in response.json()["message"]
    assert client.state() == before


def test_granting_a_role_twice_is_the_same_as_granting_it_once() -> None:
    client = Client("acme")
    organization = client.call("GET", "/organizations/label/ACME")
    key = client.account(organization["id"], grantDefaultRoles=True)["apiAccountIdentity"]["id"]
    before = client.state()
    path = f"/default-roles/{organization['defaultRoles'][0]['id']}/grant"
    assert client.call("POST", path, {"includeIdentityIds": [key]}) == {key: True}
    assert client.state() == before
