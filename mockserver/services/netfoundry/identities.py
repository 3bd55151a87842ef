"""Identities: whoever can call, be it a person or a program; and what only users do."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import Conflict, NotFound, Refused
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud, views
from mockserver.services.netfoundry.catalogue import IDENTITY_PROVIDER, USER
from mockserver.state.store import Record


def get_own_identity(call: Call) -> Json:
    """The identity of the caller."""
    return _identity(call, access.caller(call))


def get_identity(call: Call) -> Json:
    """A user or an API account by its id."""
    return _identity(call, call.path["id"].lower(), checked=True)


def get_user_identity_by_mapping(call: Call) -> Json:
    """The user whom an identity provider knows under an id."""
    mapping = (call.path["auth0UserId"], call.path["identityProviderId"].lower())
    user = _mapped(call, mapping)
    if user is None:
        raise NotFound(USER.noun, mapping[0])
    access.check(call, user["organizationId"])
    return views.user(call, user)


def reset_user_identity_mfa(call: Call) -> None:
    """The second factor that the user enrolled is forgotten."""
    user = crud.named(USER, call)
    if user["mfaProvider"] is not None:
        crud.replace(USER, call, user, {"mfaProvider": None})


def map_user_identity(call: Call) -> None:
    """An id at a provider stands for one user; the same mapping again changes nothing."""
    user = crud.named(USER, call)
    mapping = {"auth0UserId": call.body["auth0UserId"], "identityProviderId": call.body["identityProviderId"]}
    if crud.present(IDENTITY_PROVIDER, call.records, mapping["identityProviderId"]) is None:
        raise Refused(f"identityProviderId: there is no identity provider {mapping['identityProviderId']}")
    holder = _mapped(call, _key(mapping))
    if holder is None:
        mappings = [*user["identityMappings"], {"id": call.ids.uuid(), **mapping, "userIdentityId": user["id"]}]
        crud.replace(USER, call, user, {"identityMappings": mappings})
    elif holder["id"] != user["id"]:
        raise Conflict("auth0UserId: it stands for another user of this identity provider")


def mapping_keys(user: Record) -> list[tuple[str, str]]:
    """The mappings that a user is found by; a deleted one by none."""
    return [_key(mapping) for mapping in user["identityMappings"]] if user["deletedAt"] is None else []


def provider_ids(user: Record) -> list[str]:
    """The identity providers that know a user."""
    return [mapping["identityProviderId"] for mapping in user["identityMappings"]]


def _key(mapping: Record) -> tuple[str, str]:
    return mapping["auth0UserId"], mapping["identityProviderId"]


def _mapped(call: Call, mapping: tuple[str, str]) -> Record | None:
    found = call.records.matching(USER.collection, "mappings", mapping, limit=1)
    return found[0] if found else None


def _identity(call: Call, key: str, checked: bool = False) -> Json:
    record = access.find_identity(call.records, key)
    if record is None:
        raise NotFound("identity", key)
    if checked:
        access.check(call, record["organizationId"])
    return views.identity(call, record)
