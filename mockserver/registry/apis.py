"""The registered APIs, loaded: what each entry point's module defines, checked.

A module defines `SERVICE`, a `Service` of the name that the entry point has, and, where SCIM pushes users and groups to
the API, `SCIM_MOUNT`. SCIM itself answers at the places that the others lend it: its module has no `SERVICE` but a
function `service(mounts)` that makes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import EntryPoint
from types import ModuleType

from mockserver.engine.service import Service
from mockserver.registry import resources
from mockserver.registry.entries import failure, registered
from mockserver.scim.mounts import ScimMount


def services() -> tuple[Service, ...]:
    """All registered APIs, in alphabetical order. RegistrationError for one that can't be served.

    All of them, whichever are served: a world holds the records of every API.
    """
    return _services(tuple(registered().values()))


@cache
def _services(entries: tuple[EntryPoint, ...]) -> tuple[Service, ...]:
    modules = [(entry, _module(entry)) for entry in entries]
    mounts = [mount for entry, module in modules for mount in _mounts(entry, module)]
    found = [(entry, _service(entry, module, mounts)) for entry, module in modules]
    _check_collections(found)
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


def _service(entry: EntryPoint, module: ModuleType, mounts: Sequence[ScimMount]) -> Service:
    protocol = hasattr(module, "service") and not hasattr(module, "SERVICE")
    service = module.service(mounts) if protocol else getattr(module, "SERVICE", None)
    if not isinstance(service, Service):
        raise failure(entry, f"{entry.value} defines no SERVICE that is a mockserver.engine.service.Service")
    if service.name != entry.name:
        raise failure(entry, f"SERVICE in {entry.value} is named {service.name!r}, its entry point {entry.name!r}")
    if service.collections and not protocol and resources.fixture(entry.name, "documented") is None:
        where = resources.home(entry.name).fixtures / "documented" / f"{entry.name}.json"
        raise failure(entry, f"the fixture {where} is missing: the records that the scenario `documented` begins with")
    return service


def _check_collections(found: Iterable[tuple[EntryPoint, Service]]) -> None:
    """Worlds hold the collections of all APIs side by side, by their names."""
    owners: dict[str, EntryPoint] = {}
    for entry, service in found:
        for collection in service.collections:
            owner = owners.setdefault(collection.name, entry)
            if owner is not entry:
                raise failure(entry, f"the collection {collection.name!r} is taken: API {owner.name!r} has one")
