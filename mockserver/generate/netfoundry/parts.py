"""Building blocks of the scenarios: ids, roles, grants, callers and records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from mockserver.services.netfoundry.catalogue import USER
from mockserver.services.netfoundry.resource import CALLER_ID, CURRENT_INSTANT, Resource
from mockserver.state.store import Record

Collections: TypeAlias = dict[str, dict[str, Record]]
"""Collection → id → record."""

Lists: TypeAlias = dict[str, list[Record]]


def identifier(*parts: object) -> str:
    """Returns a UUID that depends only on the parts."""
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, parts))))


def role(name: str, actions: list[str], scope: str, key: str = "") -> Record:
    """Returns a role. `actions` are allowed, or all for "*"; `scope` is "everywhere", or "organization" for the one in
    which the role is granted.
    """
    return {"id": key or identifier("role", name), "name": name, "actions": actions, "scope": scope}


ADMINISTRATOR = role("Administrator", ["*"], "everywhere")
READER = role("Reader", ["read"], "everywhere")
ORGANIZATION_ADMINISTRATOR = role("Organization Administrator", ["*"], "organization")
ROLES: Lists = {"netfoundry.role": [ADMINISTRATOR, READER, ORGANIZATION_ADMINISTRATOR]}


def grant(identity: Record, granted: Record) -> Record:
    """Returns the grant of a role to an identity in its organization."""
    key = identifier("grant", identity["id"], granted["id"])
    return {
        "id": key,
        "identityId": identity["id"],
        "roleId": granted["id"],
        "organizationId": identity["organizationId"],
    }


def principals(admin: str, reader: str) -> Lists:
    """Returns the identities that the administrator and the reader credentials stand for."""
    return {
        "netfoundry.principal": [{"id": "admin", "identityId": admin}, {"id": "reader", "identityId": reader}],
    }


def operator(first_name: str, last_name: str) -> Record:
    """Returns an identity of the service's own staff. Neither it nor its organization is in any list."""
    email = f"{first_name}.{last_name}@operator.example".lower()
    person = {"organizationId": identifier("operators"), "firstName": first_name, "lastName": last_name, "email": email}
    return new_record(USER, identifier(email), {"epochSecond": 1704067200, "nano": 0}, identifier(email), person)


def new_record(resource: Resource, key: str, at: Record, by: str, values: Mapping[str, Any]) -> Record:
    """Returns a record as `crud` creates it: with these values, created at an instant by an identity."""
    stamps = {
        name: at if value is CURRENT_INSTANT else by if value is CALLER_ID else value
        for name, value in resource.server_fields.items()
    }
    return {"id": key, **resource.request_fields, **stamps, **values}


def collected(lists: Mapping[str, list[Record]]) -> Collections:
    """Returns lists of records as collections, by id."""
    return {name: {record["id"]: record for record in records} for name, records in lists.items()}
