"""What only organizations and their identity providers do."""

from __future__ import annotations

from typing import Any

from mockserver.core.messages import Json
from mockserver.core.problems import Conflict, NotFound
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud, views
from mockserver.services.netfoundry.catalogue import IDENTITY_PROVIDER, ORGANIZATION, USER
from mockserver.state.store import Record


def get_organization_by_label(call: Call) -> Json:
    """The organization that bears the label."""
    organization = by_label(call, call.path["label"])
    access.check(call, organization["id"])
    return views.organization(call, organization)


def create_organization(call: Call) -> Json:
    """A label is unique. A connection makes a first identity provider, which bears the organization's name."""
    body = call.body
    access.check(call, None)
    if call.records.find(ORGANIZATION.collection, "label", body["label"]) is not None:
        raise Conflict("label: it is taken")
    organization = crud.add(ORGANIZATION, call, body)
    if "auth0ConnectionId" in body:
        connection = {"auth0ConnectionId": body["auth0ConnectionId"], "name": organization["name"]}
        _add_provider(call, organization, {"auth0ConnectionType": "Database", **body, **connection})
    return _shown(call, organization)


def add_organization_identity_provider(call: Call) -> Json:
    """The older way to create an identity provider; answers the organization."""
    organization = crud.named(ORGANIZATION, call)
    _add_provider(call, organization, {**call.body, "name": call.body["identityProviderName"]})
    return _shown(call, organization)


def delete_identity_provider(call: Call) -> Json:
    """Users lose the mappings through it."""
    provider = crud.remove(IDENTITY_PROVIDER, call, crud.named(IDENTITY_PROVIDER, call))
    for user in call.records.matching(USER.collection, "providers", provider["id"]):
        kept = [mapping for mapping in user["identityMappings"] if mapping["identityProviderId"] != provider["id"]]
        crud.replace(USER, call, user, {"identityMappings": kept})
    return provider


def by_label(call: Call, label: str) -> Record:
    """The organization that bears a label; NotFound where none does."""
    organization = call.records.find(ORGANIZATION.collection, "label", label)
    if organization is None or organization["deleted"]:
        raise NotFound("organization", label)
    return organization


def connections(call: Call, organization: Record) -> list[Any]:
    """The connections through which people can log in to an organization: those of its active identity providers."""
    found = [call.records.get(IDENTITY_PROVIDER.collection, key) for key in organization["identityProviderIds"]]
    return [provider["auth0ConnectionId"] for provider in found if provider and provider["active"]]


def _add_provider(call: Call, organization: Record, body: Record) -> None:
    crud.add(IDENTITY_PROVIDER, call, {**body, "organizationId": organization["id"]})


def _shown(call: Call, organization: Record) -> Json:
    """The organization as it is after what was added to it."""
    return views.organization(call, call.records.get(ORGANIZATION.collection, organization["id"]) or organization)
