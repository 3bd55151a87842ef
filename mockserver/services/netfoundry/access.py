"""Who calls and what they may do.

The document names, for every operation, the actions it requires and on which resources (`x-authorization`). The
administrator may everything, the reader what is called `read`. Any other caller is an identity that holds roles: each
allows some actions, either everywhere or in one organization. What belongs to no organization may be read by whoever
may read in one.
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

KEPT_TOKENS = 100
"""Access tokens that an identity has at most; with another one the oldest ends."""

Requirement = Mapping[str, str]


def issued(credential: str, records: Transaction, now: int) -> Principal | None:
    """The identity that a token was issued to; None for a text that is no token of this world.

    A token that is over, or whose identity or organization is no longer active, is refused by a lenient server too.
    """
    token = records.get(TOKENS, digest(credential))
    if token is None:
        return None
    identity = find_identity(records, token["identityId"])
    if now >= token["expiresAt"] or identity is None or not in_force(records, identity):
        raise Unauthenticated("the token is no longer valid", given=True)
    return Principal("identity", identity["id"])


def remember(records: Transaction, token: str, identity_id: str, expires_at: int) -> None:
    """Keeps a token that is issued, and of the identity's older ones the newest, so that they do not pile up."""
    key = digest(token)
    records.put(TOKENS, key, {"id": key, "identityId": identity_id, "expiresAt": expires_at})
    held = records.matching(TOKENS, "identity", identity_id)
    for old in held[:-KEPT_TOKENS]:
        records.delete(TOKENS, old["id"])


def in_force(records: Transaction, identity: Record) -> bool:
    """Whether an identity and its organization are active."""
    organization = records.get(ORGANIZATIONS, identity["organizationId"])
    return identity["active"] and organization is not None and organization["active"]


def find_identity(records: Transaction, key: str) -> Record | None:
    """A user, an API account or an operator of the service that is not deleted."""
    for collection in (USERS, API_ACCOUNTS, OPERATORS):
        record = records.get(collection, key)
        if record is not None:
            return record if record["deletedAt"] is None else None
    return None


def caller(call: Call) -> str:
    """The id of the calling identity. The administrator and the reader are identities that the scenario names."""
    if call.principal.id:
        return call.principal.id
    named = call.records.get(PRINCIPALS, call.principal.role)
    if named is None:
        raise NotFound("identity", call.principal.role)
    return str(named["identityId"])


def may(call: Call) -> bool:
    """Whether the caller may do at least somewhere what the operation requires."""
    if call.principal.role == "admin":
        return True
    return all(_scopes(call, requirement["action"]) for requirement in requirements(call))


def check(call: Call, organization: str | None, named_by: str | None = None) -> None:
    """Refuses a caller who may not do what the operation requires, in this organization.

    `named_by` selects the requirements on the record that this property of the request refers to, rather than on the
    operation's own.
    """
    for requirement in requirements(call):
        if requirement.get("property") == named_by and not permits(call, requirement["action"], organization):
            raise Forbidden(f"{requirement['action']} on {requirement['resource']} is required")


def permits(call: Call, action: str, organization: str | None) -> bool:
    """Whether the caller may do this to what belongs to the organization, or, with None, to no organization."""
    if call.principal.role == "admin":
        return True
    scopes = _scopes(call, action)
    return None in scopes or organization in scopes or (organization is None and action == "read" and bool(scopes))


def readable(call: Call) -> set[str] | None:
    """The organizations in which the caller may read; None for all."""
    scopes = _scopes(call, "read")
    return None if None in scopes else {scope for scope in scopes if scope is not None}


def requirements(call: Call) -> Sequence[Requirement]:
    """What the document requires of the caller; nothing for an operation that only wants one."""
    required: Sequence[Requirement] = call.operation.definition.get("x-authorization", ())
    return required


def _scopes(call: Call, action: str) -> list[str | None]:
    """Where the caller may do something: organizations, and None for everywhere."""
    if call.principal.role in ("admin", "reader"):
        return [None] if call.principal.role == "admin" or action == "read" else []
    scopes: list[str | None] = []
    for grant in call.records.matching(GRANTS, "identity", call.principal.id):
        role = call.records.get(ROLES, grant["roleId"])
        if role is not None and (action in role["actions"] or "*" in role["actions"]):
            scopes.append(None if role["scope"] == "everywhere" else grant["organizationId"])
    return scopes
