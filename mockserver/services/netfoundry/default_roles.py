"""Default roles: the roles that an organization grants to new identities."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import Refused
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud
from mockserver.services.netfoundry.catalogue import DEFAULT_ROLE, ORGANIZATION
from mockserver.state.store import Record


def create_default_role(call: Call) -> Json:
    """Creates a default role, which has the name of its role.

    A role that this world does not know gets a name made of its type and id.
    """
    body = call.body
    role = call.records.get(access.ROLES, body["roleId"])
    name = role["name"] if role else f"{body['roleType']} Role - {body['roleId']}"
    return crud.add(DEFAULT_ROLE, call, body, name=name)


def grant_default_role(call: Call) -> Json:
    """Grants a default role to the included identities that are not excluded. Returns `{identity id: true}`.

    400 for an included identity that does not exist.
    """
    default_role = crud.requested(DEFAULT_ROLE, call)
    access.check(call, default_role["organizationId"], named_by="organizationId")
    body = call.body or {}
    excluded = set(body.get("excludeIdentityIds", ()))
    granted = [key for key in dict.fromkeys(body.get("includeIdentityIds", ())) if key not in excluded]
    for key in granted:
        if access.find_identity(call.records, key) is None:
            raise Refused(f"includeIdentityIds: there is no identity {key}")
        grant(call, default_role, key)
    return dict.fromkeys(granted, True)


def grant_all(call: Call, organization_id: str, identity_id: str) -> None:
    """Grants an identity all default roles of an organization."""
    organization = call.records.get(ORGANIZATION.collection, organization_id)
    for key in organization["defaultRoleIds"] if organization else ():
        default_role = call.records.get(DEFAULT_ROLE.collection, key)
        if default_role is not None:
            grant(call, default_role, identity_id)


def grant(call: Call, default_role: Record, identity_id: str) -> None:
    """Grants an identity a default role, unless the identity has it already."""
    grant_fields = {
        "identityId": identity_id,
        "roleId": default_role["roleId"],
        "organizationId": default_role["organizationId"],
    }
    grants = call.records.matching(access.GRANTS, "identity", identity_id)
    if all(grant_fields.items() - other.items() for other in grants):
        key = call.ids.uuid()
        call.records.put(access.GRANTS, key, {"id": key, **grant_fields})
