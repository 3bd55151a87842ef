"""The kinds of record of the identity service, as data.

The behaviour that they share is in `crud`; what only one of them does is in a module of its own.
"""

from __future__ import annotations

from mockserver.engine.service import Call
from mockserver.services.netfoundry import views
from mockserver.services.netfoundry.resource import CALLER, NOW, Resource
from mockserver.state.store import Record


def _chosen_mfa(record: Record, wanted: list[str], call: Call) -> bool:
    return (record["mfaProvider"] or "None") in wanted


def _deleted(record: Record, wanted: bool, call: Call) -> bool:
    return (record["deletedAt"] is not None) == wanted


def _in_state(record: Record, wanted: list[str], call: Call) -> bool:
    return views.state_of(call, record) in wanted


AUDITED = {"createdBy": CALLER, "createdAt": NOW, "deletedAt": None, "deletedBy": None, "deleted": False}
PREFERRED = {"createdBy": CALLER, "createdAt": NOW, "updatedAt": NOW, "deletedBy": None, "deletedAt": None}

ORGANIZATION = Resource(
    name="organization",
    noun="organization",
    fields={"name": None, "label": None},
    fresh={
        "identityProviderIds": [],
        "defaultRoleIds": [],
        "active": True,
        "mfaProvider": None,
        "createdAt": NOW,
        "updatedAt": None,
        "deletedAt": None,
        "deleted": False,
    },
    owner="id",
    filters={"name": "name", "active": "active"},
    tests={"mfaProviders": _chosen_mfa},
    view=views.organization,
)

OIDC_ISSUER = Resource(
    name="oidc-issuer",
    noun="OIDC issuer",
    fields={"issuer": None, "jwksUri": None, "active": True},
    changeable=("issuer", "jwksUri", "active"),
    fresh=AUDITED,
)

OIDC_PUBLIC_CLIENT = Resource(
    name="oidc-public-client",
    noun="OIDC public client",
    fields={
        "oidcIssuerId": None,
        "clientId": None,
        "clientSecret": None,
        "authorizationEndpoint": None,
        "tokenEndpoint": None,
        "userInfoEndpoint": None,
        "restrictedToOrganizationIds": [],
        "active": True,
    },
    changeable=(
        "clientId",
        "clientSecret",
        "authorizationEndpoint",
        "tokenEndpoint",
        "userInfoEndpoint",
        "restrictedToOrganizationIds",
        "active",
    ),
    fresh=AUDITED,
    references={"oidcIssuerId": "oidc-issuer", "restrictedToOrganizationIds": "organization"},
    dies_with="oidcIssuerId",
)

ORGANIZATION_MAPPING = Resource(
    name="organization-oidc-public-client-mapping",
    noun="organization mapping",
    fields={"organizationId": None, "oidcPublicClientId": None, "name": None, "active": True},
    changeable=("name", "active"),
    fresh=AUDITED,
    references={"organizationId": "organization", "oidcPublicClientId": "oidc-public-client"},
    owner="organizationId",
    dies_with="oidcPublicClientId",
)

OIDC_AUDIENCE = Resource(
    name="oidc-audience",
    noun="OIDC audience",
    fields={"oidcIssuerId": None, "audience": None, "restrictedToOrganizationIds": [], "active": True},
    changeable=("audience", "restrictedToOrganizationIds", "active"),
    fresh=AUDITED,
    references={"oidcIssuerId": "oidc-issuer", "restrictedToOrganizationIds": "organization"},
    dies_with="oidcIssuerId",
)

USER_MAPPING = Resource(
    name="user-identity-oidc-audience-mapping",
    noun="user mapping",
    fields={"userIdentityId": None, "oidcAudienceId": None, "subject": None, "active": True},
    changeable=("active",),
    fresh=AUDITED,
    references={"userIdentityId": "user-identity", "oidcAudienceId": "oidc-audience"},
    owner="userIdentityId",
    shown_in=("userIdentityId", "identityAudienceMappingIds"),
    dies_with="oidcAudienceId",
)

IDENTITY_PROVIDER = Resource(
    name="identity-provider",
    noun="identity provider",
    fields={"organizationId": None, "auth0ConnectionId": None, "name": None, "auth0ConnectionType": None},
    changeable=("name",),
    fresh={"active": True, "createdAt": NOW, "updatedAt": None, "deletedAt": None},
    references={"organizationId": "organization"},
    owner="organizationId",
    shown_in=("organizationId", "identityProviderIds"),
    filters={name: name for name in ("name", "organizationId", "auth0ConnectionId", "auth0ConnectionType", "active")},
    tests={"deleted": _deleted},
)

DEFAULT_ROLE = Resource(
    name="default-role",
    noun="default role",
    fields={"organizationId": None, "roleType": None, "roleId": None},
    fresh=AUDITED,
    references={"organizationId": "organization"},
    owner="organizationId",
    shown_in=("organizationId", "defaultRoleIds"),
)

USER = Resource(
    name="user-identity",
    noun="user",
    fields={"organizationId": None, "firstName": None, "lastName": None, "email": None},
    changeable=("firstName", "lastName", "email"),
    fresh={
        "identityMappings": [],
        "identityAudienceMappingIds": [],
        "active": True,
        "mfaProvider": None,
        "createdAt": NOW,
        "deletedAt": None,
    },
    references={"organizationId": "organization"},
    owner="organizationId",
    view=views.user,
)

API_ACCOUNT = Resource(
    name="api-account-identity",
    noun="API account",
    fields={"organizationId": None, "name": None, "contactEmail": None, "description": None, "provider": "Cognito"},
    changeable=("name", "contactEmail", "description"),
    fresh={"active": True, "createdAt": NOW, "updatedAt": None, "deletedAt": None},
    references={"organizationId": "organization"},
    owner="organizationId",
    filters={
        "tenantId": "organizationId",
        "organizationId": "organizationId",
        "name": "name",
        "contactEmail": "contactEmail",
        "active": "active",
        "provider": "provider",
    },
    view=views.api_account,
)

INVITATION = Resource(
    name="invitation",
    noun="invitation",
    fields={"toOrganizationId": None, "invitedEmailAddress": None, "targetUserIdentityId": None},
    fresh={"fromIdentityId": CALLER, "accepted": None, "revokedAt": None, "responseReceivedAt": None},
    references={"toOrganizationId": "organization", "targetUserIdentityId": "user-identity"},
    owner="toOrganizationId",
    filters={
        "fromIdentityId": "fromIdentityId",
        "toTenantId": "toOrganizationId",
        "toOrganizationId": "toOrganizationId",
        "invitedEmailAddress": "invitedEmailAddress",
        "targetIdentityId": "targetUserIdentityId",
    },
    tests={"states": _in_state},
    view=views.invitation,
)

IDENTITY_PREFERENCE = Resource(
    name="identity-preference",
    noun="identity preference",
    fields={"userIdentityId": None, "preferences": {}},
    changeable=("preferences",),
    fresh=PREFERRED,
    references={"userIdentityId": "user-identity"},
    owner="userIdentityId",
)

ORGANIZATION_PREFERENCE = Resource(
    name="organization-preference",
    noun="organization preference",
    fields={"organizationId": None, "preferences": {}},
    changeable=("preferences",),
    fresh=PREFERRED,
    references={"organizationId": "organization"},
    owner="organizationId",
)

RESOURCES = {
    resource.name: resource
    for resource in (
        ORGANIZATION,
        OIDC_ISSUER,
        OIDC_PUBLIC_CLIENT,
        ORGANIZATION_MAPPING,
        OIDC_AUDIENCE,
        USER_MAPPING,
        IDENTITY_PROVIDER,
        DEFAULT_ROLE,
        USER,
        API_ACCOUNT,
        INVITATION,
        IDENTITY_PREFERENCE,
        ORGANIZATION_PREFERENCE,
    )
}
