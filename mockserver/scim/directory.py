"""The users and groups of one directory in the store, and the events that their changes cause.

A record is `{"id", "directory", "resource", "created", "modified", "revision"}`:

- `directory`: the key of the directory, "<service>:<id>"
- `resource`: the SCIM resource without the attributes that the server computes (`meta`, the `groups` of a user)
- `created`, `modified`: ISO 8601
- `revision`: 1 after creation, one more after each change
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast

from mockserver.core.clock import iso
from mockserver.core.ids import Ids
from mockserver.core.problems import NotFound
from mockserver.scim.attributes import Resource, ResourceType
from mockserver.scim.errors import uniqueness
from mockserver.scim.matching import Lookup
from mockserver.scim.mounts import Event, EventName
from mockserver.scim.schemas import GROUP, USER
from mockserver.scim.work import Work
from mockserver.state.store import Collection, Record, Transaction

Values = Callable[[Record], Iterable[object]]


def index_value(directory: str, value: str) -> str:
    """Returns a directory and a value as one index key: one text compares and hashes faster than a pair."""
    return f"{directory}/{value}"


def _directory(record: Record) -> Iterable[object]:
    return (record["directory"],)


def _text(name: str, *, exact: bool = True) -> Values:
    """Returns the index function for a text attribute; in lower case unless `exact`."""

    def values(record: Record) -> Iterable[object]:
        value = record["resource"].get(name)
        return () if value is None else (index_value(record["directory"], value if exact else value.lower()),)

    return values


def _members(record: Record) -> Iterable[object]:
    return [index_value(record["directory"], key) for key in member_ids(record["resource"])]


def member_ids(group: Resource) -> list[str]:
    """Returns the ids of a group's members, in their order."""
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
        unique={"userName": lambda record: index_value(record["directory"], record["resource"]["userName"].lower())},
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


def delete_directory(records: Transaction, directory: str) -> None:
    """Deletes all users and groups of a directory, without events."""
    for collection in (USERS, GROUPS):
        for record in records.matching(collection.name, "directory", directory):
            records.delete(collection.name, record["id"])


@dataclass(slots=True)
class Directory:
    """One directory during one request. Methods that change it append to `events`."""

    key: str
    records: Transaction
    ids: Ids
    now: int
    work: Work = field(default_factory=Work)
    events: list[Event] = field(default_factory=list)

    def get(self, collection: ResourceCollection, key: str) -> Record:
        """Returns the user or group with this id. Raises NotFound."""
        record = self.find(collection, key)
        if record is None:
            raise NotFound(collection.resource_type.name, key)
        return record

    def find(self, collection: ResourceCollection, key: str) -> Record | None:
        """Returns the user or group with this id; None if the directory has none."""
        record = self.records.get(collection.name, key)
        return record if record is not None and record["directory"] == self.key else None

    def count(self, collection: ResourceCollection) -> int:
        """Returns the number of users or groups."""
        return self.records.count_matching(collection.name, "directory", self.key)

    def page(self, collection: ResourceCollection, offset: int = 0, limit: int | None = None) -> list[Record]:
        """Returns users or groups, oldest first."""
        return self.records.matching(collection.name, "directory", self.key, offset, limit)

    def candidates(self, collection: ResourceCollection, lookup: Lookup | None) -> list[Record]:
        """Returns the users or groups that the lookup finds; all of them without a lookup or an index for it."""
        if lookup is None:
            return self.page(collection)
        name = lookup.attribute
        value = index_value(self.key, lookup.value.lower() if name in collection.folded else lookup.value)
        if name == "id":
            found = self.find(collection, lookup.value)
        elif name in collection.definition.unique:
            found = self.records.find(collection.name, name, value)
        elif name in collection.definition.many:
            return self.records.matching(collection.name, name, value)
        else:
            return self.page(collection)
        return [found] if found is not None else []

    def count_candidates(self, collection: ResourceCollection, lookup: Lookup | None) -> int:
        """Returns how many users or groups `candidates` returns, at most."""
        if lookup is None or lookup.attribute not in (*collection.definition.unique, *collection.definition.many, "id"):
            return self.count(collection)
        if lookup.attribute not in collection.definition.many:
            return 1
        name = lookup.attribute
        value = index_value(self.key, lookup.value.lower() if name in collection.folded else lookup.value)
        return self.records.count_matching(collection.name, name, value)

    def groups_of(self, key: str) -> list[Record]:
        """Returns the groups that a user or group is a member of."""
        return self.records.matching(GROUPS.name, "members", index_value(self.key, key))

    def create(self, collection: ResourceCollection, resource: Resource) -> Record:
        """Creates a user or group. Raises Conflict if another one has a value that must be unique."""
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
        self._add_event(collection, "created", record)
        if collection is GROUPS:
            self._add_membership_events({}, record)
        return record

    def change(self, collection: ResourceCollection, record: Record, resource: Resource) -> Record:
        """Replaces the content of a user or group. Returns the same record if the content is the same."""
        content = {"schemas": resource["schemas"], "id": record["id"], **resource}
        if content == record["resource"]:
            return record
        self._check_unique(collection, content, record["id"])
        changed = self._put(collection, record, content)
        if collection is USERS or _without_members(content) != _without_members(record["resource"]):
            self._add_event(collection, "updated", changed, record)
        if collection is GROUPS:
            self._add_membership_events(record["resource"], changed)
        return changed

    def delete(self, collection: ResourceCollection, record: Record) -> None:
        """Deletes a user or group and removes it from the groups that it is a member of."""
        for group in self.groups_of(record["id"]):
            content = dict(group["resource"])
            members = [member for member in content.pop("members") if member.get("value") != record["id"]]
            self._put(GROUPS, group, {**content, "members": members} if members else content)
        self.records.delete(collection.name, record["id"])
        self._add_event(collection, "deleted", record)

    def _put(self, collection: ResourceCollection, record: Record, content: Resource) -> Record:
        revision = record["revision"] + 1
        changed = {**record, "resource": content, "modified": iso(self.now), "revision": revision}
        self.records.put(collection.name, record["id"], changed)
        return changed

    def _check_unique(self, collection: ResourceCollection, resource: Resource, own: str) -> None:
        for name in collection.definition.unique:
            other = self.records.find(collection.name, name, index_value(self.key, resource[name].lower()))
            if other is not None and other["id"] != own:
                raise uniqueness(name)

    def _add_event(
        self, collection: ResourceCollection, change: str, record: Record, before: Record | None = None
    ) -> None:
        name = cast(EventName, f"{'user' if collection is USERS else 'group'}.{change}")  # mypy can't infer the literal
        self.events.append(Event(name, record, before))

    def _add_membership_events(self, before: Resource, group: Record) -> None:
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


def _without_members(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name != "members"}
