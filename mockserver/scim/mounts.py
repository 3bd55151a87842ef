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
    """One change in a directory.

    `record` is the user or group after the change (before it, if deleted); `before` is an updated one before the
    change. For `group.user_added` and `group.user_removed`, `record` is the user and `group` the group; a member that
    is no user of the directory causes no such event. The form of records is that of `mockserver.scim.directory`.
    """

    name: EventName
    record: Record
    before: Record | None = None
    group: Record | None = None


@dataclass(frozen=True)
class ScimMount:
    """A path under which a service offers SCIM.

    - `url`: the server URL in the document, such as `/api/scim/v2.0/{directoryId}`
    - `directory(call, token)`: returns the key of the directory ("jackson:58b5...") that the path and the bearer token
      select; None, which becomes 401, if they select none. The token is None for an administrator of this server, who
      may use every directory.
    - `changed(call, directory, events)`: receives the events of every successful request, in their order and within
      the transaction of the request
    """

    url: str
    directory: Callable[[Call, str | None], str | None]
    changed: Callable[[Call, str, Sequence[Event]], None]
