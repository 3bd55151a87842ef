"""A directory's SCIM endpoint: who may push into it, and which webhook events that causes."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.scim.mounts import Event, ScimMount
from mockserver.services.jackson import directories, events
from mockserver.services.jackson.members import group, user


def selected(call: Call, token: str | None) -> str | None:
    """The directory of the path, if the token is its secret. A deactivated directory and Google's let nobody in."""
    record = call.records.get(directories.NAME, call.path["directoryId"])
    if record is None or record.get("deactivated") or not record["scim"]["secret"]:
        return None
    if token is not None and not hmac.compare_digest(token.encode(), record["scim"]["secret"].encode()):
        return None
    return directories.source(record["id"])


def changed(call: Call, key: str, happened: Sequence[Event]) -> None:
    """Has the directory's webhook told of everything that a request did, in order."""
    directory = call.records.get(directories.NAME, call.path["directoryId"])
    assert directory is not None, "the directory let the request in"
    for event in happened:
        events.tell(directory, event.name, data(event), call.records, call.now)


def data(event: Event) -> Json:
    """What an event is about: a user, a group, or a user with the group that it joined or left."""
    if event.group is not None:
        return {**user(event.record["resource"]), "group": group(event.group["resource"])}
    show = user if event.name.startswith("user.") else group
    return show(event.record["resource"])


MOUNT = ScimMount(directories.SCIM_PATH + "{directoryId}", selected, changed)
