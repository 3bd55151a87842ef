"""Plays an identity provider: turns each planned action into SCIM requests in the provider's dialect.

The methods for actions are generators: they yield requests and are sent the responses, so they do not depend on how the
requests travel. A `ScimRefusal` ends an action early.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote, quote_plus

from mockserver.core.messages import Json
from mockserver.provision.dialects import PATCH_URN, Dialect, Member
from mockserver.provision.plan import Person, PlannedAction


@dataclass(frozen=True)
class ScimRequest:
    """A request. `path` is relative to the SCIM base URL; `body` is None where the request has no body."""

    method: str
    path: str
    body: Json = None


@dataclass(frozen=True)
class ScimResponse:
    """A response. `body` is None where the response has no body or one that is not JSON."""

    status: int
    body: Json


class ScimRefusal(Exception):
    """The server refused a request, or its response is not one that a SCIM server gives."""

    def __init__(self, request: ScimRequest, response: ScimResponse) -> None:
        detail = response.body.get("detail") if isinstance(response.body, dict) else None
        super().__init__(f"{request.method} {request.path}: {response.status} {detail or ''}".rstrip())
        self.status = response.status


Exchanges: TypeAlias = Generator[ScimRequest, ScimResponse, None]
ExchangesForJson: TypeAlias = Generator[ScimRequest, ScimResponse, Json]


@dataclass
class KnownGroup:
    """A group on the server: its identifier, and its members by their identifiers."""

    id: str
    members: dict[str, Member] = field(default_factory=dict)


@dataclass
class IdentityProvider:
    """An identity provider.

    It remembers the identifiers that the server gave to `users`, by user name, the `people` it sent, and the `groups`.
    """

    dialect: Dialect
    users: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, KnownGroup] = field(default_factory=dict)

    def play(self, action: PlannedAction, carry: Callable[[ScimRequest], ScimResponse]) -> None:
        """Performs one action. `carry` sends a request and returns the response. Raises ScimRefusal."""
        exchanges = _METHODS[action.do](self, action)
        try:
            request = next(exchanges)
            while True:
                request = exchanges.send(carry(request))
        except StopIteration:
            return

    def assign(self, action: PlannedAction) -> Exchanges:
        """Looks the user up; creates it if it is missing, updates it otherwise."""
        person = _person(action)
        existing = yield from self._find("Users", self.dialect.find_user, person.user_name)
        if existing is None:
            created = yield from _exchange(ScimRequest("POST", "/Users", self.dialect.user(person, True)))
            self._remember(person, created["id"])
        else:
            self._remember(person, existing["id"])
            yield from self.update(action)

    def update(self, action: PlannedAction) -> Exchanges:
        """Sends the current data of the user."""
        person = _person(action)
        key = yield from self._user(person.user_name)
        self._remember(person, key)
        operations = self.dialect.update and self.dialect.update(person)
        yield from _change(f"/Users/{quote(key)}", operations, self.dialect.user(person, True))

    def deactivate(self, action: PlannedAction) -> Exchanges:
        """Makes the user inactive, so that it can no longer sign in."""
        yield from self._activate(action.user, False)

    def reactivate(self, action: PlannedAction) -> Exchanges:
        """Makes the user active again."""
        yield from self._activate(action.user, True)

    def unassign(self, action: PlannedAction) -> Exchanges:
        """Deletes the user, or deactivates it where the identity provider never deletes users."""
        if not self.dialect.deletes:
            yield from self._activate(action.user, False)
            return
        key = yield from self._user(action.user)
        yield from _exchange(ScimRequest("DELETE", f"/Users/{quote(key)}"))
        del self.users[action.user]

    def push_group(self, action: PlannedAction) -> Exchanges:
        """Looks the group up and creates it if it is missing."""
        found = yield from self._find("Groups", self.dialect.find_group, action.group)
        if found is None:
            found = yield from _exchange(ScimRequest("POST", "/Groups", self.dialect.group(action.group, ())))
        self.groups[action.group] = _group(found)

    def add_members(self, action: PlannedAction) -> Exchanges:
        """Adds users to the group."""
        group, members = yield from self._members(action)
        group.members.update({member.id: member for member in members})
        yield from self._change_group(group, action.group, self.dialect.add and self.dialect.add(members))

    def remove_members(self, action: PlannedAction) -> Exchanges:
        """Removes users from the group."""
        group, members = yield from self._members(action)
        for member in members:
            group.members.pop(member.id, None)
        yield from self._change_group(group, action.group, self.dialect.remove and self.dialect.remove(members))

    def rename_group(self, action: PlannedAction) -> Exchanges:
        """Gives the group another name."""
        group = yield from self._group(action.group)
        rename = self.dialect.rename
        yield from self._change_group(group, action.name, rename and rename(group.id, action.name))
        self.groups[action.name] = self.groups.pop(action.group)

    def delete_group(self, action: PlannedAction) -> Exchanges:
        """Deletes the group."""
        group = yield from self._group(action.group)
        yield from _exchange(ScimRequest("DELETE", f"/Groups/{quote(group.id)}"))
        del self.groups[action.group]

    def _remember(self, person: Person, key: str) -> None:
        self.users[person.user_name] = key
        self.people[person.user_name] = person

    def _activate(self, user_name: str, active: bool) -> Exchanges:
        key = yield from self._user(user_name)
        path = f"/Users/{quote(key)}"
        if self.dialect.activate is not None:
            yield from _change(path, self.dialect.activate(active), None)
        elif user_name in self.people:
            yield from _change(path, None, self.dialect.user(self.people[user_name], active))
        else:
            whole = yield from _exchange(ScimRequest("GET", path))
            yield from _change(path, None, {**whole, "active": active})

    def _change_group(self, group: KnownGroup, name: str, operations: list[Json] | None) -> Exchanges:
        whole = self.dialect.group(name, list(group.members.values()))
        yield from _change(f"/Groups/{quote(group.id)}", operations, whole)

    def _members(self, action: PlannedAction) -> Generator[ScimRequest, ScimResponse, tuple[KnownGroup, list[Member]]]:
        group = yield from self._group(action.group)
        members = []
        for user_name in action.users:
            key = yield from self._user(user_name)
            members.append(Member(key, user_name))
        return group, members

    def _user(self, user_name: str) -> Generator[ScimRequest, ScimResponse, str]:
        """Returns the identifier of an existing user. Raises ScimRefusal where there is none."""
        if user_name not in self.users:
            found = yield from self._known("Users", self.dialect.find_user, user_name)
            self.users[user_name] = found["id"]
        return self.users[user_name]

    def _group(self, name: str) -> Generator[ScimRequest, ScimResponse, KnownGroup]:
        """Returns an existing group. Raises ScimRefusal where there is none."""
        if name not in self.groups:
            self.groups[name] = _group((yield from self._known("Groups", self.dialect.find_group, name)))
        return self.groups[name]

    def _known(self, kind: str, query: str, name: str) -> ExchangesForJson:
        found = yield from self._find(kind, query, name)
        if found is None:
            raise ScimRefusal(ScimRequest("GET", f"/{kind}"), ScimResponse(404, {"detail": f"{name} does not exist"}))
        return found

    def _find(self, kind: str, query: str, name: str) -> ExchangesForJson:
        """Returns the user or group with this name, or None."""
        escape = quote_plus if "+" in query else quote
        request = ScimRequest("GET", f"/{kind}?{query.format(escape(json.dumps(name)))}")
        found = yield from _exchange(request)
        resources = found.get("Resources") or []
        if not isinstance(resources, list) or not all(isinstance(it, dict) and "id" in it for it in resources):
            raise ScimRefusal(request, ScimResponse(200, {"detail": "resources without identifiers"}))
        return resources[0] if resources else None


def _group(resource: Json) -> KnownGroup:
    """Returns a group as the server describes it."""
    members = [Member(member["value"], member.get("display", "")) for member in resource.get("members", [])]
    return KnownGroup(resource["id"], {member.id: member for member in members})


def _person(action: PlannedAction) -> Person:
    assert action.person is not None
    return action.person


def _change(path: str, operations: Sequence[Json] | None, whole: Json) -> Exchanges:
    """Sends a PATCH with the operations, or a PUT of the whole resource where `operations` is None."""
    if operations is None:
        yield from _exchange(ScimRequest("PUT", path, whole))
    else:
        yield from _exchange(ScimRequest("PATCH", path, {"schemas": [PATCH_URN], "Operations": operations}))


def _exchange(request: ScimRequest) -> ExchangesForJson:
    """Sends a request and returns the body of the response.

    Raises ScimRefusal unless the status is a success, a GET or POST is answered with an object, and a POST with an id.
    """
    response = yield request
    succeeded = response.status < 300 and (isinstance(response.body, dict) or request.method not in ("GET", "POST"))
    if not succeeded or (request.method == "POST" and "id" not in response.body):
        raise ScimRefusal(request, response)
    return response.body


_METHODS: Mapping[str, Callable[[IdentityProvider, PlannedAction], Exchanges]] = {
    "assign": IdentityProvider.assign,
    "update": IdentityProvider.update,
    "deactivate": IdentityProvider.deactivate,
    "reactivate": IdentityProvider.reactivate,
    "unassign": IdentityProvider.unassign,
    "push-group": IdentityProvider.push_group,
    "add-members": IdentityProvider.add_members,
    "remove-members": IdentityProvider.remove_members,
    "rename-group": IdentityProvider.rename_group,
    "delete-group": IdentityProvider.delete_group,
}
