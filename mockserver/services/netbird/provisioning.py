"""What an Okta integration receives over SCIM: the token that selects it, and the log of what came in.

Everything that is pushed is kept, so that Okta finds it again; the prefixes decide what of it NetBird takes over, and
the log says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.engine.service import Call
from mockserver.scim.directory import GROUPS, within
from mockserver.scim.mounts import Event, ScimMount
from mockserver.services.netbird.integrations import OKTA, directory_key
from mockserver.services.netbird.synchronisation import log
from mockserver.state.store import Record


def directory(call: Call, token: str | None) -> str | None:
    """The directory of the enabled integration with this token; an administrator's is that of the first enabled one."""
    if token is not None:
        found = call.records.find(OKTA.collection, "auth_token", token)
        return directory_key(found) if found is not None and found["enabled"] else None
    enabled = (record for record in call.records.page(OKTA.collection) if record["enabled"])
    return next((directory_key(record) for record in enabled), None)


def changed(call: Call, key: str, events: Sequence[Event]) -> None:
    """Writes what happened into the integration's log."""
    integration = call.records.get(OKTA.collection, key.removeprefix("netbird:"))
    if integration is None:
        return
    for event in events:
        log(OKTA.name, integration, call.records, call.now, "info", _line(call, key, integration, event))


def _line(call: Call, key: str, integration: Record, event: Event) -> str:
    if event.group is not None:
        verb = "added to" if event.name == "group.user_added" else "removed from"
        group = event.group["resource"]["displayName"]
        taken = _takes_user(call, key, integration, event.record)
        return f"user {event.record['resource']['userName']} {verb} group {group}{_outcome(taken)}"
    resource = event.record["resource"]
    if event.name.startswith("group."):
        taken = _matches(resource["displayName"], integration["group_prefixes"])
        return f"group {resource['displayName']} {event.name.partition('.')[2]}{_outcome(taken)}"
    taken = _takes_user(call, key, integration, event.record)
    return f"user {resource['userName']} {_what(event)}{_outcome(taken)}"


def _what(event: Event) -> str:
    """created, updated, deleted; or what an update comes to where it changes whether the user is active."""
    now = event.record["resource"].get("active", True)
    if event.before is None or event.before["resource"].get("active", True) == now:
        return event.name.partition(".")[2]
    return "activated" if now else "deactivated"


def _takes_user(call: Call, key: str, integration: Record, user: Record) -> bool:
    """A user is taken over as a member of any group whose name begins with one of the user prefixes."""
    prefixes = integration["user_group_prefixes"]
    groups = call.records.matching(GROUPS.name, "members", within(key, user["id"])) if prefixes else []
    return not prefixes or any(_matches(group["resource"]["displayName"], prefixes) for group in groups)


def _matches(name: str, prefixes: list[str]) -> bool:
    return not prefixes or name.startswith(tuple(prefixes))


def _outcome(taken: bool) -> str:
    return "" if taken else "; not taken over: no prefix matches"


MOUNT = ScimMount("/api/scim/v2", directory, changed)
