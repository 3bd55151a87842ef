"""The SCIM dialects of four identity providers. They word the same requests differently, so each dialect is data.

Okta looks users up by userName, deactivates them by a PATCH without a path, and never deletes them. Microsoft Entra
capitalises its operations, writes booleans as strings, and uses PATCH for every change. OneLogin and JumpCloud replace
whole resources by PUT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mockserver.core.messages import Json
from mockserver.provision.plan import Person

USER_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:KnownGroup"
ENTERPRISE_URN: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_URN: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTRA_GROUP_URN: Final = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/KnownGroup"


@dataclass(frozen=True)
class Member:
    """A member of a group. `id` is the identifier that the server gave the user."""

    id: str
    user_name: str


@dataclass(frozen=True)
class Dialect:
    """The dialect of one identity provider.

    `find_user` and `find_group` are the query strings of its look-ups; `{}` stands for the quoted name. `user` and
    `group` return the body of a whole resource. `update`, `activate`, `rename`, `add` and `remove` return the
    operations of a PATCH; where one of them is None, the provider replaces the whole resource by PUT instead. `deletes`
    says whether the provider deletes an unassigned user; if not, it deactivates the user.
    """

    name: str
    find_user: str
    find_group: str
    user: Callable[[Person, bool], Json]
    group: Callable[[str, Sequence[Member]], Json]
    deletes: bool
    update: Callable[[Person], list[Json]] | None = None
    activate: Callable[[bool], list[Json]] | None = None
    rename: Callable[[str, str], list[Json]] | None = None
    add: Callable[[Sequence[Member]], list[Json]] | None = None
    remove: Callable[[Sequence[Member]], list[Json]] | None = None


def _name(person: Person) -> Json:
    return {"givenName": person.given_name, "familyName": person.family_name}


def _email(person: Person) -> Json:
    return {"primary": True, "value": person.user_name, "type": "work"}


def _okta_user(person: Person, active: bool) -> Json:
    return {
        "schemas": [USER_URN],
        "userName": person.user_name,
        "name": _name(person),
        "emails": [_email(person)],
        "displayName": person.display_name,
        "title": person.title,
        "locale": "en-US",
        "externalId": f"00u{person.key[:17].replace('-', '')}",
        "groups": [],
        "active": active,
    }


def _plain_group(name: str, members: Sequence[Member]) -> Json:
    return {"schemas": [GROUP_URN], "displayName": name, "members": _members(members)}


def _members(members: Sequence[Member]) -> list[Json]:
    return [{"value": member.id, "display": member.user_name} for member in members]


OKTA: Final = Dialect(
    name="okta",
    find_user="filter=userName%20eq%20{}&startIndex=1&count=100",
    find_group="filter=displayName%20eq%20{}&startIndex=1&count=100",
    user=_okta_user,
    group=_plain_group,
    deletes=False,
    activate=lambda active: [{"op": "replace", "value": {"active": active}}],
    rename=lambda key, name: [{"op": "replace", "value": {"id": key, "displayName": name}}],
    add=lambda members: [{"op": "add", "path": "members", "value": _members(members)}],
    remove=lambda members: [{"op": "remove", "path": f'members[value eq "{member.id}"]'} for member in members],
)


def _entra_user(person: Person, active: bool) -> Json:
    return {
        "schemas": [USER_URN, ENTERPRISE_URN],
        "externalId": person.key,
        "userName": person.user_name,
        "active": active,
        "displayName": person.display_name,
        "title": person.title,
        "emails": [_email(person)],
        "meta": {"resourceType": "User"},
        "name": {"formatted": person.display_name, **_name(person)},
        "roles": [],
        ENTERPRISE_URN: {"department": person.department},
    }


def _entra_group(name: str, members: Sequence[Member]) -> Json:
    return {
        "schemas": [GROUP_URN, ENTRA_GROUP_URN],
        "externalId": Person(name, "", "").key,
        "displayName": name,
        "meta": {"resourceType": "KnownGroup"},
    }


def _entra_update(person: Person) -> list[Json]:
    return [
        {"op": "Replace", "path": "displayName", "value": person.display_name},
        {"op": "Replace", "path": "title", "value": person.title},
        {"op": "Replace", "path": "name.givenName", "value": person.given_name},
        {"op": "Replace", "path": "name.familyName", "value": person.family_name},
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": person.user_name},
        {"op": "Add", "path": f"{ENTERPRISE_URN}:department", "value": person.department},
    ]


def _entra_members(operation: str) -> Callable[[Sequence[Member]], list[Json]]:
    return lambda members: [
        {"op": operation, "path": "members", "value": [{"$ref": None, "value": member.id}]} for member in members
    ]


ENTRA: Final = Dialect(
    name="entra",
    find_user="filter=userName+eq+{}",
    find_group="excludedAttributes=members&filter=displayName+eq+{}",
    user=_entra_user,
    group=_entra_group,
    deletes=True,
    update=_entra_update,
    activate=lambda active: [{"op": "Replace", "path": "active", "value": str(active)}],
    rename=lambda _, name: [{"op": "Replace", "path": "displayName", "value": name}],
    add=_entra_members("Add"),
    remove=_entra_members("Remove"),
)


def _onelogin_user(person: Person, active: bool) -> Json:
    return {
        "schemas": [USER_URN, ENTERPRISE_URN],
        "userName": person.user_name,
        "name": {"formatted": person.display_name, **_name(person)},
        "displayName": person.display_name,
        "emails": [_email(person)],
        "title": person.title,
        "active": active,
        ENTERPRISE_URN: {"department": person.department},
    }


ONELOGIN: Final = Dialect(
    name="onelogin",
    find_user="filter=userName%20eq%20{}",
    find_group="filter=displayName%20eq%20{}",
    user=_onelogin_user,
    group=_plain_group,
    deletes=True,
)


def _jumpcloud_user(person: Person, active: bool) -> Json:
    return {
        "schemas": [USER_URN],
        "externalId": person.key.replace("-", "")[:24],
        "userName": person.user_name,
        "name": _name(person),
        "displayName": person.display_name,
        "emails": [_email(person)],
        "active": active,
    }


JUMPCLOUD: Final = Dialect(
    name="jumpcloud",
    find_user="filter=userName%20eq%20{}&count=1",
    find_group="filter=displayName%20eq%20{}&count=1",
    user=_jumpcloud_user,
    group=_plain_group,
    deletes=False,
)

DIALECTS: Final[Mapping[str, Dialect]] = {dialect.name: dialect for dialect in (OKTA, ENTRA, ONELOGIN, JUMPCLOUD)}
