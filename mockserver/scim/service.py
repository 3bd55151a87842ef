"""The protocol as a service of the engine, mounted wherever other services lend it a place.

Who may come in is the mount's to say, because the bearer token does not only prove something: it selects the directory.
So no token is taken on trust here, not even where authentication is lenient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mockserver.core.problems import NotFound, Unauthenticated
from mockserver.engine.service import Call, Handler, Principal, Service, may_by_role
from mockserver.scim import dialect
from mockserver.scim.directory import GROUPS, USERS, Directory
from mockserver.scim.handlers import HANDLERS, ViewHandler
from mockserver.scim.mounts import ScimMount
from mockserver.scim.representation import View
from mockserver.scim.spelling import respell
from mockserver.state.store import Transaction

CLIENT = Principal("client")
"""Whoever shows a token of a directory."""


@dataclass(frozen=True)
class Mounts:
    """All mounts of a server."""

    by_url: Mapping[str, ScimMount]

    def mount(self, call: Call) -> ScimMount:
        """The mount that the called operation belongs to; NotFound where no service has lent its place."""
        mount = self.by_url.get(call.operation.mount)
        if mount is None:
            raise NotFound("A directory at this place")
        return mount

    def key(self, call: Call) -> str:
        """The directory that the call selects; Unauthenticated where it selects none."""
        token = dialect.credential(call.request) if call.principal is CLIENT else None
        key = self.mount(call).directory(call, token)
        if key is None:
            raise Unauthenticated("the token selects no directory", given=token is not None)
        return key

    def may(self, call: Call) -> bool:
        """A reader reads and searches; whoever selects a directory may do everything in it.

        Who calls is known only now that the mount has spoken: it is the directory that they selected.
        """
        call.principal = Principal(call.principal.role, self.key(call))
        return may_by_role(call) or bool(call.operation.definition.get("x-reads"))

    def bind(self, handler: ViewHandler) -> Handler:
        """The handler for the engine: it gets its directory, and the mount hears what the handler changed in it."""

        def handle(call: Call) -> object:
            mount, key = self.mount(call), call.principal.id
            directory = Directory(key, call.records, call.ids, call.now)
            answer = handler(View(directory, _base(mount, call)), call)
            if directory.events:
                mount.changed(call, key, directory.events)
            return answer

        return handle


def service(mounts: Sequence[ScimMount]) -> Service:
    """The SCIM service over these mounts."""
    table = Mounts({mount.url: mount for mount in mounts})
    return Service(
        name="scim",
        handlers={name: table.bind(handler) for name, handler in HANDLERS.items()},
        collections=(USERS.definition, GROUPS.definition),
        credential=dialect.credential,
        issued=_anybody,
        may=table.may,
        problem=dialect.problem,
        respell=respell,
    )


def _anybody(credential: str, records: Transaction, now: int) -> Principal:
    """Any token gets as far as its mount, which knows the path and decides."""
    return CLIENT


def _base(mount: ScimMount, call: Call) -> str:
    url = mount.url
    if "{" in url:
        url = url.format_map({name: quote(str(value), safe="") for name, value in call.path.items()})
    return call.base + url
