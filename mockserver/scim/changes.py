"""Creating, replacing, patching and deleting (RFC 7644, sections 3.3 to 3.6), alone or in a bulk request.

Each function checks everything before it writes anything, so an invalid change leaves no trace even among the other
operations of a bulk request, which share a transaction.
"""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.scim.directory import Directory, ResourceCollection
from mockserver.scim.errors import precondition_failed
from mockserver.scim.patches import apply_patch, read_operations
from mockserver.scim.values import read_resource
from mockserver.scim.versions import names_version, version_of
from mockserver.state.store import Record


def create(directory: Directory, collection: ResourceCollection, body: Json) -> Record:
    """Creates the user or group that the body describes."""
    return directory.create(collection, read_resource(collection.resource_type, body))


def replace(directory: Directory, collection: ResourceCollection, key: str, body: Json, if_match: str | None) -> Record:
    """Replaces a user or group; attributes that the body lacks lose their values."""
    record = current(directory, collection, key, if_match)
    return directory.change(collection, record, read_resource(collection.resource_type, body))


def patch(directory: Directory, collection: ResourceCollection, key: str, body: Json, if_match: str | None) -> Record:
    """Applies the operations of a PatchOp message to a user or group."""
    record = current(directory, collection, key, if_match)
    resource = apply_patch(collection.resource_type, record["resource"], read_operations(body), directory.work)
    return directory.change(collection, record, resource)


def delete(directory: Directory, collection: ResourceCollection, key: str, if_match: str | None) -> None:
    """Deletes a user or group."""
    directory.delete(collection, current(directory, collection, key, if_match))


def current(directory: Directory, collection: ResourceCollection, key: str, if_match: str | None) -> Record:
    """Returns the user or group with this id; 404 for an unknown id, 412 if `if_match` does not name its version."""
    record = directory.get(collection, key)
    version = version_of(record["revision"])
    if if_match is not None and not names_version(if_match, version):
        raise precondition_failed(version)
    return record
