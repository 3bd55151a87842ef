"""The `acme` scenario: three organizations, 200 users, API accounts of every role, invitations in every state."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from faker import Faker

from mockserver.generate.netfoundry.parts import (
    ADMINISTRATOR,
    ORGANIZATION_ADMINISTRATOR,
    READER,
    ROLES,
    Collections,
    Lists,
    collected,
    grant,
    identifier,
    new_record,
    principals,
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
from mockserver.services.netfoundry.resource import Resource
from mockserver.state.store import Record

OPENED = {"epochSecond": 1767258000, "nano": 0}
"""2026-01-01T09:00:00Z, the time at which every record of the scenario was created."""

A_WEEK_LATER = {"epochSecond": OPENED["epochSecond"] + 7 * 24 * 3600, "nano": 0}
PASSWORD = "acme-mock-password"  # noqa: S105  (of accounts that exist only in the mock)
STAFF = {"ACME": 120, "GLOBEX": 60, "INITECH": 20}
NAMES = {"ACME": "ACME International, Inc.", "GLOBEX": "Globex Corporation", "INITECH": "Initech"}
ACCOUNTS = {
    "administrator": ADMINISTRATOR,
    "reader": READER,
    "organization-administrator": ORGANIZATION_ADMINISTRATOR,
    "nothing": None,
}
"""The API accounts of each organization, and their roles."""

STATES: dict[str, dict[str, Any]] = {
    "open": {"state": "Open", "standing": True, "expiration": None},
    "expired": {"state": "Open"},
    "accepted": {"state": "Accepted", "accepted": True, "responseReceivedAt": OPENED},
    "declined": {"state": "Declined", "accepted": False, "responseReceivedAt": OPENED},
    "revoked": {"state": "Revoked", "revokedAt": OPENED, "responseReceivedAt": OPENED},
}
GONE = {"deletedAt": A_WEEK_LATER}


def acme() -> Collections:
    """Returns the records of the scenario."""
    organizations = [_organization(label) for label in STAFF]
    users = [user for organization in organizations for user in _users(organization)]
    accounts = [account for organization in organizations for account in _accounts(organization)]
    issuers, clients, audiences = _oidc()
    mappings = [_user_mapping(user, audiences[0]) for user in users[:10]]
    mapping_ids = {mapping["userIdentityId"]: [mapping["id"]] for mapping in mappings}
    lists: Lists = {
        ORGANIZATION.collection: organizations,
        OIDC_ISSUER.collection: issuers,
        OIDC_PUBLIC_CLIENT.collection: clients,
        ORGANIZATION_MAPPING.collection: [_organization_mapping(it, clients[0]) for it in organizations],
        OIDC_AUDIENCE.collection: audiences,
        USER_MAPPING.collection: mappings,
        IDENTITY_PROVIDER.collection: [part for it in organizations for part in _providers(it)],
        DEFAULT_ROLE.collection: [_default_role(it) for it in organizations],
        USER.collection: [user | {"identityAudienceMappingIds": mapping_ids.get(user["id"], [])} for user in users],
        API_ACCOUNT.collection: accounts,
        INVITATION.collection: [it for organization in organizations for it in _invitations(organization, users)],
        IDENTITY_PREFERENCE.collection: [_preference(IDENTITY_PREFERENCE, "userIdentityId", it) for it in users[:5]],
        ORGANIZATION_PREFERENCE.collection: [
            _preference(ORGANIZATION_PREFERENCE, "organizationId", it) for it in organizations
        ],
        "netfoundry.role-grant": [
            grant(it, held) for it, held in zip(accounts, cycle(ACCOUNTS.values()), strict=False) if held is not None
        ],
    }
    return collected(lists | ROLES | principals(users[0]["id"], users[1]["id"]))


def _new(resource: Resource, key: str, /, **values: Any) -> Record:
    """Returns a record that the first user created at the beginning of the scenario."""
    return new_record(resource, identifier("acme", resource.name, key), OPENED, _id(USER, "ACME 0"), values)


def _id(resource: Resource, name: str) -> str:
    return identifier("acme", resource.name, name)


def _organization(label: str) -> Record:
    providers = [_id(IDENTITY_PROVIDER, f"{label} {kind}") for kind in ("Enterprise", "Database")]
    parts = {"identityProviderIds": providers, "defaultRoleIds": [_id(DEFAULT_ROLE, label)]}
    mfa = "GoogleAuthenticator" if label == "GLOBEX" else None
    return _new(ORGANIZATION, label, name=NAMES[label], label=label, mfaProvider=mfa, **parts)


def _providers(organization: Record) -> Iterator[Record]:
    """Yields single sign-on, which is active, and passwords, which are not."""
    label, key = organization["label"], organization["id"]
    for kind, name, active in (("Enterprise", "Single sign-on", True), ("Database", "Username/Password", False)):
        connection = {"auth0ConnectionId": f"con-{label}-{kind}".lower(), "auth0ConnectionType": kind}
        yield _new(IDENTITY_PROVIDER, f"{label} {kind}", organizationId=key, name=name, active=active, **connection)


def _default_role(organization: Record) -> Record:
    role = {"roleType": "Standard", "roleId": ORGANIZATION_ADMINISTRATOR["id"]}
    name = ORGANIZATION_ADMINISTRATOR["name"]
    return _new(DEFAULT_ROLE, organization["label"], organizationId=organization["id"], name=name, **role)


def _users(organization: Record) -> Iterator[Record]:
    """Yields the users. Every twentieth is inactive; the last one is deleted."""
    fake, label = Faker("en_US"), organization["label"]
    fake.seed_instance(label)
    provider = organization["identityProviderIds"][0]
    for number in range(STAFF[label]):
        name = f"{label} {number}"
        first, last = fake.first_name(), fake.last_name()
        mapping = {"identityProviderId": provider, "userIdentityId": _id(USER, name)}
        values = {
            "organizationId": organization["id"],
            "firstName": first,
            "lastName": last,
            "email": f"{first}.{last}.{number}@{label}.example".lower(),
            "identityMappings": [{"id": identifier("mapping", name), "auth0UserId": f"{label}|{number}", **mapping}],
            "active": number % 20 != 19,
            "mfaProvider": organization["mfaProvider"],
        }
        yield _new(USER, name, **values) | (GONE if number == STAFF[label] - 1 else {})


def _accounts(organization: Record) -> Iterator[Record]:
    label = organization["label"].lower()
    for name in ACCOUNTS:
        yield _new(
            API_ACCOUNT,
            f"{label} {name}",
            organizationId=organization["id"],
            name=f"{label} {name}",
            contactEmail=f"robots@{label}.example",
            description=f"Logs in as {label}-{name}.",
            auth0ClientId=None,
            awsCognitoClientId=f"{identifier('pool', label)}|{label}-{name}",
            authenticationUrl=None,
            password=PASSWORD,
        )


def _invitations(organization: Record, users: list[Record]) -> Iterator[Record]:
    """Yields one invitation in each state."""
    label = organization["label"]
    own = islice((user for user in users if user["organizationId"] == organization["id"]), len(STATES))
    for (name, state), user in zip(STATES.items(), own, strict=True):
        values = {
            "toOrganizationId": organization["id"],
            "invitedEmailAddress": f"{name}@{label}.example".lower(),
            "targetUserIdentityId": user["id"],
            "expiration": A_WEEK_LATER,
            "standing": False,
            "key": (identifier("key", label, name).replace("-", "") + "acme"),
        }
        yield _new(INVITATION, f"{label} {name}", **(values | state))


def _oidc() -> tuple[list[Record], list[Record], list[Record]]:
    """Returns an issuer with a client and an audience, and a deleted issuer."""
    site = "https://login.acme.example"
    endpoints = {
        "authorizationEndpoint": f"{site}/authorize",
        "tokenEndpoint": f"{site}/token",
        "userInfoEndpoint": f"{site}/userinfo",
    }
    issuer = _new(OIDC_ISSUER, "login", issuer=site, jwksUri=f"{site}/jwks")
    gone = GONE | {"deletedBy": _id(USER, "ACME 0"), "deleted": True}
    old = _new(OIDC_ISSUER, "old", issuer="https://old.acme.example", jwksUri="https://old.acme.example/jwks", **gone)
    client = _new(OIDC_PUBLIC_CLIENT, "console", oidcIssuerId=issuer["id"], clientId="console", **endpoints)
    audience = _new(OIDC_AUDIENCE, "api", oidcIssuerId=issuer["id"], audience="https://api.acme.example/")
    return [issuer, old], [client], [audience]


def _organization_mapping(organization: Record, client: Record) -> Record:
    values = {"organizationId": organization["id"], "oidcPublicClientId": client["id"], "name": "Console"}
    return _new(ORGANIZATION_MAPPING, organization["label"], **values)


def _user_mapping(user: Record, audience: Record) -> Record:
    values = {"userIdentityId": user["id"], "oidcAudienceId": audience["id"], "subject": user["email"]}
    return _new(USER_MAPPING, user["email"], **values)


def _preference(resource: Resource, reference: str, holder: Record) -> Record:
    return _new(resource, holder["id"], **{reference: holder["id"]}, preferences={"theme": "dark"})
