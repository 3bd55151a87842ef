"""Users and groups: a few plain fields, and as `raw` what the identity provider pushed over SCIM."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.scim.directory import GROUPS, USERS, ResourceCollection, member_ids
from mockserver.services.jackson.directories import envelope, page
from mockserver.services.jackson.scope import scope
from mockserver.state.store import Record


def list_users(call: Call) -> Json:
    """A page of users, newest first."""
    return envelope([user(record["resource"]) for record in scope(call).newest(call.records, USERS, *page(call))])


def get_user(call: Call) -> Json:
    """One user of any directory of the tenant and product."""
    return envelope(user(_found(call, USERS, call.path["userId"])))


def list_groups(call: Call) -> Json:
    """A page of groups, newest first."""
    return envelope([group(record["resource"]) for record in scope(call).newest(call.records, GROUPS, *page(call))])


def get_group(call: Call) -> Json:
    """One group with its members."""
    resource = _found(call, GROUPS, call.path["groupId"])
    key = resource["id"]
    members = [{"group_id": key, "user_id": member} for member in member_ids(resource)]
    return envelope({**group(resource), "members": members})


def list_members(call: Call) -> Json:
    """A page of the ids of a group's members, the latest first."""
    resource = _found(call, GROUPS, call.path["groupId"])
    offset, limit = page(call)
    latest_first = member_ids(resource)[::-1]
    return envelope([{"user_id": member} for member in latest_first[offset : offset + limit]])


def user(resource: Record) -> Json:
    """A SCIM user as Jackson's: the e-mail address is the first one, or the user name where there is none."""
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
    """A SCIM group as Jackson's."""
    return {"id": resource["id"], "name": resource["displayName"], "raw": resource}


def _found(call: Call, collection: ResourceCollection, key: str) -> Record:
    """The resource, if a directory of the tenant and product has it."""
    within = scope(call)
    record = call.records.get(collection.name, key)
    if record is None or not within.covers(call.records, record):
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
