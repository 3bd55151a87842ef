"""What a request that creates a record of each kind sends, and one that updates it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.services.netfoundry.client import Client

SITE = "https://issuer.test.example"


@dataclass(frozen=True)
class Kind:
    """`create` makes what the record refers to, and gives the body that creates it; `update` is (method, body)."""

    path: str
    create: Callable[[Client], dict[str, Any]]
    update: tuple[str, dict[str, Any]] | None = None
    deletes: bool = True
    switches: bool = False


def issuer(client: Client) -> str:
    """A new issuer's id."""
    return str(client.call("POST", "/oidc-issuers", {"issuer": SITE, "jwksUri": f"{SITE}/jwks"})["id"])


def public_client(client: Client) -> str:
    """A new public client's id."""
    return str(client.call("POST", "/oidc-public-clients", client_body(client))["id"])


def audience(client: Client) -> str:
    """A new audience's id."""
    return str(client.call("POST", "/oidc-audiences", {"oidcIssuerId": issuer(client), "audience": "a"})["id"])


def client_body(client: Client) -> dict[str, Any]:
    """A public client of a new issuer."""
    ends = {"authorizationEndpoint": f"{SITE}/authorize", "tokenEndpoint": f"{SITE}/token"}
    return {"oidcIssuerId": issuer(client), "clientId": "console", **ends}


def organization(client: Client) -> str:
    """A new organization's id."""
    return str(client.organization()["id"])


def user(client: Client) -> str:
    """A new user's id, in a new organization."""
    return str(client.user(organization(client))["id"])


KINDS: Mapping[str, Kind] = {
    "organization": Kind("/organizations", lambda _: {"name": "Test", "label": "TEST"}, deletes=False, switches=True),
    "oidc-issuer": Kind(
        "/oidc-issuers",
        lambda _: {"issuer": SITE, "jwksUri": f"{SITE}/jwks", "active": True},
        ("PATCH", {"active": False}),
    ),
    "oidc-public-client": Kind("/oidc-public-clients", client_body, ("PATCH", {"clientId": "other"})),
    "organization-oidc-public-client-mapping": Kind(
        "/organization-oidc-public-client-mappings",
        lambda client: {
            "organizationId": organization(client),
            "oidcPublicClientId": public_client(client),
            "name": "Console",
        },
        ("PATCH", {"name": "Other"}),
    ),
    "oidc-audience": Kind(
        "/oidc-audiences",
        lambda client: {"oidcIssuerId": issuer(client), "audience": "a"},
        ("PATCH", {"audience": "b", "active": False}),
    ),
    "user-identity-oidc-audience-mapping": Kind(
        "/user-identity-oidc-audience-mappings",
        lambda client: {"userIdentityId": user(client), "oidcAudienceId": audience(client), "subject": "ann"},
        ("PATCH", {"active": False}),
    ),
    "identity-provider": Kind(
        "/identity-providers",
        lambda client: {
            "organizationId": organization(client),
            "auth0ConnectionId": "con-1",
            "name": "Single sign-on",
            "auth0ConnectionType": "Enterprise",
        },
        ("PUT", {"name": "Other"}),
        switches=True,
    ),
    "default-role": Kind(
        "/default-roles",
        lambda client: {
            "organizationId": organization(client),
            "roleType": "Standard",
            "roleId": "2ae58e80-9d7c-4c4b-84db-1f9013c42476",
        },
    ),
    "user-identity": Kind(
        "/user-identities",
        lambda client: {
            "organizationId": organization(client),
            "firstName": "Ann",
            "lastName": "Test",
            "email": "ann@test.example",
        },
        ("PUT", {"firstName": "Anna", "lastName": "Tester", "email": "anna@test.example"}),
        deletes=False,
        switches=True,
    ),
    "api-account-identity": Kind(
        "/api-account-identities",
        lambda client: {
            "organizationId": organization(client),
            "name": "robot",
            "contactEmail": "robot@test.example",
            "provider": "Auth0",
        },
        ("PUT", {"name": "android", "contactEmail": "android@test.example", "description": "new"}),
        deletes=False,
        switches=True,
    ),
    "identity-preference": Kind(
        "/identity-preferences",
        lambda client: {"userIdentityId": user(client), "preferences": {"a": {"b": [1]}}},
        ("PUT", {"preferences": {"c": None}}),
    ),
    "organization-preference": Kind(
        "/organization-preferences",
        lambda client: {"organizationId": organization(client), "preferences": {}},
        ("PUT", {"preferences": {"c": 1}}),
    ),
}
