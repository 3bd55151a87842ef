"""How records are answered: without what is for the service alone, with what is computed or kept elsewhere."""

from __future__ import annotations

from typing import Any

from mockserver.core.clock import NANOSECONDS
from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.state.store import Record, Transaction

LOGIN_PATH = "/oauth2/token"

LIFETIME = 7 * 24 * 3600 * NANOSECONDS
"""How long an invitation can be accepted, in nanoseconds."""


def instant(now: int) -> dict[str, int]:
    """An instant in nanoseconds as the API writes it."""
    seconds, nanoseconds = divmod(now, NANOSECONDS)
    return {"epochSecond": seconds, "nano": nanoseconds}


def nanoseconds(moment: Record) -> int:
    """The inverse of `instant`."""
    return int(moment["epochSecond"]) * NANOSECONDS + int(moment["nano"])


def as_it_is(call: Call, record: Record) -> Json:
    """A record that is kept as it is answered."""
    return record


def organization(call: Call, record: Record) -> Json:
    """An organization with its identity providers and default roles."""
    shown = {name: value for name, value in record.items() if name not in ("identityProviderIds", "defaultRoleIds")}
    shown["identityProviders"] = _all(call.records, "netfoundry.identity-provider", record["identityProviderIds"])
    shown["defaultRoles"] = _all(call.records, "netfoundry.default-role", record["defaultRoleIds"])
    return shown


def user(call: Call, record: Record) -> Json:
    """A user with the mappings to OIDC audiences."""
    return {
        "id": record["id"],
        "organizationId": record["organizationId"],
        "firstName": record["firstName"],
        "lastName": record["lastName"],
        "email": record["email"],
        "identityMappings": record["identityMappings"],
        "identityAudienceMappings": _all(
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
    """The name that a user goes by, or an API account's own."""
    return str(record["name"]) if "name" in record else f"{record['firstName']} {record['lastName']}"


def email(record: Record) -> str:
    """The address of a user, or of who is responsible for an API account."""
    return str(record["email"] if "email" in record else record["contactEmail"])


def api_account(call: Call, record: Record) -> Json:
    """An API account without its password. It logs in at this server unless the record names another place."""
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
    """A user or an API account."""
    return api_account(call, record) if "contactEmail" in record else user(call, record)


def expiration(call: Call, record: Record) -> int:
    """The instant at which an invitation expires. A standing one of a scenario was sent when the world began."""
    return call.world_born + LIFETIME if record["standing"] else nanoseconds(record["expiration"])


def state_of(call: Call, record: Record) -> str:
    """The state of an invitation: an open one is expired as soon as its time is over."""
    over = record["state"] == "Open" and call.now >= expiration(call, record)
    return "Expired" if over else str(record["state"])


def invitation(call: Call, record: Record) -> Json:
    """An invitation without its key."""
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
        "state": state_of(call, record),
        "toTenantId": record["toOrganizationId"],
    }


def sortable(record: Record, field: str) -> Any:
    """The value of a record that a list is sorted by."""
    if field == "name" and "firstName" in record:
        return full_name(record)
    return email(record) if field == "email" else record[field]


def _all(records: Transaction, collection: str, ids: list[str]) -> list[Any]:
    return [record for record in (records.get(collection, key) for key in ids) if record is not None]
