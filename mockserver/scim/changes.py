"""Creating, replacing, patching and deleting (RFC 7644, sections 3.3 to 3.6), alone or as parts of a bulk request.

The law: everything is checked before anything is written, so a refused change leaves no trace.
"""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.scim.directory import Directory, ResourceCollection
from mockserver.scim.patches import apply_patch, read_operations
from mockserver.scim.refusals import changed_since
from mockserver.scim.values import read_resource
from mockserver.scim.versions import names_version, version_of
from mockserver.state.store import Record


def create(directory: Directory, collection: ResourceCollection, body: Json) -> Record:
    """A new user or group from its whole content."""
    return directory.create(collection, read_resource(collection.resource_type, body))


def replace(directory: Directory, collection: ResourceCollection, key: str, body: Json, if_match: str | None) -> Record:
    """The user or group with this content; what is not sent is cleared."""
    record = current(directory, collection, key, if_match)
    return directory.change(collection, record, read_resource(collection.resource_type, body))


def patch(directory: Directory, collection: ResourceCollection, key: str, body: Json, if_match: str | None) -> Record:
    """The user or group after the operations of a PatchOp message."""
    record = current(directory, collection, key, if_match)
    resource = apply_patch(collection.resource_type, record["resource"], read_operations(body))
    return directory.change(collection, record, resource)


def delete(directory: Directory, collection: ResourceCollection, key: str, if_match: str | None) -> None:
    """Removes the user or group."""
    directory.delete(collection, current(directory, collection, key, if_match))


def current(directory: Directory, collection: ResourceCollection, key: str, if_match: str | None) -> Record:
    """The user or group, if it still is of a version that the condition names; 404 or 412 otherwise."""
    record = directory.get(collection, key)
    version = version_of(record["revision"])
    if if_match is not None and not names_version(if_match, version):
        raise changed_since(version)
    return record
