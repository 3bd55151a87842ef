"""The response bodies for records: without internal fields, with computed fields and related records."""

from __future__ import annotations

from typing import Any

from mockserver.core.clock import NANOSECONDS
from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.state.store import Record, Transaction

LOGIN_PATH = "/oauth2/token"

INVITATION_LIFETIME = 7 * 24 * 3600 * NANOSECONDS
"""How long an invitation is open, in nanoseconds."""


def instant(now: int) -> dict[str, int]:
    """Returns an instant, in nanoseconds since 1970, as the API writes it."""
    seconds, nanoseconds = divmod(now, NANOSECONDS)
    return {"epochSecond": seconds, "nano": nanoseconds}


def nanoseconds(moment: Record) -> int:
    """Returns an instant of the API in nanoseconds since 1970; the inverse of `instant`."""
    return int(moment["epochSecond"]) * NANOSECONDS + int(moment["nano"])


def whole_record(call: Call, record: Record) -> Json:
    """Returns the whole record: the response body has the same fields."""
    return record


def organization(call: Call, record: Record) -> Json:
    """Returns an organization with its identity providers and default roles."""
    body = {name: value for name, value in record.items() if name not in ("identityProviderIds", "defaultRoleIds")}
    body["identityProviders"] = _existing(call.records, "netfoundry.identity-provider", record["identityProviderIds"])
    body["defaultRoles"] = _existing(call.records, "netfoundry.default-role", record["defaultRoleIds"])
    return body


def user(call: Call, record: Record) -> Json:
    """Returns a user with the mappings to OIDC audiences."""
    return {
        "id": record["id"],
        "organizationId": record["organizationId"],
        "firstName": record["firstName"],
        "lastName": record["lastName"],
        "email": record["email"],
        "identityMappings": record["identityMappings"],
        "identityAudienceMappings": _existing(
            call.records, "netfoundry.user-identity-oidc-audience-mapping", record["identityAudienceMappingIds"]
        ),
        "active": record["active"],
        "createdAt": record["createdAt"],
        "deletedAt": record["deletedAt"],
        "name": full_name(record),
        "tenantId": record["organizationId"],
        "type": "UserIdentity",
    }


def full_name(record: Record) -> str:
    """Returns the first and last name of a user, or the name of an API account."""
    return str(record["name"]) if "name" in record else f"{record['firstName']} {record['lastName']}"


def email(record: Record) -> str:
    """Returns the e-mail address of a user, or of the contact of an API account."""
    return str(record["email"] if "email" in record else record["contactEmail"])


def api_account(call: Call, record: Record) -> Json:
    """Returns an API account without its password.

    The account logs in at this server, unless its record has an `authenticationUrl` of its own.
    """
    return {
        "id": record["id"],
        "organizationId": record["organizationId"],
        "auth0ClientId": record["auth0ClientId"],
        "awsCognitoClientId": record["awsCognitoClientId"],
        "authenticationUrl": record["authenticationUrl"] or call.base + LOGIN_PATH,
        "name": record["name"],
        "contactEmail": record["contactEmail"],
        "description": record["description"],
        "active": record["active"],
        "createdAt": record["createdAt"],
        "updatedAt": record["updatedAt"],
        "deletedAt": record["deletedAt"],
        "email": record["contactEmail"],
        "tenantId": record["organizationId"],
        "type": "ApiAccountIdentity",
    }


def identity(call: Call, record: Record) -> Json:
    """Returns a user or an API account."""
    return api_account(call, record) if "contactEmail" in record else user(call, record)


def expiration(call: Call, record: Record) -> int:
    """Returns the instant at which an invitation expires, in nanoseconds since 1970.

    A `standing` invitation of a scenario counts as sent when the world began, so that it is open in every new world.
    """
    return call.world_born + INVITATION_LIFETIME if record["standing"] else nanoseconds(record["expiration"])


def current_state(call: Call, record: Record) -> str:
    """Returns the current state of an invitation. Nothing stores the state Expired: it follows from the clock."""
    is_expired = record["state"] == "Open" and call.now >= expiration(call, record)
    return "Expired" if is_expired else str(record["state"])


def invitation(call: Call, record: Record) -> Json:
    """Returns an invitation without its key."""
    return {
        "id": record["id"],
        "fromIdentityId": record["fromIdentityId"],
        "toOrganizationId": record["toOrganizationId"],
        "invitedEmailAddress": record["invitedEmailAddress"],
        "expiration": record["expiration"] or instant(expiration(call, record)),
        "targetUserIdentityId": record["targetUserIdentityId"],
        "accepted": record["accepted"],
        "revokedAt": record["revokedAt"],
        "responseReceivedAt": record["responseReceivedAt"],
        "state": current_state(call, record),
        "toTenantId": record["toOrganizationId"],
    }


def sortable(record: Record, field: str) -> Any:
    """Returns the value of a field that a list is sorted by; `name` and `email` may be computed."""
    if field == "name" and "firstName" in record:
        return full_name(record)
    return email(record) if field == "email" else record[field]


def _existing(records: Transaction, collection: str, ids: list[str]) -> list[Any]:
    return [record for record in (records.get(collection, key) for key in ids) if record is not None]
