"""Authorization: every operation that requires permissions, with every kind of caller."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockserver.documents.spec import Operation
from tests.services.netfoundry.client import NOBODY, Client, server

OPERATIONS = {operation.id: operation for operation in server("empty").engine.operations["netfoundry"]}
GUARDED = [operation for operation in OPERATIONS.values() if "x-authorization" in operation.definition]
UNGUARDED = [operation for operation in OPERATIONS.values() if operation not in GUARDED and not operation.open]
EXAMPLE_OF = {"label": "ACME-0", "key": "x" * 36, "action": "activate"}


def path_of(operation: Operation) -> str:
    """Returns a path of the operation, below the mount."""
    own = {"action": (operation.patterns.get("action") or "").split("|")[0]}
    filled = re.sub(r"{(\w+)}", lambda it: own.get(it[1]) or EXAMPLE_OF.get(it[1], NOBODY), operation.path)
    return filled.removeprefix("/identity/v1")


def actions(operation: Operation) -> set[str]:
    """Returns the actions that the document requires."""
    return {requirement["action"] for requirement in operation.definition["x-authorization"]}


def body_of(operation: Operation) -> Any:
    """Returns an invalid body for an operation that reads one; None for any other."""
    return {} if operation.body else None


def named(operation: Operation) -> str:
    """Returns the id of a parametrized test of the operation."""
    return operation.id


def acme(name: str) -> tuple[Client, str]:
    """Returns a token of one of the API accounts in the scenario acme."""
    client = Client("acme")
    return client, client.token(f"acme-{name}", "acme-mock-password")


def test_the_document_requires_permissions_of_all_but_the_public_operations() -> None:
    assert len(GUARDED) == 73
    assert {operation.id for operation in UNGUARDED} == {"getOwnIdentity", "listNetworkGroups"}


@pytest.mark.parametrize("operation", [*GUARDED, OPERATIONS["getOwnIdentity"]], ids=named)
@pytest.mark.parametrize("token", [None, "made-up", "mock-expired", "mock-revoked"])
def test_a_request_without_credentials_is_401_before_anything_else_is_checked(
    operation: Operation, token: str | None
) -> None:
    response = Client().send(operation.method, path_of(operation), b"{", token=token)
    assert response.status == 401
    assert response.header("WWW-Authenticate") == "Bearer"


@pytest.mark.parametrize("operation", GUARDED, ids=named)
def test_an_account_without_roles_has_no_permissions(operation: Operation) -> None:
    client, token = acme("nothing")
    assert client.send(operation.method, path_of(operation), body_of(operation), token=token).status == 403


@pytest.mark.parametrize("operation", GUARDED, ids=named)
@pytest.mark.parametrize("reader", ["mock-reader", "account"])
def test_a_reader_may_only_read(operation: Operation, reader: str) -> None:
    client, token = acme("reader")
    token = token if reader == "account" else reader
    response = client.send(operation.method, path_of(operation), body_of(operation), token=token)
    assert (response.status == 403) == (actions(operation) != {"read"})


@pytest.mark.parametrize("operation", GUARDED, ids=named)
def test_an_administrator_may_call_every_operation(operation: Operation) -> None:
    client, token = acme("administrator")
    response = client.send(operation.method, path_of(operation), body_of(operation), token=token)
    assert response.status not in (401, 403, 500)


def test_an_organizations_administrator_reads_only_that_organization_and_what_belongs_to_none() -> None:
    client, token = acme("organization-administrator")
    own = client.call("GET", "/organizations/label/ACME")["id"]
    assert [it["id"] for it in client.call("GET", "/organizations", token=token)] == [own]
    for path in ("/user-identities", "/api-account-identities", "/identities", "/identity-providers", "/default-roles"):
        assert {it["organizationId"] for it in client.call("GET", path, token=token)} == {own}
    assert {it["toOrganizationId"] for it in client.call("GET", "/invitations", token=token)} == {own}
    assert client.call("GET", "/identity-preferences", token=token)
    assert client.call("GET", "/oidc-issuers", token=token) == client.call("GET", "/oidc-issuers")


def test_an_organizations_administrator_has_no_permissions_in_another_organization() -> None:
    client, token = acme("organization-administrator")
    other = client.call("GET", "/organizations/label/GLOBEX")
    person = {"firstName": "A", "lastName": "B", "email": "a@b.example"}
    for method, path, body in (
        ("GET", f"/organizations/{other['id']}", None),
        ("GET", "/organizations/label/GLOBEX", None),
        ("PUT", f"/organizations/{other['id']}/deactivate", None),
        ("POST", "/user-identities", {"organizationId": other["id"], **person}),
        ("POST", "/organizations", {"name": "New", "label": "NEW"}),
        ("POST", "/oidc-issuers", {"issuer": "https://a.example", "jwksUri": "https://a.example/jwks"}),
        ("PUT", f"/identity-providers/{other['identityProviders'][0]['id']}", {"name": "New"}),
        ("POST", f"/default-roles/{other['defaultRoles'][0]['id']}/grant", {}),
    ):
        before = client.state()
        assert client.send(method, path, body, token=token).status == 403, path
        assert client.state() == before


def test_an_organizations_administrator_may_call_every_operation_in_that_organization() -> None:
    client, token = acme("organization-administrator")
    own = client.call("GET", "/organizations/label/ACME")
    person = {"organizationId": own["id"], "firstName": "A", "lastName": "B", "email": "a@b.example"}
    user = client.call("POST", "/user-identities", person, token=token)
    client.call("PUT", f"/user-identities/{user['id']}/deactivate", token=token)
    client.call("POST", "/identity-preferences", {"userIdentityId": user["id"], "preferences": {}}, token=token)
    assert client.call("POST", f"/default-roles/{own['defaultRoles'][0]['id']}/grant", {}, token=token) == {}


def test_a_reference_requires_permissions_on_the_referenced_record() -> None:
    client, token = acme("organization-administrator")
    own = client.call("GET", "/organizations/label/ACME")["id"]
    stranger = client.user(client.call("GET", "/organizations/label/GLOBEX")["id"])
    request_body = {
        "toOrganizationId": own,
        "invitedEmailAddress": "a@b.example",
        "invitationUrl": "https://a.example",
        "targetUserIdentityId": stranger["id"],
    }
    assert client.send("POST", "/invitations", request_body, token=token).status == 403


def test_granting_a_default_role_grants_the_permissions_of_the_role() -> None:
    client = Client("acme")
    organization = client.call("GET", "/organizations/label/ACME")
    account = client.account(organization["id"])
    token = client.token(account["clientId"], account["password"])
    assert client.send("GET", "/user-identities", token=token).status == 403
    key = account["apiAccountIdentity"]["id"]
    role = organization["defaultRoles"][0]["id"]
    assert client.call("POST", f"/default-roles/{role}/grant", {"includeIdentityIds": [key]}) == {key: True}
    assert client.send("GET", "/user-identities", token=token).status == 200
