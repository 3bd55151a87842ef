"""Where SCIM is mounted: the paths, the bearer tokens and the directories that another service provides for SCIM.

A service that offers SCIM defines a `ScimMount`. The list of services hands all mounts to `mockserver.scim.service`, so
the protocol knows no service, and no service knows another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from mockserver.engine.service import Call
from mockserver.state.store import Record

EventName = Literal[
    "user.created",
    "user.updated",
    "user.deleted",
    "group.created",
    "group.updated",
    "group.deleted",
    "group.user_added",
    "group.user_removed",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a directory, in the order in which things happened.

    `record` is the user or group as it is now (as it was, when deleted), `before` what an updated one was. For
    `group.user_added` and `group.user_removed` it is the user, and `group` the group; members that are no users of the
    directory cause no such event. Records are of the form of `mockserver.scim.directory`.
    """

    name: EventName
    record: Record
    before: Record | None = None
    group: Record | None = None


@dataclass(frozen=True)
class ScimMount:
    """One place where the protocol answers.

    `url` is the server URL of the document, such as `/api/scim/v2.0/{directoryId}`. `directory(call, token)` names the
    directory ("jackson:58b5...") that the path and the bearer token select, or None if they select none, which is 401;
    a token of None is one of the server's own administrators, to be let in wherever there is a directory.
    `changed(call, directory, events)` is told of every successful request that changed something, within its
    transaction.
    """

    url: str
    directory: Callable[[Call, str | None], str | None]
    changed: Callable[[Call, str, Sequence[Event]], None]
