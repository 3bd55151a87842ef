"""NetFoundry's identity service: organizations, who can log in to them and how, and what they may do there.

Begin with `catalogue`, which says what kinds of record there are; `crud` and `listing` do with all of them what they
have in common. What only one kind does is in `organizations`, `default_roles`, `identities`, `api_accounts` and
`invitations`; `login` makes tokens and `access` says who may do what. `views` turns records into answers, `dialect`
refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from mockserver.engine.service import Call, Handler, Service
from mockserver.services.netfoundry import (
    access,
    api_accounts,
    crud,
    default_roles,
    dialect,
    identities,
    invitations,
    listing,
    login,
    organizations,
    support,
)
from mockserver.services.netfoundry.catalogue import (
    API_ACCOUNT,
    INVITATION,
    ORGANIZATION,
    RESOURCES,
    USER,
)
from mockserver.services.netfoundry.resource import Resource
from mockserver.state.store import Collection, Record
from mockserver.worlds.mail import MAIL

VERBS: Mapping[str, Callable[[Resource, Call], object]] = {
    "list": listing.list_records,
    "get": crud.get,
    "create": crud.create,
    "update": crud.update,
    "switch": crud.switch,
    "delete": crud.delete,
}

COMMON: Mapping[str, Handler] = {
    resource.operation(verb): partial(VERBS[verb], resource)
    for resource in RESOURCES.values()
    for verb in resource.verbs.split()
}

OWN: Mapping[str, Handler] = {
    "getOrganizationByLabel": organizations.get_organization_by_label,
    "createOrganization": organizations.create_organization,
    "addOrganizationIdentityProvider": organizations.add_organization_identity_provider,
    "deleteIdentityProvider": organizations.delete_identity_provider,
    "createDefaultRole": default_roles.create_default_role,
    "grantDefaultRole": default_roles.grant_default_role,
    "listIdentities": listing.list_identities,
    "getOwnIdentity": identities.get_own_identity,
    "getIdentity": identities.get_identity,
    "getUserIdentityByMapping": identities.get_user_identity_by_mapping,
    "resetUserIdentityMfa": identities.reset_user_identity_mfa,
    "mapUserIdentity": identities.map_user_identity,
    "getApiAccountIdentityByClientId": api_accounts.get_api_account_identity_by_client_id,
    "createApiAccountIdentity": api_accounts.create_api_account_identity,
    "createInvitation": invitations.create_invitation,
    "respondToInvitation": invitations.respond_to_invitation,
    "revokeInvitation": invitations.revoke_invitation,
    "createSupportRequest": support.create_support_request,
    "getInvitationByKey": invitations.get_invitation_by_key,
    "declineInvitationByKey": invitations.decline_invitation_by_key,
    "initiateInvitationAcceptance": invitations.initiate_invitation_acceptance,
    "initiateAuthorization": login.initiate_authorization,
    "issueAccessToken": login.issue_access_token,
    "getJsonWebKeySet": login.get_json_web_key_set,
    "listNetworkGroups": support.list_network_groups,
}


def _collection(resource: Resource) -> Collection:
    """A kind of record in the store: by what it is listed, and by what else some kinds are found."""
    unique = {
        ORGANIZATION.name: {"label": lambda record: record["label"]},
        INVITATION.name: {"key": lambda record: record["key"]},
    }
    many: dict[str, dict[str, Callable[[Record], Iterable[Any]]]] = {
        USER.name: {"mappings": identities.mapping_keys, "providers": identities.provider_ids},
        API_ACCOUNT.name: {"clients": api_accounts.client_ids},
    }
    return Collection(
        resource.collection, unique.get(resource.name, {}), {"listed": resource.terms, **many.get(resource.name, {})}
    )


SERVICE = Service(
    name="netfoundry",
    handlers={**COMMON, **OWN},
    collections=(*map(_collection, RESOURCES.values()), *access.COLLECTIONS, MAIL),
    credential=dialect.credential,
    problem=dialect.problem,
    issued=access.issued,
    may=access.may,
    example_credential="Authorization: Bearer mock-admin",
)
