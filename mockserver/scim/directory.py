"""The users and groups of one directory in the store, and the events that changing them causes.

A record is `{"id", "directory", "resource", "created", "modified", "revision"}`: the directory is "<service>:<id>",
the resource is the SCIM resource without `meta` and without what the server works out (a user's `groups`), the times
are ISO 8601, the revision counts the states since creation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast

from mockserver.core.clock import iso
from mockserver.core.ids import Ids
from mockserver.core.problems import NotFound
from mockserver.scim.attributes import Resource, ResourceType
from mockserver.scim.matching import Lookup
from mockserver.scim.mounts import Event, EventName
from mockserver.scim.refusals import taken
from mockserver.scim.schemas import GROUP, USER
from mockserver.state.store import Collection, Record, Transaction

Values = Callable[[Record], Iterable[object]]


def within(directory: str, value: str) -> str:
    """A value as indexes hold it. One text compares and hashes faster than a pair, and most of a look-up is that."""
    return f"{directory}/{value}"


def _directory(record: Record) -> Iterable[object]:
    return (record["directory"],)


def _text(name: str, *, exact: bool = True) -> Values:
    def values(record: Record) -> Iterable[object]:
        value = record["resource"].get(name)
        return () if value is None else (within(record["directory"], value if exact else value.lower()),)

    return values


def _members(record: Record) -> Iterable[object]:
    return [within(record["directory"], key) for key in member_ids(record["resource"])]


def member_ids(group: Resource) -> list[str]:
    """The identifiers of a group's members, in order."""
    return [member["value"] for member in group.get("members", ()) if "value" in member]


@dataclass(frozen=True)
class ResourceCollection:
    """The users or the groups of all directories: their resource type, and the collection that stores them.

    `folded` names the indexes of the collection whose values are in lower case.
    """

    resource_type: ResourceType
    definition: Collection
    folded: frozenset[str]

    @property
    def name(self) -> str:
        """The name of the collection in the store."""
        return self.definition.name


USERS = ResourceCollection(
    USER,
    Collection(
        "scim.users",
        unique={"userName": lambda record: within(record["directory"], record["resource"]["userName"].lower())},
        many={"directory": _directory, "externalId": _text("externalId")},
    ),
    folded=frozenset({"userName"}),
)
GROUPS = ResourceCollection(
    GROUP,
    Collection(
        "scim.groups",
        many={
            "directory": _directory,
            "externalId": _text("externalId"),
            "displayName": _text("displayName", exact=False),
            "members": _members,
        },
    ),
    folded=frozenset({"displayName"}),
)


def forget(records: Transaction, directory: str) -> None:
    """Removes all users and groups of a directory that is itself removed; nobody is told."""
    for collection in (USERS, GROUPS):
        for record in records.matching(collection.name, "directory", directory):
            records.delete(collection.name, record["id"])


@dataclass(slots=True)
class Directory:
    """One directory within one request. What changes it notes what happened in `events`."""

    key: str
    records: Transaction
    ids: Ids
    now: int
    events: list[Event] = field(default_factory=list)

    def get(self, collection: ResourceCollection, key: str) -> Record:
        """The user or group with this id; NotFound where the directory has none."""
        record = self.find(collection, key)
        if record is None:
            raise NotFound(collection.resource_type.name, key)
        return record

    def find(self, collection: ResourceCollection, key: str) -> Record | None:
        """The user or group with this id, if the directory has it."""
        record = self.records.get(collection.name, key)
        return record if record is not None and record["directory"] == self.key else None

    def count(self, collection: ResourceCollection) -> int:
        """How many users or groups there are."""
        return self.records.count_matching(collection.name, "directory", self.key)

    def page(self, collection: ResourceCollection, offset: int = 0, limit: int | None = None) -> list[Record]:
        """Users or groups in the order of their creation."""
        return self.records.matching(collection.name, "directory", self.key, offset, limit)

    def candidates(self, collection: ResourceCollection, lookup: Lookup | None) -> list[Record]:
        """All users or groups, or those that an index says may match."""
        if lookup is None:
            return self.page(collection)
        name = lookup.attribute
        value = within(self.key, lookup.value.lower() if name in collection.folded else lookup.value)
        if name == "id":
            found = self.find(collection, lookup.value)
        elif name in collection.definition.unique:
            found = self.records.find(collection.name, name, value)
        elif name in collection.definition.many:
            return self.records.matching(collection.name, name, value)
        else:
            return self.page(collection)
        return [found] if found is not None else []

    def groups_of(self, key: str) -> list[Record]:
        """The groups that a user or group is a member of."""
        return self.records.matching(GROUPS.name, "members", within(self.key, key))

    def create(self, collection: ResourceCollection, resource: Resource) -> Record:
        """A new user or group; Conflict where a unique value is taken."""
        self._check_unique(collection, resource, "")
        key = self.ids.uuid()
        now = iso(self.now)
        record = {
            "id": key,
            "directory": self.key,
            "resource": {"schemas": resource["schemas"], "id": key, **resource},
            "created": now,
            "modified": now,
            "revision": 1,
        }
        self.records.put(collection.name, key, record)
        self._note(collection, "created", record)
        if collection is GROUPS:
            self._note_members({}, record)
        return record

    def change(self, collection: ResourceCollection, record: Record, resource: Resource) -> Record:
        """The user or group with another content; the same record where the content is the same."""
        content = {"schemas": resource["schemas"], "id": record["id"], **resource}
        if content == record["resource"]:
            return record
        self._check_unique(collection, content, record["id"])
        changed = self._put(collection, record, content)
        if collection is USERS or _apart_from_members(content) != _apart_from_members(record["resource"]):
            self._note(collection, "updated", changed, record)
        if collection is GROUPS:
            self._note_members(record["resource"], changed)
        return changed

    def delete(self, collection: ResourceCollection, record: Record) -> None:
        """Removes a user or group, and it from the groups it is in."""
        for group in self.groups_of(record["id"]):
            content = dict(group["resource"])
            members = [member for member in content.pop("members") if member.get("value") != record["id"]]
            self._put(GROUPS, group, {**content, "members": members} if members else content)
        self.records.delete(collection.name, record["id"])
        self._note(collection, "deleted", record)

    def _put(self, collection: ResourceCollection, record: Record, content: Resource) -> Record:
        revision = record["revision"] + 1
        changed = {**record, "resource": content, "modified": iso(self.now), "revision": revision}
        self.records.put(collection.name, record["id"], changed)
        return changed

    def _check_unique(self, collection: ResourceCollection, resource: Resource, own: str) -> None:
        for name in collection.definition.unique:
            other = self.records.find(collection.name, name, within(self.key, resource[name].lower()))
            if other is not None and other["id"] != own:
                raise taken(name)

    def _note(self, collection: ResourceCollection, what: str, record: Record, before: Record | None = None) -> None:
        name = cast(EventName, f"{'user' if collection is USERS else 'group'}.{what}")  # mypy can't spell it out
        self.events.append(Event(name, record, before))

    def _note_members(self, before: Resource, group: Record) -> None:
        old, new = member_ids(before), member_ids(group["resource"])
        changes: list[tuple[EventName, list[str], set[str]]] = [
            ("group.user_added", new, set(old)),
            ("group.user_removed", old, set(new)),
        ]
        for name, keys, known in changes:
            for key in keys:
                user = self.find(USERS, key) if key not in known else None
                if user is not None:
                    self.events.append(Event(name, user, group=group))


def _apart_from_members(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name != "members"}
