"""The users and groups that an identity provider pushes over SCIM, and the webhook events that this causes."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.scim.mounts import Event, ScimMount
from mockserver.services.jackson import directories, events
from mockserver.services.jackson.members import group, user


def directory(call: Call, token: str | None) -> str | None:
    """Returns the directory in the path if the token is its secret; None otherwise.

    None also for a deactivated directory and for Google's type, which has no SCIM endpoint. An administrator of this
    server (token None) needs no secret.
    """
    record = call.records.get(directories.NAME, call.path["directoryId"])
    if record is None or record.get("deactivated") or not record["scim"]["secret"]:
        return None
    if token is not None and not hmac.compare_digest(token.encode(), record["scim"]["secret"].encode()):
        return None
    return directories.source(record["id"])


def changed(call: Call, key: str, scim_events: Sequence[Event]) -> None:
    """Notifies the directory's webhook of all events of a request, in their order."""
    record = call.records.get(directories.NAME, call.path["directoryId"])
    assert record is not None, "the mount selected the directory"
    for event in scim_events:
        events.notify(record, event.name, data(event), call.records, call.now)


def data(event: Event) -> Json:
    """Returns the data of a webhook event: a user, a group, or a user with the group that it joined or left."""
    if event.group is not None:
        return {**user(event.record["resource"]), "group": group(event.group["resource"])}
    body_of = user if event.name.startswith("user.") else group
    return body_of(event.record["resource"])


MOUNT = ScimMount(directories.SCIM_PATH + "{directoryId}", directory, changed)
