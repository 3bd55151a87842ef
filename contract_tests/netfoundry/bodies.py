"""What a request that creates a record of each kind sends, and one that updates it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

SITE = "https://issuer.test.example"


class Caller(Protocol):
    """Somebody who may everything."""

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The body of a success; `path` is below `/identity/v1`."""

    def label(self) -> str:
        """A label that no organization has yet."""


@dataclass(frozen=True)
class Kind:
    """`create` makes what the record refers to, and gives the body that creates it; `update` is (method, body)."""

    path: str
    create: Callable[[Caller], dict[str, Any]]
    update: tuple[str, dict[str, Any]] | None = None
    deletes: bool = True
    switches: bool = False


def issuer(caller: Caller) -> str:
    """A new issuer's id."""
    return str(caller.call("POST", "/oidc-issuers", {"issuer": SITE, "jwksUri": f"{SITE}/jwks"})["id"])


def public_client(caller: Caller) -> str:
    """A new public client's id."""
    return str(caller.call("POST", "/oidc-public-clients", client_body(caller))["id"])


def audience(caller: Caller) -> str:
    """A new audience's id."""
    return str(caller.call("POST", "/oidc-audiences", {"oidcIssuerId": issuer(caller), "audience": "a"})["id"])


def client_body(caller: Caller) -> dict[str, Any]:
    """A public client of a new issuer."""
    ends = {"authorizationEndpoint": f"{SITE}/authorize", "tokenEndpoint": f"{SITE}/token"}
    return {"oidcIssuerId": issuer(caller), "clientId": "console", **ends}


def organization(caller: Caller) -> str:
    """A new organization's id."""
    return str(caller.call("POST", "/organizations", {"name": "Test", "label": caller.label()})["id"])


def user(caller: Caller) -> str:
    """A new user's id, in a new organization."""
    person = {"firstName": "Ann", "lastName": "Test", "email": "ann@test.example"}
    return str(caller.call("POST", "/user-identities", {"organizationId": organization(caller), **person})["id"])


KINDS: Mapping[str, Kind] = {
    "organization": Kind(
        "/organizations", lambda caller: {"name": "Test", "label": caller.label()}, deletes=False, switches=True
    ),
    "oidc-issuer": Kind(
        "/oidc-issuers",
        lambda _: {"issuer": SITE, "jwksUri": f"{SITE}/jwks", "active": True},
        ("PATCH", {"active": False}),
    ),
    "oidc-public-client": Kind("/oidc-public-clients", client_body, ("PATCH", {"clientId": "other"})),
    "organization-oidc-public-client-mapping": Kind(
        "/organization-oidc-public-client-mappings",
        lambda caller: {
            "organizationId": organization(caller),
            "oidcPublicClientId": public_client(caller),
            "name": "Console",
        },
        ("PATCH", {"name": "Other"}),
    ),
    "oidc-audience": Kind(
        "/oidc-audiences",
        lambda caller: {"oidcIssuerId": issuer(caller), "audience": "a"},
        ("PATCH", {"audience": "b", "active": False}),
    ),
    "user-identity-oidc-audience-mapping": Kind(
        "/user-identity-oidc-audience-mappings",
        lambda caller: {"userIdentityId": user(caller), "oidcAudienceId": audience(caller), "subject": "ann"},
        ("PATCH", {"active": False}),
    ),
    "identity-provider": Kind(
        "/identity-providers",
        lambda caller: {
            "organizationId": organization(caller),
            "auth0ConnectionId": "con-1",
            "name": "Single sign-on",
            "auth0ConnectionType": "Enterprise",
        },
        ("PUT", {"name": "Other"}),
        switches=True,
    ),
    "default-role": Kind(
        "/default-roles",
        lambda caller: {
            "organizationId": organization(caller),
            "roleType": "Standard",
            "roleId": "2ae58e80-9d7c-4c4b-84db-1f9013c42476",
        },
    ),
    "user-identity": Kind(
        "/user-identities",
        lambda caller: {
            "organizationId": organization(caller),
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
        lambda caller: {
            "organizationId": organization(caller),
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
        lambda caller: {"userIdentityId": user(caller), "preferences": {"a": {"b": [1]}}},
        ("PUT", {"preferences": {"c": None}}),
    ),
    "organization-preference": Kind(
        "/organization-preferences",
        lambda caller: {"organizationId": organization(caller), "preferences": {}},
        ("PUT", {"preferences": {"c": 1}}),
    ),
}
