"""The operations that only organizations and their identity providers have."""

from __future__ import annotations

from typing import Any

from mockserver.core.messages import Json
from mockserver.core.problems import Conflict, NotFound
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud, views
from mockserver.services.netfoundry.catalogue import IDENTITY_PROVIDER, ORGANIZATION, USER
from mockserver.state.store import Record


def get_organization_by_label(call: Call) -> Json:
    """Returns the organization with this label."""
    organization = by_label(call, call.path["label"])
    access.check(call, organization["id"])
    return views.organization(call, organization)


def create_organization(call: Call) -> Json:
    """Creates an organization; 409 if its label is taken.

    A connection in the body creates a first identity provider too, with the name of the organization.
    """
    body = call.body
    access.check(call, None)
    if call.records.find(ORGANIZATION.collection, "label", body["label"]) is not None:
        raise Conflict("label: it is taken")
    organization = crud.add(ORGANIZATION, call, body)
    if "auth0ConnectionId" in body:
        connection = {"auth0ConnectionId": body["auth0ConnectionId"], "name": organization["name"]}
        _add_provider(call, organization, {"auth0ConnectionType": "Database", **body, **connection})
    return _current_body(call, organization)


def add_organization_identity_provider(call: Call) -> Json:
    """Creates an identity provider, as `createIdentityProvider` does, and returns its organization."""
    organization = crud.requested(ORGANIZATION, call)
    _add_provider(call, organization, {**call.body, "name": call.body["identityProviderName"]})
    return _current_body(call, organization)


def delete_identity_provider(call: Call) -> Json:
    """Deletes an identity provider and the mappings of users through it."""
    provider = crud.remove(IDENTITY_PROVIDER, call, crud.requested(IDENTITY_PROVIDER, call))
    for user in call.records.matching(USER.collection, "providers", provider["id"]):
        kept = [mapping for mapping in user["identityMappings"] if mapping["identityProviderId"] != provider["id"]]
        crud.replace(USER, call, user, {"identityMappings": kept})
    return provider


def by_label(call: Call, label: str) -> Record:
    """Returns the organization with this label. Raises NotFound."""
    organization = call.records.find(ORGANIZATION.collection, "label", label)
    if organization is None or organization["deleted"]:
        raise NotFound("organization", label)
    return organization


def connections(call: Call, organization: Record) -> list[Any]:
    """Returns the ids of the connections of an organization's active identity providers, through which users log in."""
    providers = [call.records.get(IDENTITY_PROVIDER.collection, key) for key in organization["identityProviderIds"]]
    return [provider["auth0ConnectionId"] for provider in providers if provider and provider["active"]]


def _add_provider(call: Call, organization: Record, body: Record) -> None:
    crud.add(IDENTITY_PROVIDER, call, {**body, "organizationId": organization["id"]})


def _current_body(call: Call, organization: Record) -> Json:
    """Returns the response body for the organization with the identity provider that this request added."""
    return views.organization(call, call.records.get(ORGANIZATION.collection, organization["id"]) or organization)
