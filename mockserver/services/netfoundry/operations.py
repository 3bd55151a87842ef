"""Every operation of the identity service, in the document's order: operationId → handler.

An operation that works alike for many resources is the function of `crud` or `listing`, with the resource that it is
for; any other is a function of the module that is named after its subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mockserver.engine.service import Handler
from mockserver.services.netfoundry import (
    api_accounts,
    crud,
    default_roles,
    identities,
    invitations,
    listing,
    login,
    organizations,
    support,
)
from mockserver.services.netfoundry.catalogue import (
    API_ACCOUNT,
    DEFAULT_ROLE,
    IDENTITY_PREFERENCE,
    IDENTITY_PROVIDER,
    INVITATION,
    OIDC_AUDIENCE,
    OIDC_ISSUER,
    OIDC_PUBLIC_CLIENT,
    ORGANIZATION,
    ORGANIZATION_MAPPING,
    ORGANIZATION_PREFERENCE,
    USER,
    USER_MAPPING,
)

HANDLERS: Mapping[str, Handler] = {
    # Organizations
    "listOrganizations": partial(listing.list_records, ORGANIZATION),
    "createOrganization": organizations.create_organization,
    "getOrganization": partial(crud.get, ORGANIZATION),
    "getOrganizationByLabel": organizations.get_organization_by_label,
    "setOrganizationActive": partial(crud.set_active, ORGANIZATION),
    "addOrganizationIdentityProvider": organizations.add_organization_identity_provider,
    # OIDC issuers
    "listOidcIssuers": partial(listing.list_records, OIDC_ISSUER),
    "createOidcIssuer": partial(crud.create, OIDC_ISSUER),
    "getOidcIssuer": partial(crud.get, OIDC_ISSUER),
    "updateOidcIssuer": partial(crud.update, OIDC_ISSUER),
    "deleteOidcIssuer": partial(crud.delete, OIDC_ISSUER),
    # OIDC public clients
    "listOidcPublicClients": partial(listing.list_records, OIDC_PUBLIC_CLIENT),
    "createOidcPublicClient": partial(crud.create, OIDC_PUBLIC_CLIENT),
    "getOidcPublicClient": partial(crud.get, OIDC_PUBLIC_CLIENT),
    "updateOidcPublicClient": partial(crud.update, OIDC_PUBLIC_CLIENT),
    "deleteOidcPublicClient": partial(crud.delete, OIDC_PUBLIC_CLIENT),
    # Organization to OIDC public client mappings
    "listOrganizationOidcPublicClientMappings": partial(listing.list_records, ORGANIZATION_MAPPING),
    "createOrganizationOidcPublicClientMapping": partial(crud.create, ORGANIZATION_MAPPING),
    "getOrganizationOidcPublicClientMapping": partial(crud.get, ORGANIZATION_MAPPING),
    "updateOrganizationOidcPublicClientMapping": partial(crud.update, ORGANIZATION_MAPPING),
    "deleteOrganizationOidcPublicClientMapping": partial(crud.delete, ORGANIZATION_MAPPING),
    # OIDC audiences
    "listOidcAudiences": partial(listing.list_records, OIDC_AUDIENCE),
    "createOidcAudience": partial(crud.create, OIDC_AUDIENCE),
    "getOidcAudience": partial(crud.get, OIDC_AUDIENCE),
    "updateOidcAudience": partial(crud.update, OIDC_AUDIENCE),
    "deleteOidcAudience": partial(crud.delete, OIDC_AUDIENCE),
    # User identity to OIDC audience mappings
    "listUserIdentityOidcAudienceMappings": partial(listing.list_records, USER_MAPPING),
    "createUserIdentityOidcAudienceMapping": partial(crud.create, USER_MAPPING),
    "getUserIdentityOidcAudienceMapping": partial(crud.get, USER_MAPPING),
    "updateUserIdentityOidcAudienceMapping": partial(crud.update, USER_MAPPING),
    "deleteUserIdentityOidcAudienceMapping": partial(crud.delete, USER_MAPPING),
    # Identity providers
    "listIdentityProviders": partial(listing.list_records, IDENTITY_PROVIDER),
    "createIdentityProvider": partial(crud.create, IDENTITY_PROVIDER),
    "getIdentityProvider": partial(crud.get, IDENTITY_PROVIDER),
    "updateIdentityProvider": partial(crud.update, IDENTITY_PROVIDER),
    "deleteIdentityProvider": organizations.delete_identity_provider,
    "setIdentityProviderActive": partial(crud.set_active, IDENTITY_PROVIDER),
    # Default roles
    "listDefaultRoles": partial(listing.list_records, DEFAULT_ROLE),
    "createDefaultRole": default_roles.create_default_role,
    "getDefaultRole": partial(crud.get, DEFAULT_ROLE),
    "deleteDefaultRole": partial(crud.delete, DEFAULT_ROLE),
    "grantDefaultRole": default_roles.grant_default_role,
    # Identities
    "listIdentities": listing.list_identities,
    "getOwnIdentity": identities.get_own_identity,
    "getIdentity": identities.get_identity,
    # User identities
    "listUserIdentities": partial(listing.list_records, USER),
    "createUserIdentity": partial(crud.create, USER),
    "getUserIdentity": partial(crud.get, USER),
    "updateUserIdentity": partial(crud.update, USER),
    "getUserIdentityByMapping": identities.get_user_identity_by_mapping,
    "setUserIdentityActive": partial(crud.set_active, USER),
    "resetUserIdentityMfa": identities.reset_user_identity_mfa,
    "mapUserIdentity": identities.map_user_identity,
    # API account identities
    "listApiAccountIdentities": partial(listing.list_records, API_ACCOUNT),
    "createApiAccountIdentity": api_accounts.create_api_account_identity,
    "getApiAccountIdentity": partial(crud.get, API_ACCOUNT),
    "updateApiAccountIdentity": partial(crud.update, API_ACCOUNT),
    "getApiAccountIdentityByClientId": api_accounts.get_api_account_identity_by_client_id,
    "setApiAccountIdentityActive": partial(crud.set_active, API_ACCOUNT),
    # Invitations
    "listInvitations": partial(listing.list_records, INVITATION),
    "createInvitation": invitations.create_invitation,
    "getInvitation": partial(crud.get, INVITATION),
    "respondToInvitation": invitations.respond_to_invitation,
    "revokeInvitation": invitations.revoke_invitation,
    # Support
    "createSupportRequest": support.create_support_request,
    # Invitation flow
    "getInvitationByKey": invitations.get_invitation_by_key,
    "declineInvitationByKey": invitations.decline_invitation_by_key,
    "initiateInvitationAcceptance": invitations.initiate_invitation_acceptance,
    # Login flow
    "initiateAuthorization": login.initiate_authorization,
    # Identity preferences
    "listIdentityPreferences": partial(listing.list_records, IDENTITY_PREFERENCE),
    "createIdentityPreference": partial(crud.create, IDENTITY_PREFERENCE),
    "getIdentityPreference": partial(crud.get, IDENTITY_PREFERENCE),
    "updateIdentityPreference": partial(crud.update, IDENTITY_PREFERENCE),
    "deleteIdentityPreference": partial(crud.delete, IDENTITY_PREFERENCE),
    # Organization preferences
    "listOrganizationPreferences": partial(listing.list_records, ORGANIZATION_PREFERENCE),
    "createOrganizationPreference": partial(crud.create, ORGANIZATION_PREFERENCE),
    "getOrganizationPreference": partial(crud.get, ORGANIZATION_PREFERENCE),
    "updateOrganizationPreference": partial(crud.update, ORGANIZATION_PREFERENCE),
    "deleteOrganizationPreference": partial(crud.delete, ORGANIZATION_PREFERENCE),
    # Login flow
    "getJsonWebKeySet": login.get_json_web_key_set,
    "issueAccessToken": login.issue_access_token,
    # Network groups
    "listNetworkGroups": support.list_network_groups,
}
