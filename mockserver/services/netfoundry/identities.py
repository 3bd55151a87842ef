"""Identities, which are users and API accounts, and the operations that only users have."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import Conflict, NotFound, Refused
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud, views
from mockserver.services.netfoundry.catalogue import IDENTITY_PROVIDER, USER
from mockserver.state.store import Record


def get_own_identity(call: Call) -> Json:
    """Returns the caller's identity."""
    return _identity_body(call, access.caller(call))


def get_identity(call: Call) -> Json:
    """Returns the user or the API account with the id in the path."""
    return _identity_body(call, call.path["id"].lower(), check_access=True)


def get_user_identity_by_mapping(call: Call) -> Json:
    """Returns the user that has this id at this identity provider."""
    mapping = (call.path["auth0UserId"], call.path["identityProviderId"].lower())
    user = _user_with_mapping(call, mapping)
    if user is None:
        raise NotFound(USER.display_name, mapping[0])
    access.check(call, user["organizationId"])
    return views.user(call, user)


def reset_user_identity_mfa(call: Call) -> None:
    """Removes the second factor of a user."""
    user = crud.requested(USER, call)
    if user["mfaProvider"] is not None:
        crud.replace(USER, call, user, {"mfaProvider": None})


def map_user_identity(call: Call) -> None:
    """Maps an id at an identity provider to a user. Nothing changes if the user has the mapping already.

    409 if the id belongs to another user.
    """
    user = crud.requested(USER, call)
    mapping = {"auth0UserId": call.body["auth0UserId"], "identityProviderId": call.body["identityProviderId"]}
    if crud.find(IDENTITY_PROVIDER, call.records, mapping["identityProviderId"]) is None:
        raise Refused(f"identityProviderId: there is no identity provider {mapping['identityProviderId']}")
    holder = _user_with_mapping(call, _key(mapping))
    if holder is None:
        mappings = [*user["identityMappings"], {"id": call.ids.uuid(), **mapping, "userIdentityId": user["id"]}]
        crud.replace(USER, call, user, {"identityMappings": mappings})
    elif holder["id"] != user["id"]:
        raise Conflict("auth0UserId: it stands for another user of this identity provider")


def mapping_keys(user: Record) -> list[tuple[str, str]]:
    """Returns the mappings under which a user is found; none for a deleted user."""
    return [_key(mapping) for mapping in user["identityMappings"]] if user["deletedAt"] is None else []


def provider_ids(user: Record) -> list[str]:
    """Returns the ids of the identity providers at which a user has an id."""
    return [mapping["identityProviderId"] for mapping in user["identityMappings"]]


def _key(mapping: Record) -> tuple[str, str]:
    return mapping["auth0UserId"], mapping["identityProviderId"]


def _user_with_mapping(call: Call, mapping: tuple[str, str]) -> Record | None:
    users = call.records.matching(USER.collection, "mappings", mapping, limit=1)
    return users[0] if users else None


def _identity_body(call: Call, key: str, *, check_access: bool = False) -> Json:
    """Returns the response body for an identity. The caller's own identity requires no check."""
    record = access.find_identity(call.records, key)
    if record is None:
        raise NotFound("identity", key)
    if check_access:
        access.check(call, record["organizationId"])
    return views.identity(call, record)
