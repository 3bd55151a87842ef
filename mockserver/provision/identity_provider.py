"""Plays an identity provider: each action becomes the requests that its dialect makes of it.

An action is a generator: it yields requests and is sent the answers, so it neither knows nor cares who carries them. It
ends with what it came to; a `ScimRefusal` ends it early.
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
    """One request, its path below the SCIM URL; a body of None is none."""

    method: str
    path: str
    body: Json = None


@dataclass(frozen=True)
class ScimResponse:
    """One answer; a body that is no JSON is None."""

    status: int
    body: Json


class ScimRefusal(Exception):
    """A server's no, or an answer that no SCIM server gives."""

    def __init__(self, sent: ScimRequest, answered: ScimResponse) -> None:
        detail = answered.body.get("detail") if isinstance(answered.body, dict) else None
        super().__init__(f"{sent.method} {sent.path}: {answered.status} {detail or ''}".rstrip())
        self.status = answered.status


Exchanges: TypeAlias = Generator[ScimRequest, ScimResponse, None]
Ask: TypeAlias = Generator[ScimRequest, ScimResponse, Json]


@dataclass
class KnownGroup:
    """A group that is there: the server's identifier, and its members by theirs."""

    id: str
    members: dict[str, Member] = field(default_factory=dict)


@dataclass
class IdentityProvider:
    """An identity provider and what it remembers of the server: identifiers of users and groups, by name."""

    dialect: Dialect
    users: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, KnownGroup] = field(default_factory=dict)

    def play(self, action: PlannedAction, carry: Callable[[ScimRequest], ScimResponse]) -> None:
        """Does one action, each of its requests carried by `carry`. Raises ScimRefusal."""
        exchanges = _STEPS[action.do](self, action)
        try:
            sent = next(exchanges)
            while True:
                sent = exchanges.send(carry(sent))
        except StopIteration:
            return

    def assign(self, action: PlannedAction) -> Exchanges:
        """Looks for the user, then creates it or brings what is there up to date."""
        person = _person(action)
        found = yield from self._find("Users", self.dialect.find_user, person.user_name)
        if found is None:
            created = yield from _ask(ScimRequest("POST", "/Users", self.dialect.user(person, True)))
            self._remember(person, created["id"])
        else:
            self._remember(person, found["id"])
            yield from self.update(action)

    def update(self, action: PlannedAction) -> Exchanges:
        """Sends what the identity provider knows of the user now."""
        person = _person(action)
        key = yield from self._user(person.user_name)
        self._remember(person, key)
        operations = self.dialect.update and self.dialect.update(person)
        yield from _change(f"/Users/{quote(key)}", operations, self.dialect.user(person, True))

    def deactivate(self, action: PlannedAction) -> Exchanges:
        """The user may no longer sign in."""
        yield from self._activate(action.user, False)

    def reactivate(self, action: PlannedAction) -> Exchanges:
        """The user may sign in again."""
        yield from self._activate(action.user, True)

    def unassign(self, action: PlannedAction) -> Exchanges:
        """The user is deleted, or deactivated where the identity provider deletes nobody."""
        if not self.dialect.deletes:
            yield from self._activate(action.user, False)
            return
        key = yield from self._user(action.user)
        yield from _ask(ScimRequest("DELETE", f"/Users/{quote(key)}"))
        del self.users[action.user]

    def push_group(self, action: PlannedAction) -> Exchanges:
        """Looks for the group and creates it where it is missing."""
        found = yield from self._find("Groups", self.dialect.find_group, action.group)
        if found is None:
            found = yield from _ask(ScimRequest("POST", "/Groups", self.dialect.group(action.group, ())))
        self.groups[action.group] = _group(found)

    def add_members(self, action: PlannedAction) -> Exchanges:
        """The users join the group."""
        group, members = yield from self._members(action)
        group.members.update({member.id: member for member in members})
        yield from self._change_group(group, action.group, self.dialect.add and self.dialect.add(members))

    def remove_members(self, action: PlannedAction) -> Exchanges:
        """The users leave the group."""
        group, members = yield from self._members(action)
        for member in members:
            group.members.pop(member.id, None)
        yield from self._change_group(group, action.group, self.dialect.remove and self.dialect.remove(members))

    def rename_group(self, action: PlannedAction) -> Exchanges:
        """The group gets another name."""
        group = yield from self._group(action.group)
        rename = self.dialect.rename
        yield from self._change_group(group, action.name, rename and rename(group.id, action.name))
        self.groups[action.name] = self.groups.pop(action.group)

    def delete_group(self, action: PlannedAction) -> Exchanges:
        """The group is no longer pushed."""
        group = yield from self._group(action.group)
        yield from _ask(ScimRequest("DELETE", f"/Groups/{quote(group.id)}"))
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
            whole = yield from _ask(ScimRequest("GET", path))
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
        """The identifier of a user that has to be there."""
        if user_name not in self.users:
            found = yield from self._known("Users", self.dialect.find_user, user_name)
            self.users[user_name] = found["id"]
        return self.users[user_name]

    def _group(self, name: str) -> Generator[ScimRequest, ScimResponse, KnownGroup]:
        """A group that has to be there."""
        if name not in self.groups:
            self.groups[name] = _group((yield from self._known("Groups", self.dialect.find_group, name)))
        return self.groups[name]

    def _known(self, kind: str, query: str, name: str) -> Ask:
        found = yield from self._find(kind, query, name)
        if found is None:
            raise ScimRefusal(ScimRequest("GET", f"/{kind}"), ScimResponse(404, {"detail": f"{name} is not there"}))
        return found

    def _find(self, kind: str, query: str, name: str) -> Ask:
        """The user or group with this name, or None."""
        escape = quote_plus if "+" in query else quote
        sent = ScimRequest("GET", f"/{kind}?{query.format(escape(json.dumps(name)))}")
        found = yield from _ask(sent)
        resources = found.get("Resources") or []
        if not isinstance(resources, list) or not all(isinstance(it, dict) and "id" in it for it in resources):
            raise ScimRefusal(sent, ScimResponse(200, {"detail": "resources without identifiers"}))
        return resources[0] if resources else None


def _group(resource: Json) -> KnownGroup:
    """What to remember of a group that the server shows."""
    members = [Member(member["value"], member.get("display", "")) for member in resource.get("members", [])]
    return KnownGroup(resource["id"], {member.id: member for member in members})


def _person(action: PlannedAction) -> Person:
    assert action.person is not None
    return action.person


def _change(path: str, operations: Sequence[Json] | None, whole: Json) -> Exchanges:
    """A PATCH where there are operations, else a PUT of the whole."""
    if operations is None:
        yield from _ask(ScimRequest("PUT", path, whole))
    else:
        yield from _ask(ScimRequest("PATCH", path, {"schemas": [PATCH_URN], "Operations": operations}))


def _ask(sent: ScimRequest) -> Ask:
    """One exchange; the answer's body. Raises ScimRefusal for anything but success with what was asked for."""
    answered = yield sent
    fits = answered.status < 300 and (isinstance(answered.body, dict) or sent.method not in ("GET", "POST"))
    if not fits or (sent.method == "POST" and "id" not in answered.body):
        raise ScimRefusal(sent, answered)
    return answered.body


_STEPS: Mapping[str, Callable[[IdentityProvider, PlannedAction], Exchanges]] = {
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
