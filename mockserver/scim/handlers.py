"""The operations of the protocol, each a function of a view of the directory and the call."""

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
    """One page of the users or groups that match the filter."""
    return search(view, (collection,), read_query(call.query))


def create(collection: ResourceCollection, view: View, call: Call) -> Json:
    """A new user or group; 409 where a unique value is taken."""
    record = changes.create(view.directory, collection, call.body)
    return _answer(collection, view, call, record, ("Location", view.location(collection, record)))


def get(collection: ResourceCollection, view: View, call: Call) -> Json:
    """One user or group; 304 where the caller holds this version already."""
    record = view.directory.get(collection, call.path["id"])
    version = version_of(record["revision"])
    held = call.header.get("If-None-Match")
    if held is not None and names_version(held, version):
        return Answer(None, 304, (("ETag", version),))
    return _answer(collection, view, call, record)


def replace(collection: ResourceCollection, view: View, call: Call) -> Json:
    """The user or group with new content; 412 where it has changed since If-Match."""
    if_match = call.header.get("If-Match")
    record = changes.replace(view.directory, collection, call.path["id"], call.body, if_match)
    return _answer(collection, view, call, record)


def patch(collection: ResourceCollection, view: View, call: Call) -> Json:
    """The user or group after all operations, or after none where one is refused."""
    if_match = call.header.get("If-Match")
    record = changes.patch(view.directory, collection, call.path["id"], call.body, if_match)
    return _answer(collection, view, call, record)


def delete(collection: ResourceCollection, view: View, call: Call) -> Json:
    """Removes the user or group, also from the groups it is in."""
    changes.delete(view.directory, collection, call.path["id"], call.header.get("If-Match"))
    return None


def search_in(collections: tuple[ResourceCollection, ...], view: View, call: Call) -> Json:
    """The same as a list, with the parameters in the body."""
    return search(view, collections, read_query(call.body))


def run_bulk(view: View, call: Call) -> Json:
    """Many changes, each with its own outcome."""
    return bulk.run(view, call.body)


def get_me(view: View, call: Call) -> Json:
    """A token belongs to a directory and not to one of its users, so nobody is there."""
    raise NotFound("A user for this token")


def get_configuration(view: View, call: Call) -> Json:
    """What of the protocol the server supports."""
    return discovery.configuration(view.base)


def list_resource_types(view: View, call: Call) -> Json:
    """User and Group."""
    return discovery.resource_types(view.base)


def get_resource_type(view: View, call: Call) -> Json:
    """One resource type by its name."""
    return discovery.resource_type(view.base, call.path["id"])


def list_schemas(view: View, call: Call) -> Json:
    """The core schemas and the extension."""
    return discovery.schemas(view.base)


def get_schema(view: View, call: Call) -> Json:
    """One schema by its URN."""
    return discovery.schema(view.base, call.path["id"])


def _answer(
    collection: ResourceCollection, view: View, call: Call, record: Record, *headers: tuple[str, str]
) -> Answer:
    query: Query = read_query(call.query)
    (resource,) = project(view, collection, (record,), query)
    return Answer(resource, headers=(("ETag", version_of(record["revision"])), *headers))


HANDLERS: Final[Mapping[str, ViewHandler]] = {
    "listUsers": partial(list_resources, USERS),
    "createUser": partial(create, USERS),
    "searchUsers": partial(search_in, (USERS,)),
    "getUser": partial(get, USERS),
    "replaceUser": partial(replace, USERS),
    "patchUser": partial(patch, USERS),
    "deleteUser": partial(delete, USERS),
    "listGroups": partial(list_resources, GROUPS),
    "createGroup": partial(create, GROUPS),
    "searchGroups": partial(search_in, (GROUPS,)),
    "getGroup": partial(get, GROUPS),
    "replaceGroup": partial(replace, GROUPS),
    "patchGroup": partial(patch, GROUPS),
    "deleteGroup": partial(delete, GROUPS),
    "searchAll": partial(search_in, (USERS, GROUPS)),
    "bulk": run_bulk,
    "getMe": get_me,
    "getServiceProviderConfig": get_configuration,
    "listResourceTypes": list_resource_types,
    "getResourceType": get_resource_type,
    "listSchemas": list_schemas,
    "getSchema": get_schema,
}
