"""Loads the registered APIs and checks them.

The module that an entry point names defines `SERVICE`, a `Service` with the name of the entry point. It also defines
`SCIM_MOUNT` if SCIM pushes users and groups to the API. SCIM itself is a protocol that is served at the mounts of the
other APIs: instead of `SERVICE`, its module defines a function `service(mounts)` that returns one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint
from types import ModuleType

from mockserver.core.messages import Json
from mockserver.documents.document import Document
from mockserver.engine.service import Service
from mockserver.registry import resources
from mockserver.registry.entries import failure, registered
from mockserver.scim.mounts import ScimMount


def services() -> tuple[Service, ...]:
    """Returns all registered APIs, in alphabetical order. Raises RegistrationError for one that can't be served.

    A server that serves only some of them loads all, because a world holds the records of every API.
    """
    return _services(tuple(registered().values()))


def document(name: str) -> Document:
    """Returns the OpenAPI document by which an API is served. That of a protocol has a server for each mount."""
    described = resources.document(name)
    entry = registered().get(name)
    if entry is None or not _is_protocol(_module(entry)):
        return described
    servers = described.get("servers", [])
    known = {server["url"] for server in servers}
    mounts = [mount for other in registered().values() for mount in _mounts(other, _module(other))]
    lent = [_server(mount.url) for mount in mounts if mount.url not in known]
    return {**described, "servers": [*servers, *lent]}


def _server(url: str) -> dict[str, Json]:
    """Returns the entry of a document's `servers` for a mount. OpenAPI demands a default for each variable."""
    return {"url": url, "variables": {name: {"default": name} for name in re.findall(r"{([^}]+)}", url)}}


@cache
def _services(entries: tuple[EntryPoint, ...]) -> tuple[Service, ...]:
    modules = [(entry, _module(entry)) for entry in entries]
    mounts = [mount for entry, module in modules for mount in _mounts(entry, module)]
    found = [(entry, _service(entry, module, mounts)) for entry, module in modules]
    owners = _owners(found)
    for entry in entries:
        _check_fixtures(entry, owners)
    return tuple(service for _, service in found)


def _module(entry: EntryPoint) -> ModuleType:
    try:
        module = entry.load()
    except Exception as error:  # importing somebody else's module may raise anything
        raise failure(entry, f"can't import {entry.value}: {type(error).__name__}: {error}") from error
    if not isinstance(module, ModuleType):
        raise failure(entry, f"{entry.value} is no module: the entry point names the module that defines SERVICE")
    return module


def _mounts(entry: EntryPoint, module: ModuleType) -> Sequence[ScimMount]:
    mount = getattr(module, "SCIM_MOUNT", None)
    if mount is None:
        return ()
    if not isinstance(mount, ScimMount):
        raise failure(entry, f"SCIM_MOUNT in {entry.value} is no mockserver.scim.mounts.ScimMount")
    return (mount,)


def _is_protocol(module: ModuleType) -> bool:
    return hasattr(module, "service") and not hasattr(module, "SERVICE")


def _service(entry: EntryPoint, module: ModuleType, mounts: Sequence[ScimMount]) -> Service:
    protocol = _is_protocol(module)
    service = module.service(mounts) if protocol else getattr(module, "SERVICE", None)
    if not isinstance(service, Service):
        raise failure(entry, f"{entry.value} defines no SERVICE that is a mockserver.engine.service.Service")
    if service.name != entry.name:
        raise failure(entry, f"SERVICE in {entry.value} is named {service.name!r}, its entry point {entry.name!r}")
    documented = resources.home(entry.name).fixtures / resources.DOCUMENTED / f"{entry.name}.json"
    if service.collections and not protocol and not documented.is_file():
        raise failure(entry, f"the fixture {documented} is missing")
    return service


def _check_fixtures(entry: EntryPoint, declared: Collection[str]) -> None:
    """Raises RegistrationError for a fixture that is broken or has records of a collection that no API declares."""
    home = resources.home(entry.name)
    if home == resources.own_home():
        return  # reading this project's fixtures takes 50 ms, and its tests check them
    for path in home.fixtures.glob(f"*/{entry.name}.json"):
        undeclared = sorted(resources.records(path, entry.name)["collections"].keys() - set(declared))
        if undeclared:
            raise failure(entry, f"the fixture {path} has records of {undeclared[0]!r}, which is no collection")


def _owners(found: Iterable[tuple[EntryPoint, Service]]) -> Mapping[str, EntryPoint]:
    """Returns the API that declares each collection. Raises RegistrationError for a name that two APIs declare."""
    owners: dict[str, EntryPoint] = {}
    for entry, service in found:
        for collection in service.collections:
            owner = owners.setdefault(collection.name, entry)
            if owner is not entry:
                raise failure(entry, f"the collection {collection.name!r} is taken: API {owner.name!r} has one")
    return owners
