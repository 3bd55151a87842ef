"""The form of users and groups in responses: the stored resource with the attributes that the server computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mockserver.core.messages import Json
from mockserver.scim.attributes import Resource
from mockserver.scim.directory import GROUPS, USERS, Directory, ResourceCollection
from mockserver.scim.versions import version_of
from mockserver.state.store import Record

COMPUTED: Final = ("meta", "groups")
"""The attributes that the server computes and that no stored resource contains."""

LIST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass(slots=True)
class View:
    """A directory as its callers see it; `base` is the URL of its mount."""

    directory: Directory
    base: str

    def location(self, collection: ResourceCollection, record: Record) -> str:
        """Returns the URL of a user or group."""
        return f"{self.base}{collection.resource_type.endpoint}/{record['id']}"

    def representation(self, collection: ResourceCollection, record: Record) -> Resource:
        """Returns the whole user or group: with `meta` and, for a user, with its groups."""
        resource: Resource = {**record["resource"]}
        if collection is USERS:
            resource.pop("groups", None)
            memberships = self.directory.groups_of(record["id"])
            if memberships:
                resource["groups"] = [self._membership(group) for group in memberships]
        resource["meta"] = {
            "resourceType": collection.resource_type.name,
            "created": record["created"],
            "lastModified": record["modified"],
            "location": self.location(collection, record),
            "version": version_of(record["revision"]),
        }
        return resource

    def _membership(self, group: Record) -> Json:
        return {
            "value": group["id"],
            "$ref": self.location(GROUPS, group),
            "display": group["resource"]["displayName"],
            "type": "direct",
        }


def list_response(resources: list[Resource], total: int, start: int) -> Json:
    """Returns the ListResponse for a page; `start` is the position of its first resource among `total`, from 1."""
    return {
        "schemas": [LIST_URN],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }
