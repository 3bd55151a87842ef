"""The operations of the protocol: each handler gets a view of the selected directory, and the call.

`HANDLERS` at the end assigns handlers and collections to operationIds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from mockserver.core.messages import Answer, Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.scim import bulk, changes, discovery
from mockserver.scim.directory import GROUPS, USERS, ResourceCollection
from mockserver.scim.queries import Query, project, read_query, search
from mockserver.scim.representation import View
from mockserver.scim.versions import names_version, version_of
from mockserver.state.store import Record

ViewHandler: TypeAlias = Callable[[View, Call], Json]


def list_resources(collection: ResourceCollection, view: View, call: Call) -> Json:
    """Returns a page of the users or groups that match the filter."""
    return search(view, (collection,), read_query(call.query))


def create(collection: ResourceCollection, view: View, call: Call) -> Json:
    """Creates a user or group; 409 if another one has a value that must be unique."""
    record = changes.create(view.directory, collection, call.body)
    return _response(collection, view, call, record, ("Location", view.location(collection, record)))


def get(collection: ResourceCollection, view: View, call: Call) -> Json:
    """Returns a user or group; 304 if `If-None-Match` names its version, 404 for an unknown id."""
    record = view.directory.get(collection, call.path["id"])
    version = version_of(record["revision"])
    if_none_match = call.header.get("If-None-Match")
    if if_none_match is not None and names_version(if_none_match, version):
        return Answer(None, 304, (("ETag", version),))
    return _response(collection, view, call, record)


def replace(collection: ResourceCollection, view: View, call: Call) -> Json:
    """Replaces a user or group; 412 if `If-Match` does not name its version."""
    if_match = call.header.get("If-Match")
    record = changes.replace(view.directory, collection, call.path["id"], call.body, if_match)
    return _response(collection, view, call, record)


def patch(collection: ResourceCollection, view: View, call: Call) -> Json:
    """Applies the PATCH operations to a user or group: all of them, or none if one is invalid."""
    if_match = call.header.get("If-Match")
    record = changes.patch(view.directory, collection, call.path["id"], call.body, if_match)
    return _response(collection, view, call, record)


def delete(collection: ResourceCollection, view: View, call: Call) -> Json:
    """Deletes a user or group and removes it from the groups that it is a member of."""
    changes.delete(view.directory, collection, call.path["id"], call.header.get("If-Match"))
    return None


def search_resources(collections: tuple[ResourceCollection, ...], view: View, call: Call) -> Json:
    """Returns the same as a list, with the parameters in the body."""
    return search(view, collections, read_query(call.body))


def run_bulk(view: View, call: Call) -> Json:
    """Applies many changes and returns the outcome of each."""
    return bulk.run(view, call.body)


def get_me(view: View, call: Call) -> Json:
    """Raises NotFound, always: a token belongs to a directory, not to one of its users."""
    raise NotFound("A user for this token")


def get_configuration(view: View, call: Call) -> Json:
    """Returns what the server supports of the protocol."""
    return discovery.configuration(view.base)


def list_resource_types(view: View, call: Call) -> Json:
    """Returns the resource types User and Group."""
    return discovery.resource_types(view.base)


def get_resource_type(view: View, call: Call) -> Json:
    """Returns the resource type with this name; 404 for an unknown one."""
    return discovery.resource_type(view.base, call.path["id"])


def list_schemas(view: View, call: Call) -> Json:
    """Returns the schemas of User and Group and the enterprise extension."""
    return discovery.schemas(view.base)


def get_schema(view: View, call: Call) -> Json:
    """Returns the schema with this URN; 404 for an unknown one."""
    return discovery.schema(view.base, call.path["id"])


def _response(
    collection: ResourceCollection, view: View, call: Call, record: Record, *headers: tuple[str, str]
) -> Answer:
    query: Query = read_query(call.query)
    (resource,) = project(view, collection, (record,), query)
    return Answer(resource, headers=(("ETag", version_of(record["revision"])), *headers))


HANDLERS: Final[Mapping[str, ViewHandler]] = {
    "listUsers": partial(list_resources, USERS),
    "createUser": partial(create, USERS),
    "searchUsers": partial(search_resources, (USERS,)),
    "getUser": partial(get, USERS),
    "replaceUser": partial(replace, USERS),
    "patchUser": partial(patch, USERS),
    "deleteUser": partial(delete, USERS),
    "listGroups": partial(list_resources, GROUPS),
    "createGroup": partial(create, GROUPS),
    "searchGroups": partial(search_resources, (GROUPS,)),
    "getGroup": partial(get, GROUPS),
    "replaceGroup": partial(replace, GROUPS),
    "patchGroup": partial(patch, GROUPS),
    "deleteGroup": partial(delete, GROUPS),
    "searchAll": partial(search_resources, (USERS, GROUPS)),
    "bulk": run_bulk,
    "getMe": get_me,
    "getServiceProviderConfig": get_configuration,
    "listResourceTypes": list_resource_types,
    "getResourceType": get_resource_type,
    "listSchemas": list_schemas,
    "getSchema": get_schema,
}
