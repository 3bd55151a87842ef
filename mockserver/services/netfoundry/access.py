"""Authorization: which identity calls, and what that identity may do.

For every operation the document names the required actions and the resources that they are required on
(`x-authorization`). The administrator may do everything, and the reader may do what the document calls `read`. Any
other caller is an identity with roles. A role allows some actions, either everywhere or in one organization. An
identity that may read in some organization may also read what belongs to no organization.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockserver.core.problems import Forbidden, NotFound, Unauthenticated
from mockserver.core.tokens import digest
from mockserver.engine.service import Call, Principal
from mockserver.state.store import Collection, Record, Transaction

USERS = "netfoundry.user-identity"
API_ACCOUNTS = "netfoundry.api-account-identity"
OPERATORS = "netfoundry.operator"
PRINCIPALS = "netfoundry.principal"
ROLES = "netfoundry.role"
GRANTS = "netfoundry.role-grant"
TOKENS = "netfoundry.token"
ORGANIZATIONS = "netfoundry.organization"

COLLECTIONS = (
    Collection(OPERATORS),
    Collection(PRINCIPALS),
    Collection(ROLES),
    Collection(GRANTS, many={"identity": lambda record: (record["identityId"],)}),
    Collection(TOKENS, many={"identity": lambda record: (record["identityId"],)}),
)

MAX_TOKENS = 100
"""Access tokens that an identity has at most; another one replaces the oldest."""

Requirement = Mapping[str, str]


def issued(credential: str, records: Transaction, now: int) -> Principal | None:
    """Returns the identity that a token was issued to; None if this world did not issue it.

    Raises Unauthenticated, in a lenient world too, for a token that has expired or whose identity or organization is
    no longer active.
    """
    token = records.get(TOKENS, digest(credential))
    if token is None:
        return None
    identity = find_identity(records, token["identityId"])
    if now >= token["expiresAt"] or identity is None or not is_active(records, identity):
        raise Unauthenticated("the token is no longer valid", given=True)
    return Principal("identity", identity["id"])


def remember(records: Transaction, token: str, identity_id: str, expires_at: int) -> None:
    """Stores an access token by its digest and deletes the oldest tokens of the identity beyond `MAX_TOKENS`."""
    key = digest(token)
    records.put(TOKENS, key, {"id": key, "identityId": identity_id, "expiresAt": expires_at})
    tokens = records.matching(TOKENS, "identity", identity_id)
    for old in tokens[:-MAX_TOKENS]:
        records.delete(TOKENS, old["id"])


def is_active(records: Transaction, identity: Record) -> bool:
    """Tells whether an identity and its organization are active."""
    organization = records.get(ORGANIZATIONS, identity["organizationId"])
    return identity["active"] and organization is not None and organization["active"]


def find_identity(records: Transaction, key: str) -> Record | None:
    """Returns the user, API account or operator of the service with this id; None if there is none or it is deleted."""
    for collection in (USERS, API_ACCOUNTS, OPERATORS):
        record = records.get(collection, key)
        if record is not None:
            return record if record["deletedAt"] is None else None
    return None


def caller(call: Call) -> str:
    """Returns the id of the calling identity. The scenario names the identities of the administrator and the reader."""
    if call.principal.id:
        return call.principal.id
    principal = call.records.get(PRINCIPALS, call.principal.role)
    if principal is None:
        raise NotFound("identity", call.principal.role)
    return str(principal["identityId"])


def may(call: Call) -> bool:
    """Tells whether the caller has the permissions that the operation requires, in at least one organization."""
    if call.principal.role == "admin":
        return True
    return all(_scopes(call, requirement["action"]) for requirement in requirements(call))


def check(call: Call, organization: str | None, named_by: str | None = None) -> None:
    """Raises Forbidden for a caller without the permissions that the operation requires in this organization.

    With `named_by`, checks the requirements on the record that this property of the request refers to; without it,
    those on the operation's own record.
    """
    for requirement in requirements(call):
        if requirement.get("property") == named_by and not permits(call, requirement["action"], organization):
            raise Forbidden(f"{requirement['action']} on {requirement['resource']} is required")


def permits(call: Call, action: str, organization: str | None) -> bool:
    """Tells whether the caller may perform the action in the organization; None means outside all organizations."""
    if call.principal.role == "admin":
        return True
    scopes = _scopes(call, action)
    return None in scopes or organization in scopes or (organization is None and action == "read" and bool(scopes))


def readable(call: Call) -> set[str] | None:
    """Returns the ids of the organizations in which the caller may read; None for all organizations."""
    scopes = _scopes(call, "read")
    return None if None in scopes else {scope for scope in scopes if scope is not None}


def requirements(call: Call) -> Sequence[Requirement]:
    """Returns what the document requires of the caller; empty if any authenticated caller is allowed."""
    required: Sequence[Requirement] = call.operation.definition.get("x-authorization", ())
    return required


def _scopes(call: Call, action: str) -> list[str | None]:
    """Returns the ids of the organizations in which the caller may perform the action; None in it means everywhere."""
    if call.principal.role in ("admin", "reader"):
        return [None] if call.principal.role == "admin" or action == "read" else []
    scopes: list[str | None] = []
    for grant in call.records.matching(GRANTS, "identity", call.principal.id):
        role = call.records.get(ROLES, grant["roleId"])
        if role is not None and (action in role["actions"] or "*" in role["actions"]):
            scopes.append(None if role["scope"] == "everywhere" else grant["organizationId"])
    return scopes
