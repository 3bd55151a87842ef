"""NetFoundry's scenarios: every reference leads to a record."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from mockserver.generate.netfoundry import acme, documented, empty
from mockserver.registry import resources
from mockserver.services.netfoundry.catalogue import RESOURCES
from mockserver.services.netfoundry.resource import Resource
from tests.services.netfoundry.client import Client

EXCHANGES = resources.examples("netfoundry")
SCENARIOS = {"documented": documented, "empty": empty, "acme": acme}
ROUTES = {
    "oidc-issuer": "/oidc-issuers",
    "organization": "/organizations",
    "user-identity": "/identities",
    "identity-provider": "/identity-providers",
    "oidc-public-client": "/oidc-public-clients",
    "oidc-audience": "/oidc-audiences",
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_reference_in_a_scenario_leads_to_a_record(name: str) -> None:
    collections = SCENARIOS[name]()
    for resource in RESOURCES.values():
        for record in collections.get(resource.collection, {}).values():
            for target, key in references(resource, record):
                assert key in collections[target.collection], (resource.name, record["id"], key)


def references(resource: Resource, record: Any) -> Iterator[tuple[Resource, str]]:
    """Yields the references of a record, as (resource, id)."""
    for field, target in resource.references.items():
        held = record[field]
        for key in held if isinstance(held, list) else [held]:
            yield RESOURCES[target], key


def mentioned(value: Any) -> Iterator[tuple[str, str]]:
    """Yields every reference in a body of an example, as (name, id)."""
    if isinstance(value, dict):
        for name, held in value.items():
            if name.endswith(("Id", "By")) and isinstance(held, str) and len(held) == 36:
                yield name, held
            yield from mentioned(held)
    elif isinstance(value, list):
        for held in value:
            yield from mentioned(held)


KINDS = {
    "organizationId": "organization",
    "toOrganizationId": "organization",
    "tenantId": "organization",
    "toTenantId": "organization",
    "userIdentityId": "user-identity",
    "targetUserIdentityId": "user-identity",
    "fromIdentityId": "user-identity",
    "createdBy": "user-identity",
    "deletedBy": "user-identity",
    "identityProviderId": "identity-provider",
    "oidcIssuerId": "oidc-issuer",
    "oidcPublicClientId": "oidc-public-client",
    "oidcAudienceId": "oidc-audience",
}
NO_RECORDS = {"roleId", "auth0ClientId", "clientId"}


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda it: it["name"])
def test_every_record_that_an_example_refers_to_exists(exchange: Any) -> None:
    client = Client("documented")
    for name, key in [*mentioned(exchange["request"]["body"]), *mentioned(exchange["response"]["body"])]:
        if name not in NO_RECORDS:
            assert client.send("GET", f"{ROUTES[KINDS[name]]}/{key}").status == 200, (name, key)


def test_the_token_of_the_accept_example_is_for_the_invitation_with_its_key() -> None:
    exchange = next(it for it in EXCHANGES if it["name"] == "initiate-invitation-acceptance")
    asked = exchange["request"]
    answer = Client("documented").call("POST", asked["path"].removeprefix("/identity/v1"), asked["body"])
    claims = [orjson.loads(decoded(token)) for token in (answer["nfToken"], exchange["response"]["body"]["nfToken"])]
    assert claims[0].keys() == claims[1].keys()
    own = {"iat", "exp", "iss"}
    assert {name: claims[0][name] for name in claims[0].keys() - own} == {
        name: claims[1][name] for name in claims[1].keys() - own
    }


def decoded(token: str) -> bytes:
    """Returns the claims of a token without verifying its signature."""
    claims = token.split(".")[1]
    return urlsafe_b64decode(claims + "=" * (-len(claims) % 4))


def test_acme_has_three_organizations_200_users_and_invitations_in_every_state() -> None:
    client = Client("acme")
    assert len(client.call("GET", "/organizations")) == 3
    assert len(client.call("GET", "/user-identities?includeDeleted=true")) == 200
    states = Counter(it["state"] for it in client.call("GET", "/invitations"))
    assert states == {"Open": 3, "Accepted": 3, "Declined": 3, "Revoked": 3, "Expired": 3}


@pytest.mark.parametrize("path", sorted({*ROUTES.values(), "/invitations", "/default-roles", "/identity-preferences"}))
def test_the_empty_scenario_lists_nothing(path: str) -> None:
    assert Client().call("GET", path) == []
