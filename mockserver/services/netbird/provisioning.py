"""The users and groups that Okta pushes over SCIM: the token selects the integration, whose log reports every change.

The directory keeps everything that is pushed, because Okta looks it up again. The integration's prefixes decide which
users and groups NetBird takes over, and the log says for each change whether it does.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.engine.service import Call
from mockserver.scim.directory import GROUPS, index_value
from mockserver.scim.mounts import Event, ScimMount
from mockserver.services.netbird.integrations import OKTA, directory_key
from mockserver.services.netbird.synchronisation import log
from mockserver.state.store import Record


def directory(call: Call, token: str | None) -> str | None:
    """Returns the directory of the enabled integration with this token; None where no such integration exists.

    An administrator of this server (token None) gets the directory of the first enabled integration.
    """
    if token is not None:
        integration = call.records.find(OKTA.collection, "auth_token", token)
        return directory_key(integration) if integration is not None and integration["enabled"] else None
    enabled = (record for record in call.records.page(OKTA.collection) if record["enabled"])
    return next((directory_key(record) for record in enabled), None)


def changed(call: Call, key: str, events: Sequence[Event]) -> None:
    """Adds an entry for each event to the integration's log."""
    integration = call.records.get(OKTA.collection, key.removeprefix("netbird:"))
    if integration is None:
        return
    for event in events:
        log(OKTA.name, integration, call.records, call.now, "info", _message(call, key, integration, event))


def _message(call: Call, key: str, integration: Record, event: Event) -> str:
    """Returns the log message for an event, such as "user ann@acme.example added to group Sales"."""
    if event.group is not None:
        verb = "added to" if event.name == "group.user_added" else "removed from"
        group = event.group["resource"]["displayName"]
        taken_over = _takes_over_user(call, key, integration, event.record)
        return f"user {event.record['resource']['userName']} {verb} group {group}{_suffix(taken_over)}"
    resource = event.record["resource"]
    if event.name.startswith("group."):
        taken_over = _matches(resource["displayName"], integration["group_prefixes"])
        return f"group {resource['displayName']} {event.name.partition('.')[2]}{_suffix(taken_over)}"
    taken_over = _takes_over_user(call, key, integration, event.record)
    return f"user {resource['userName']} {_user_change(event)}{_suffix(taken_over)}"


def _user_change(event: Event) -> str:
    """Returns "created", "updated" or "deleted"; "activated" or "deactivated" for an update of `active`."""
    active = event.record["resource"].get("active", True)
    if event.before is None or event.before["resource"].get("active", True) == active:
        return event.name.partition(".")[2]
    return "activated" if active else "deactivated"


def _takes_over_user(call: Call, key: str, integration: Record, user: Record) -> bool:
    """Tells whether the user is a member of a group whose name begins with a user prefix, or no prefixes are set."""
    prefixes = integration["user_group_prefixes"]
    groups = call.records.matching(GROUPS.name, "members", index_value(key, user["id"])) if prefixes else []
    return not prefixes or any(_matches(group["resource"]["displayName"], prefixes) for group in groups)


def _matches(name: str, prefixes: list[str]) -> bool:
    return not prefixes or name.startswith(tuple(prefixes))


def _suffix(taken_over: bool) -> str:
    return "" if taken_over else "; not taken over: no prefix matches"


MOUNT = ScimMount("/api/scim/v2", directory, changed)
