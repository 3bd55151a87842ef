"""The resources of the identity service, as data; `resource` explains each field.

The behaviour that all resources share is in `crud` and `listing`. A resource with behaviour of its own has a module.
"""

from __future__ import annotations

from mockserver.engine.service import Call
from mockserver.services.netfoundry import views
from mockserver.services.netfoundry.resource import CALLER_ID, CURRENT_INSTANT, Resource
from mockserver.state.store import Record


def _has_mfa_provider(record: Record, providers: list[str], call: Call) -> bool:
    return (record["mfaProvider"] or "None") in providers


def _is_deleted(record: Record, deleted: bool, call: Call) -> bool:
    return (record["deletedAt"] is not None) == deleted


def _is_in_state(record: Record, states: list[str], call: Call) -> bool:
    return views.current_state(call, record) in states


AUDIT_FIELDS = {
    "createdBy": CALLER_ID,
    "createdAt": CURRENT_INSTANT,
    "deletedAt": None,
    "deletedBy": None,
    "deleted": False,
}
PREFERENCE_AUDIT_FIELDS = {
    "createdBy": CALLER_ID,
    "createdAt": CURRENT_INSTANT,
    "updatedAt": CURRENT_INSTANT,
    "deletedBy": None,
    "deletedAt": None,
}

ORGANIZATION = Resource(
    name="organization",
    display_name="organization",
    request_fields={"name": None, "label": None},
    server_fields={
        "identityProviderIds": [],
        "defaultRoleIds": [],
        "active": True,
        "mfaProvider": None,
        "createdAt": CURRENT_INSTANT,
        "updatedAt": None,
        "deletedAt": None,
        "deleted": False,
    },
    owner="id",
    filters={"name": "name", "active": "active"},
    predicates={"mfaProviders": _has_mfa_provider},
    view=views.organization,
)

OIDC_ISSUER = Resource(
    name="oidc-issuer",
    display_name="OIDC issuer",
    request_fields={"issuer": None, "jwksUri": None, "active": True},
    updatable_fields=("issuer", "jwksUri", "active"),
    server_fields=AUDIT_FIELDS,
)

OIDC_PUBLIC_CLIENT = Resource(
    name="oidc-public-client",
    display_name="OIDC public client",
    request_fields={
        "oidcIssuerId": None,
        "clientId": None,
        "clientSecret": None,
        "authorizationEndpoint": None,
        "tokenEndpoint": None,
        "userInfoEndpoint": None,
        "restrictedToOrganizationIds": [],
        "active": True,
    },
    updatable_fields=(
        "clientId",
        "clientSecret",
        "authorizationEndpoint",
        "tokenEndpoint",
        "userInfoEndpoint",
        "restrictedToOrganizationIds",
        "active",
    ),
    server_fields=AUDIT_FIELDS,
    references={"oidcIssuerId": "oidc-issuer", "restrictedToOrganizationIds": "organization"},
    deleted_with="oidcIssuerId",
)

ORGANIZATION_MAPPING = Resource(
    name="organization-oidc-public-client-mapping",
    display_name="organization mapping",
    request_fields={"organizationId": None, "oidcPublicClientId": None, "name": None, "active": True},
    updatable_fields=("name", "active"),
    server_fields=AUDIT_FIELDS,
    references={"organizationId": "organization", "oidcPublicClientId": "oidc-public-client"},
    owner="organizationId",
    deleted_with="oidcPublicClientId",
)

OIDC_AUDIENCE = Resource(
    name="oidc-audience",
    display_name="OIDC audience",
    request_fields={"oidcIssuerId": None, "audience": None, "restrictedToOrganizationIds": [], "active": True},
    updatable_fields=("audience", "restrictedToOrganizationIds", "active"),
    server_fields=AUDIT_FIELDS,
    references={"oidcIssuerId": "oidc-issuer", "restrictedToOrganizationIds": "organization"},
    deleted_with="oidcIssuerId",
)

USER_MAPPING = Resource(
    name="user-identity-oidc-audience-mapping",
    display_name="user mapping",
    request_fields={"userIdentityId": None, "oidcAudienceId": None, "subject": None, "active": True},
    updatable_fields=("active",),
    server_fields=AUDIT_FIELDS,
    references={"userIdentityId": "user-identity", "oidcAudienceId": "oidc-audience"},
    owner="userIdentityId",
    listed_in=("userIdentityId", "identityAudienceMappingIds"),
    deleted_with="oidcAudienceId",
)

IDENTITY_PROVIDER = Resource(
    name="identity-provider",
    display_name="identity provider",
    request_fields={"organizationId": None, "auth0ConnectionId": None, "name": None, "auth0ConnectionType": None},
    updatable_fields=("name",),
    server_fields={"active": True, "createdAt": CURRENT_INSTANT, "updatedAt": None, "deletedAt": None},
    references={"organizationId": "organization"},
    owner="organizationId",
    listed_in=("organizationId", "identityProviderIds"),
    filters={name: name for name in ("name", "organizationId", "auth0ConnectionId", "auth0ConnectionType", "active")},
    predicates={"deleted": _is_deleted},
)

DEFAULT_ROLE = Resource(
    name="default-role",
    display_name="default role",
    request_fields={"organizationId": None, "roleType": None, "roleId": None},
    server_fields=AUDIT_FIELDS,
    references={"organizationId": "organization"},
    owner="organizationId",
    listed_in=("organizationId", "defaultRoleIds"),
)

USER = Resource(
    name="user-identity",
    display_name="user",
    request_fields={"organizationId": None, "firstName": None, "lastName": None, "email": None},
    updatable_fields=("firstName", "lastName", "email"),
    server_fields={
        "identityMappings": [],
        "identityAudienceMappingIds": [],
        "active": True,
        "mfaProvider": None,
        "createdAt": CURRENT_INSTANT,
        "deletedAt": None,
    },
    references={"organizationId": "organization"},
    owner="organizationId",
    view=views.user,
)

API_ACCOUNT = Resource(
    name="api-account-identity",
    display_name="API account",
    request_fields={
        "organizationId": None,
        "name": None,
        "contactEmail": None,
        "description": None,
        "provider": "Cognito",
    },
    updatable_fields=("name", "contactEmail", "description"),
    server_fields={"active": True, "createdAt": CURRENT_INSTANT, "updatedAt": None, "deletedAt": None},
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
    display_name="invitation",
    request_fields={"toOrganizationId": None, "invitedEmailAddress": None, "targetUserIdentityId": None},
    server_fields={"fromIdentityId": CALLER_ID, "accepted": None, "revokedAt": None, "responseReceivedAt": None},
    references={"toOrganizationId": "organization", "targetUserIdentityId": "user-identity"},
    owner="toOrganizationId",
    filters={
        "fromIdentityId": "fromIdentityId",
        "toTenantId": "toOrganizationId",
        "toOrganizationId": "toOrganizationId",
        "invitedEmailAddress": "invitedEmailAddress",
        "targetIdentityId": "targetUserIdentityId",
    },
    predicates={"states": _is_in_state},
    view=views.invitation,
)

IDENTITY_PREFERENCE = Resource(
    name="identity-preference",
    display_name="identity preference",
    request_fields={"userIdentityId": None, "preferences": {}},
    updatable_fields=("preferences",),
    server_fields=PREFERENCE_AUDIT_FIELDS,
    references={"userIdentityId": "user-identity"},
    owner="userIdentityId",
)

ORGANIZATION_PREFERENCE = Resource(
    name="organization-preference",
    display_name="organization preference",
    request_fields={"organizationId": None, "preferences": {}},
    updatable_fields=("preferences",),
    server_fields=PREFERENCE_AUDIT_FIELDS,
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
