"""The `documented` scenario, out of the vendor page's examples.

Every id, key and label that an example names leads to a record. What a GET shows is there as it is shown; what another
request changes or deletes is there as it was before, and what it creates is there besides. What is only named, as the
author of a record or its parent, is made up. So moments stand side by side that followed each other on the vendor's
system: an organization, say, does not show the default role that another example is about to delete.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from mockserver.core.messages import Json
from mockserver.generate.netfoundry.parts import (
    ADMINISTRATOR,
    ORGANIZATION_ADMINISTRATOR,
    READER,
    ROLES,
    Collections,
    collected,
    grant,
    identifier,
    made,
    principals,
    role,
)
from mockserver.registry import resources
from mockserver.services.netfoundry.catalogue import (
    API_ACCOUNT,
    DEFAULT_ROLE,
    IDENTITY_PROVIDER,
    INVITATION,
    ORGANIZATION,
    RESOURCES,
    USER,
)
from mockserver.services.netfoundry.resource import Resource
from mockserver.state.store import Record

ACME = "e5011091-eaee-48c2-936b-10d99c8da1e3"
JOHN_DOE = "ffd6db39-4ea4-45d1-9562-ebc3a874067f"
GOOGLE = "6c72dba0-a155-4804-9a70-89da12149793"
SELF = "2484cb9e-2e5d-41cb-b4e5-01da1e9bf8a6"
"""Whom `GET /identities/self` shows."""

MORNING = {"nano": 0, "epochSecond": 1723727600}
"""Shortly before the first instant on the page."""

PASSWORD = "jifnrnjhnstqyvkcgbxlltgt"  # noqa: S105  (the page's own, of an account that exists only here)
"""The one password on the page; every account of the scenario has it."""

HOLDERS = {
    "d71c5f97-e84b-4915-827e-7efdb5b3b613": ADMINISTRATOR,
    "bf926a3a-0443-4bd4-8dc7-be871df4bf51": READER,
    "cc020fd0-ebfd-491e-8500-e6835bb1a03d": ORGANIZATION_ADMINISTRATOR,
}
"""API account → its role. The others have none."""

PAGE_ROLES = [
    role("Test Custom Role", ["read"], "organization", "390f9aaf-93e6-4a95-9267-16521ee35bca"),
    role("Test Std Role", ["*"], "organization", "8ca63cdc-b627-472f-a27a-1766f8ca5289"),
]

NAMES_OF = {
    "organization": ("organizationId", "toOrganizationId", "tenantId", "toTenantId"),
    "user-identity": (
        "createdBy",
        "deletedBy",
        "fromIdentityId",
        "userIdentityId",
        "targetUserIdentityId",
        "includeIdentityIds",
        "excludeIdentityIds",
    ),
    "oidc-issuer": ("oidcIssuerId",),
    "oidc-public-client": ("oidcPublicClientId",),
    "oidc-audience": ("oidcAudienceId",),
}
"""Under which names ids of a kind of record stand, wherever they do."""


def documented() -> Collections:
    """The scenario, from the exchanges in `contract_tests/documented`."""
    exchanges = resources.examples("netfoundry")
    found: Collections = {resource.collection: {} for resource in RESOURCES.values()}
    for exchange in sorted(exchanges, key=_turn):
        for body in _entities(exchange["response"]["body"]):
            _keep(found, _resource_of(exchange, body), _before(exchange, body))
    for exchange in exchanges:
        _keep_invitation(found, exchange)
    for exchange in exchanges:
        for resource, key in _named(exchange):
            if key not in found[resource.collection]:
                found[resource.collection][key] = _made_up(resource, key)
    _show_in_parents(found)
    accounts = found[API_ACCOUNT.collection]
    grants = {"netfoundry.role-grant": [grant(accounts[key], held) for key, held in HOLDERS.items()]}
    roles = {"netfoundry.role": ROLES["netfoundry.role"] + PAGE_ROLES}
    return found | collected(roles | grants | principals(SELF, JOHN_DOE))


def _turn(exchange: Mapping[str, Any]) -> int:
    """What lists show comes first, so that they begin with it; organizations after the lists of their parts."""
    if not exchange["operation"].startswith("list"):
        return 2
    return 1 if exchange["operation"] == "listOrganizations" else 0


def _entities(body: Json) -> list[Record]:
    """The records that an answer shows whole."""
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        whole = body.get("apiAccountIdentity", body)
        return [whole] if "id" in whole else []
    return []


def _resource_of(exchange: Mapping[str, Any], body: Record) -> Resource:
    segment = exchange["request"]["path"].split("/")[3]
    if segment == "identities":
        return API_ACCOUNT if body["type"] == "ApiAccountIdentity" else USER
    return next(resource for resource in RESOURCES.values() if _segment(resource) == segment)


def _segment(resource: Resource) -> str:
    return resource.name.removesuffix("y") + "ies" if resource.name.endswith("y") else resource.name + "s"


def _before(exchange: Mapping[str, Any], body: Record) -> Record:
    """The record as it was before the exchange, as far as that can be told; an example that reads changed nothing."""
    method, sent = exchange["request"]["method"], exchange["request"]["body"] or {}
    if method == "GET":
        return body
    if exchange["operation"] == "createOrganization":
        # Labels are unique, and the example must be able to create its own.
        return body | {"label": f"{body['label']}-EARLIER"}
    if exchange["operation"] == "addOrganizationIdentityProvider":
        return body | {"identityProviders": body["identityProviders"][1:]}
    undone: Record = {
        name: None for name in ("deletedAt", "deletedBy", "revokedAt", "responseReceivedAt") if name in body
    }
    if "updatedAt" in body:
        undone["updatedAt"] = body["createdAt"] if "preferences" in body else None
    if "deleted" in body:
        undone["deleted"] = False
    if "state" in body:
        undone |= {"state": "Open", "accepted": None}
    if method != "POST":
        undone |= {name: _earlier(sent[name]) for name in sent}
        if exchange["operation"].startswith("set") and body.get("updatedAt"):
            undone["active"] = not body["active"]
    return body | undone


def _earlier(value: Json) -> Json:
    """Another value than the one that an example sends."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, dict):
        return {"hello": "world"}
    plain = isinstance(value, str) and "://" not in value and "@" not in value
    return f"Earlier {value}" if plain else value


def _keep(found: Collections, resource: Resource, shown: Record) -> None:
    """Keeps what an answer shows as the service keeps it, unless another example showed the record before."""
    record = dict(shown)
    if resource is ORGANIZATION:
        for name, part in (("identityProvider", IDENTITY_PROVIDER), ("defaultRole", DEFAULT_ROLE)):
            embedded = record.pop(f"{name}s")
            record[f"{name}Ids"] = [child["id"] for child in embedded]
            for child in embedded:
                _keep(found, part, child)
    if resource is USER:
        record["identityAudienceMappingIds"] = [mapping["id"] for mapping in record.pop("identityAudienceMappings")]
        record["mfaProvider"] = "GoogleAuthenticator"
        del record["name"]
    if resource is API_ACCOUNT:
        record |= {"provider": "Auth0" if record["auth0ClientId"] else "Cognito", "password": PASSWORD}
        del record["email"]
    if resource is INVITATION:
        record |= {"standing": True, "key": (record["id"].replace("-", "") + "0000")}
    for name in ("tenantId", "toTenantId", "type"):
        record.pop(name, None)
    found[resource.collection].setdefault(record["id"], record)


def _keep_invitation(found: Collections, exchange: Mapping[str, Any]) -> None:
    """Keeps the invitation whose key an example's path names, and the person it is for."""
    _, _, key = exchange["request"]["path"].partition("/invitations/key/")
    if not key:
        return
    key, body = key.partition("/")[0], exchange["response"]["body"]
    email = body.get("targetIdentity", {}).get("email", "new.employee@acme.com")
    person = {"organizationId": ACME, "firstName": "First", "lastName": "Last", "email": email}
    target = made(USER, identifier(email), MORNING, JOHN_DOE, person)
    found[USER.collection][target["id"]] = target
    values = {
        "fromIdentityId": JOHN_DOE,
        "toOrganizationId": ACME,
        "invitedEmailAddress": body.get("invitedEmailAddress", email),
        "expiration": body.get("expiration"),
        "targetUserIdentityId": target["id"],
        "state": "Open",
        "standing": True,
        "key": key,
    }
    invitation = made(INVITATION, _invitation_id(body) or identifier(key), MORNING, JOHN_DOE, values)
    found[INVITATION.collection][invitation["id"]] = invitation


def _invitation_id(body: Record) -> str | None:
    """The id of the invitation that the token in an answer is for."""
    if "nfToken" not in body:
        return None
    claims = body["nfToken"].split(".")[1]
    return str(orjson.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["invitationId"])


def _named(exchange: Mapping[str, Any]) -> Iterator[tuple[Resource, str]]:
    """The records that an example names: in its path, what it sends and what it is answered."""
    path = exchange["request"]["path"].split("/")
    for resource in RESOURCES.values():
        if len(path) > 4 and path[3] == _segment(resource) and len(path[4]) == len(ACME):
            yield resource, path[4]
    yield from _referred(exchange["request"]["body"])
    yield from _referred(exchange["response"]["body"])


def _referred(value: Json) -> Iterator[tuple[Resource, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _referred(item)
    elif isinstance(value, dict):
        for resource, names in NAMES_OF.items():
            for held in (value[name] for name in names if value.get(name)):
                for key in held if isinstance(held, list) else [held]:
                    yield RESOURCES[resource], key
        for item in value.values():
            yield from _referred(item)


def _made_up(resource: Resource, key: str) -> Record:
    """A record of which the page shows nothing but the id."""
    site = f"https://{key}.issuer.idp"
    values: dict[str, dict[str, Json]] = {
        "organization": {"name": "World Wide Imports", "label": f"WW-Imports-{key[:8]}"},
        "user-identity": {
            "organizationId": ACME,
            "firstName": "First",
            "lastName": "Last",
            "email": f"random-{key[:8]}@acme.com",
        },
        "default-role": {"organizationId": ACME, "name": "Default Custom Role", "roleType": "Custom"}
        | {"roleId": PAGE_ROLES[0]["id"]},
        "oidc-issuer": {"issuer": site, "jwksUri": f"{site}/jwks"},
        "oidc-audience": {"oidcIssuerId": GOOGLE, "audience": f"mop-aud-{key}"},
        "oidc-public-client": {
            "oidcIssuerId": GOOGLE,
            "clientId": f"clientId-{key}",
            "authorizationEndpoint": f"{site}/authorize",
            "tokenEndpoint": f"{site}/token",
        },
    }
    return made(resource, key, MORNING, JOHN_DOE, values[resource.name])


def _show_in_parents(found: Collections) -> None:
    """Made-up parents show what refers to them; those on the page show what they show there."""
    for resource in RESOURCES.values():
        if resource.listed_in:
            reference, listed = resource.listed_in
            parents = found[RESOURCES[resource.references[reference]].collection]
            for record in found[resource.collection].values():
                parent = parents[record[reference]]
                if parent["createdAt"] is MORNING:
                    parents[parent["id"]] = parent | {listed: [record["id"], *parent[listed]]}
