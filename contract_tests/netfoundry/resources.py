"""The types of NetFoundry's resources: where they are, what creates one, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

ISSUER = "https://issuer.test.example"


class Caller(Protocol):
    """A caller who may do everything."""

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Sends a request to a path below `/identity/v1` and returns the body of the successful response."""

    def label(self) -> str:
        """Returns a label that no organization has yet."""


@dataclass(frozen=True)
class NetFoundryResource:
    """A type of resource.

    `path` is that of its list. `new_body` creates what a resource refers to, and returns the body that creates one.
    `update` is the method and body of an update, if there is one. `switches` is true if a resource can be deactivated.
    """

    path: str
    new_body: Callable[[Caller], dict[str, Any]]
    update: tuple[str, dict[str, Any]] | None = None
    deletes: bool = True
    switches: bool = False


def issuer(caller: Caller) -> str:
    """Creates an issuer and returns its id."""
    return str(caller.call("POST", "/oidc-issuers", {"issuer": ISSUER, "jwksUri": f"{ISSUER}/jwks"})["id"])


def public_client(caller: Caller) -> str:
    """Creates a public client and returns its id."""
    return str(caller.call("POST", "/oidc-public-clients", client_body(caller))["id"])


def audience(caller: Caller) -> str:
    """Creates an audience and returns its id."""
    return str(caller.call("POST", "/oidc-audiences", {"oidcIssuerId": issuer(caller), "audience": "a"})["id"])


def client_body(caller: Caller) -> dict[str, Any]:
    """Returns the body that creates a public client of a new issuer."""
    ends = {"authorizationEndpoint": f"{ISSUER}/authorize", "tokenEndpoint": f"{ISSUER}/token"}
    return {"oidcIssuerId": issuer(caller), "clientId": "console", **ends}


def organization(caller: Caller) -> str:
    """Creates an organization and returns its id."""
    return str(caller.call("POST", "/organizations", {"name": "Test", "label": caller.label()})["id"])


def user(caller: Caller) -> str:
    """Creates a user in a new organization and returns its id."""
    person = {"firstName": "Ann", "lastName": "Test", "email": "ann@test.example"}
    return str(caller.call("POST", "/user-identities", {"organizationId": organization(caller), **person})["id"])


RESOURCES: Mapping[str, NetFoundryResource] = {
    "organization": NetFoundryResource(
        "/organizations", lambda caller: {"name": "Test", "label": caller.label()}, deletes=False, switches=True
    ),
    "oidc-issuer": NetFoundryResource(
        "/oidc-issuers",
        lambda _: {"issuer": ISSUER, "jwksUri": f"{ISSUER}/jwks", "active": True},
        ("PATCH", {"active": False}),
    ),
    "oidc-public-client": NetFoundryResource("/oidc-public-clients", client_body, ("PATCH", {"clientId": "other"})),
    "organization-oidc-public-client-mapping": NetFoundryResource(
        "/organization-oidc-public-client-mappings",
        lambda caller: {
            "organizationId": organization(caller),
            "oidcPublicClientId": public_client(caller),
            "name": "Console",
        },
        ("PATCH", {"name": "Other"}),
    ),
    "oidc-audience": NetFoundryResource(
        "/oidc-audiences",
        lambda caller: {"oidcIssuerId": issuer(caller), "audience": "a"},
        ("PATCH", {"audience": "b", "active": False}),
    ),
    "user-identity-oidc-audience-mapping": NetFoundryResource(
        "/user-identity-oidc-audience-mappings",
        lambda caller: {"userIdentityId": user(caller), "oidcAudienceId": audience(caller), "subject": "ann"},
        ("PATCH", {"active": False}),
    ),
    "identity-provider": NetFoundryResource(
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
    "default-role": NetFoundryResource(
        "/default-roles",
        lambda caller: {
            "organizationId": organization(caller),
            "roleType": "Standard",
            "roleId": "2ae58e80-9d7c-4c4b-84db-1f9013c42476",
        },
    ),
    "user-identity": NetFoundryResource(
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
    "api-account-identity": NetFoundryResource(
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
    "identity-preference": NetFoundryResource(
        "/identity-preferences",
        lambda caller: {"userIdentityId": user(caller), "preferences": {"a": {"b": [1]}}},
        ("PUT", {"preferences": {"c": None}}),
    ),
    "organization-preference": NetFoundryResource(
        "/organization-preferences",
        lambda caller: {"organizationId": organization(caller), "preferences": {}},
        ("PUT", {"preferences": {"c": 1}}),
    ),
}
