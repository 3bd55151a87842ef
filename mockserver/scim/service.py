"""SCIM as a service of the engine, under the paths that other services provide (`mounts`).

A bearer token does more than authenticate: it selects the directory. So the mount decides whether a token is valid, and
an unknown token is refused in a lenient world too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mockserver.core.problems import NotFound, Unauthenticated
from mockserver.engine.options import WorldOption
from mockserver.engine.service import Call, Handler, Principal, Service, may_by_role
from mockserver.scim import dialect
from mockserver.scim.directory import GROUPS, USERS, Directory
from mockserver.scim.handlers import HANDLERS, ViewHandler
from mockserver.scim.mounts import ScimMount
from mockserver.scim.representation import View
from mockserver.scim.spelling import respell
from mockserver.scim.work import Work, limit_of
from mockserver.state.store import Transaction

MAX_WORK = WorldOption("max-work", kind=int)
"""The option that limits the work of one request; see `mockserver.scim.work`."""

CLIENT = Principal("client")
"""A caller with the token of a directory."""


@dataclass(frozen=True)
class Mounts:
    """The mounts of a server, by their URLs, and what the engine asks of them."""

    by_url: Mapping[str, ScimMount]

    def mount(self, call: Call) -> ScimMount:
        """Returns the mount under whose path the operation was called. Raises NotFound where no service provides it."""
        mount = self.by_url.get(call.operation.mount)
        if mount is None:
            raise NotFound("A directory at this place")
        return mount

    def directory_key(self, call: Call) -> str:
        """Returns the key of the directory that the call selects. Raises Unauthenticated if it selects none."""
        token = dialect.credential(call.request) if call.principal is CLIENT else None
        key = self.mount(call).directory(call, token)
        if key is None:
            raise Unauthenticated("the token selects no directory", given=token is not None)
        return key

    def may(self, call: Call) -> bool:
        """Tells whether the caller may call the operation: a reader may read and search, others may do everything.

        Stores the selected directory as the caller's id: only here is the path known that selects it.
        """
        call.principal = Principal(call.principal.role, self.directory_key(call))
        return may_by_role(call) or bool(call.operation.definition.get("x-reads"))

    def bind(self, handler: ViewHandler) -> Handler:
        """Returns an engine handler that passes the selected directory to `handler` and its events to the mount."""

        def handle(call: Call) -> object:
            mount, key = self.mount(call), call.principal.id
            work = Work(limit_of(call.options.get(f"scim.{MAX_WORK.name}")))
            directory = Directory(key, call.records, call.ids, call.now, work)
            answer = handler(View(directory, _base_url(mount, call)), call)
            if directory.events:
                mount.changed(call, key, directory.events)
            return answer

        return handle


def service(mounts: Sequence[ScimMount]) -> Service:
    """Returns the SCIM service with these mounts."""
    table = Mounts({mount.url: mount for mount in mounts})
    return Service(
        name="scim",
        handlers={name: table.bind(handler) for name, handler in HANDLERS.items()},
        collections=(USERS.definition, GROUPS.definition),
        credential=dialect.credential,
        issued=_accept_any_token,
        may=table.may,
        problem=dialect.problem,
        respell=respell,
        options=(MAX_WORK,),
    )


def _accept_any_token(credential: str, records: Transaction, now: int) -> Principal:
    """Returns `CLIENT` for every token: `Mounts.may` asks the mount, which knows the path, whether it is valid."""
    return CLIENT


def _base_url(mount: ScimMount, call: Call) -> str:
    """Returns the URL of the mount, as the caller reached this world."""
    url = mount.url
    if "{" in url:
        url = url.format_map({name: quote(str(value), safe="") for name, value in call.path.items()})
    return call.base + url
