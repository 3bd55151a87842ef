"""Which APIs are registered: the entry points `mockserver.services` of all installed packages.

    [project.entry-points."mockserver.services"]
    acme-iam = "acme_iam"

The name is the API's; the value is the module that defines it (see `registry.apis`). This module imports none of them,
and nothing but the standard library, because the pytest plugin reads the names wherever it is installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

GROUP = "mockserver.services"
RESERVED = ("control",)
"""Names that no API can have: the control plane is served beside the APIs as `control`."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 40


class RegistrationError(ValueError):
    """A registered API can't be served. The message names the package and the fault."""


def registered() -> Mapping[str, EntryPoint]:
    """Returns the entry point of each API, by the API's name, in alphabetical order.

    Raises RegistrationError for a name that is invalid, reserved or registered twice, and if no API is registered.
    """
    return _checked(_installed(tuple(sys.path)))


def names() -> list[str]:
    """Returns the names of all registered APIs, even of those that can't be served."""
    return sorted({entry.name for entry in _installed(tuple(sys.path)) if is_name(entry.name)})


def is_name(text: str) -> bool:
    """Tells whether a text can name an API: words of lower-case letters and digits, joined by hyphens."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None


def package_of(entry: EntryPoint) -> str:
    """Returns the name, as `pip list` shows it, of the package that an entry point comes from."""
    return entry.dist.name if entry.dist else "an unknown package"


def failure(entry: EntryPoint, reason: str) -> RegistrationError:
    """Returns the error that names an API, its package and the fault."""
    return RegistrationError(f"package {package_of(entry)}: API {entry.name!r}: {' '.join(reason.split())}")


@cache
def _installed(path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """Returns the entry points of all packages on the import path. Cached: reading a hundred packages takes 5 ms."""
    return tuple(entry_points(group=GROUP))


@cache
def _checked(entries: tuple[EntryPoint, ...]) -> Mapping[str, EntryPoint]:
    known: dict[str, EntryPoint] = {}
    for entry in sorted(entries, key=lambda it: it.name):
        if not is_name(entry.name):
            raise failure(entry, f"a name is lower-case letters, digits and single hyphens, {LONGEST_NAME} at most")
        if entry.name in RESERVED:
            raise failure(entry, "the name is reserved for the mock itself")
        if entry.name in known:
            raise failure(entry, f"the name is taken: package {package_of(known[entry.name])} registers it too")
        known[entry.name] = entry
    if not known:
        raise RegistrationError("no API is registered: install idp-mockserver again, whose entry points name its APIs")
    return known
