"""Users and groups: a few plain fields, and in `raw` the SCIM resource that the identity provider pushed."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.scim.directory import GROUPS, USERS, ResourceCollection, member_ids
from mockserver.services.jackson.directories import envelope, page
from mockserver.services.jackson.scope import scope
from mockserver.state.store import Record


def list_users(call: Call) -> Json:
    """Returns a page of users, newest first."""
    return envelope([user(record["resource"]) for record in scope(call).newest(call.records, USERS, *page(call))])


def get_user(call: Call) -> Json:
    """Returns a user of any directory of the tenant and product; 404 for an unknown id."""
    return envelope(user(_requested(call, USERS, call.path["userId"])))


def list_groups(call: Call) -> Json:
    """Returns a page of groups, newest first."""
    return envelope([group(record["resource"]) for record in scope(call).newest(call.records, GROUPS, *page(call))])


def get_group(call: Call) -> Json:
    """Returns a group with the ids of its members; 404 for an unknown id."""
    resource = _requested(call, GROUPS, call.path["groupId"])
    key = resource["id"]
    members = [{"group_id": key, "user_id": member} for member in member_ids(resource)]
    return envelope({**group(resource), "members": members})


def list_members(call: Call) -> Json:
    """Returns a page of the ids of a group's members, the latest member first."""
    resource = _requested(call, GROUPS, call.path["groupId"])
    offset, limit = page(call)
    latest_first = member_ids(resource)[::-1]
    return envelope([{"user_id": member} for member in latest_first[offset : offset + limit]])


def user(resource: Record) -> Json:
    """Returns a SCIM user in Jackson's form. Its e-mail address is the first one, or the user name without any."""
    name = resource.get("name", {})
    email = next((email["value"] for email in resource.get("emails", ()) if "value" in email), resource["userName"])
    return {
        "id": resource["id"],
        "first_name": name.get("givenName", ""),
        "last_name": name.get("familyName", ""),
        "email": email,
        "active": resource.get("active", True),
        "raw": resource,
    }


def group(resource: Record) -> Json:
    """Returns a SCIM group in Jackson's form."""
    return {"id": resource["id"], "name": resource["displayName"], "raw": resource}


def _requested(call: Call, collection: ResourceCollection, key: str) -> Record:
    """Returns the SCIM resource with this id in a directory of the tenant and product. Raises NotFound."""
    requested_scope = scope(call)
    record = call.records.get(collection.name, key)
    if record is None or not requested_scope.covers(call.records, record):
        raise NotFound(collection.resource_type.name.lower(), key)
    resource: Record = record["resource"]
    return resource


HANDLERS = {
    "listUsers": list_users,
    "getUser": get_user,
    "listGroups": list_groups,
    "getGroup": get_group,
    "listGroupMembers": list_members,
}
