"""The `documented` scenario, from the vendor's examples.

Every id, key and label in an example leads to a record. A record that a GET returns is as the example shows it. A
record that another request changes or deletes is as it was before that request. A record that a request creates is
there, too. A record of which the examples give only the id, such as the author or the parent of another record, is a
placeholder. Thus the scenario combines states that followed each other on the vendor's system: for instance, an
organization does not show the default role that another example is about to delete.
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
    new_record,
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
"""A time shortly before the earliest one in the examples."""

PASSWORD = "jifnrnjhnstqyvkcgbxlltgt"  # noqa: S105  (from the vendor's page, for accounts that exist only in the mock)
"""The only password in the examples; every account of the scenario has it."""

HOLDERS = {
    "d71c5f97-e84b-4915-827e-7efdb5b3b613": ADMINISTRATOR,
    "bf926a3a-0443-4bd4-8dc7-be871df4bf51": READER,
    "cc020fd0-ebfd-491e-8500-e6835bb1a03d": ORGANIZATION_ADMINISTRATOR,
}
"""The role of each API account that has one."""

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
"""For each kind of record, the members that hold ids of such records in the examples."""


def documented() -> Collections:
    """Returns the records of the scenario, from the exchanges in `contract_tests/documented`."""
    exchanges = resources.examples("netfoundry")
    collections: Collections = {resource.collection: {} for resource in RESOURCES.values()}
    for exchange in sorted(exchanges, key=_order):
        for body in _entities(exchange["response"]["body"]):
            _store(collections, _resource_of(exchange, body), _before(exchange, body))
    for exchange in exchanges:
        _store_invitation(collections, exchange)
    for exchange in exchanges:
        for resource, key in _references(exchange):
            if key not in collections[resource.collection]:
                collections[resource.collection][key] = _placeholder(resource, key)
    _list_in_placeholders(collections)
    accounts = collections[API_ACCOUNT.collection]
    grants = {"netfoundry.role-grant": [grant(accounts[key], granted) for key, granted in HOLDERS.items()]}
    roles = {"netfoundry.role": ROLES["netfoundry.role"] + PAGE_ROLES}
    return collections | collected(roles | grants | principals(SELF, JOHN_DOE))


def _order(exchange: Mapping[str, Any]) -> int:
    """Returns the sort key of an exchange: lists first, because the mock's lists must begin with the same records.

    Organizations come after the lists of their parts, which they show in a shorter form.
    """
    if not exchange["operation"].startswith("list"):
        return 2
    return 1 if exchange["operation"] == "listOrganizations" else 0


def _entities(body: Json) -> list[Record]:
    """Returns the complete records in the body of a response."""
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
    """Returns the record as it was before the exchange, as far as the exchange tells."""
    method, request_body = exchange["request"]["method"], exchange["request"]["body"] or {}
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
        undone |= {name: _earlier(request_body[name]) for name in request_body}
        if exchange["operation"].startswith("set") and body.get("updatedAt"):
            undone["active"] = not body["active"]
    return body | undone


def _earlier(value: Json) -> Json:
    """Returns a value that differs from the one an example sends."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, dict):
        return {"hello": "world"}
    plain = isinstance(value, str) and "://" not in value and "@" not in value
    return f"Earlier {value}" if plain else value


def _store(collections: Collections, resource: Resource, entity: Record) -> None:
    """Stores a record of a response in the form in which the service stores it, unless an earlier example did so."""
    record = dict(entity)
    if resource is ORGANIZATION:
        for name, part in (("identityProvider", IDENTITY_PROVIDER), ("defaultRole", DEFAULT_ROLE)):
            embedded = record.pop(f"{name}s")
            record[f"{name}Ids"] = [child["id"] for child in embedded]
            for child in embedded:
                _store(collections, part, child)
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
    collections[resource.collection].setdefault(record["id"], record)


def _store_invitation(collections: Collections, exchange: Mapping[str, Any]) -> None:
    """Stores the invitation whose key is in the path of an example, and the person who is invited."""
    _, _, key = exchange["request"]["path"].partition("/invitations/key/")
    if not key:
        return
    key, body = key.partition("/")[0], exchange["response"]["body"]
    email = body.get("targetIdentity", {}).get("email", "new.employee@acme.com")
    person = {"organizationId": ACME, "firstName": "First", "lastName": "Last", "email": email}
    target = new_record(USER, identifier(email), MORNING, JOHN_DOE, person)
    collections[USER.collection][target["id"]] = target
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
    invitation = new_record(INVITATION, _invitation_id(body) or identifier(key), MORNING, JOHN_DOE, values)
    collections[INVITATION.collection][invitation["id"]] = invitation


def _invitation_id(body: Record) -> str | None:
    """Returns the id of the invitation in the claims of a response's token, None where there is no token."""
    if "nfToken" not in body:
        return None
    claims = body["nfToken"].split(".")[1]
    return str(orjson.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["invitationId"])


def _references(exchange: Mapping[str, Any]) -> Iterator[tuple[Resource, str]]:
    """Yields the records that an example refers to in its path, its request and its response."""
    path = exchange["request"]["path"].split("/")
    for resource in RESOURCES.values():
        if len(path) > 4 and path[3] == _segment(resource) and len(path[4]) == len(ACME):
            yield resource, path[4]
    yield from _references_in(exchange["request"]["body"])
    yield from _references_in(exchange["response"]["body"])


def _references_in(value: Json) -> Iterator[tuple[Resource, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _references_in(item)
    elif isinstance(value, dict):
        for resource, names in NAMES_OF.items():
            for ids in (value[name] for name in names if value.get(name)):
                for key in ids if isinstance(ids, list) else [ids]:
                    yield RESOURCES[resource], key
        for item in value.values():
            yield from _references_in(item)


def _placeholder(resource: Resource, key: str) -> Record:
    """Returns a record for an id of which the examples show nothing else."""
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
    return new_record(resource, key, MORNING, JOHN_DOE, values[resource.name])


def _list_in_placeholders(collections: Collections) -> None:
    """Adds records to the lists in placeholder parents. Parents in the examples keep the lists shown there."""
    for resource in RESOURCES.values():
        if resource.listed_in:
            reference, listed = resource.listed_in
            parents = collections[RESOURCES[resource.references[reference]].collection]
            for record in collections[resource.collection].values():
                parent = parents[record[reference]]
                if parent["createdAt"] is MORNING:
                    parents[parent["id"]] = parent | {listed: [record["id"], *parent[listed]]}
