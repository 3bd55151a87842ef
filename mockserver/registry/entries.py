"""Which APIs are registered: the entry points `mockserver.services` of all installed packages.

    [project.entry-points."mockserver.services"]
    acme-iam = "acme_iam"

The name is the API's; the value is the module that defines it (see `registry.apis`). This module imports none of them,
and nothing but the standard library: the pytest plugin reads the names here in every project that has it installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

GROUP = "mockserver.services"
RESERVED = ("control",)
"""The control plane is served beside the APIs, by this name."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 40


class RegistrationError(ValueError):
    """An API is registered that can't be served. The message names the package and what is wrong with it."""


def registered() -> Mapping[str, EntryPoint]:
    """The entry point of each API, by the API's name, in alphabetical order.

    Raises RegistrationError for a name that is invalid, reserved or registered twice, and where there is no API at all.
    """
    return _checked(_installed(tuple(sys.path)))


def names() -> list[str]:
    """The names of all registered APIs, whatever else is wrong with them."""
    return sorted({entry.name for entry in _installed(tuple(sys.path)) if is_name(entry.name)})


def is_name(text: str) -> bool:
    """Whether this can be the name of an API: words of lower-case letters and digits, joined by hyphens."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None


def package_of(entry: EntryPoint) -> str:
    """The name of the installed package that an entry point comes from, as `pip list` shows it."""
    return entry.dist.name if entry.dist else "an unknown package"


def failure(entry: EntryPoint, reason: str) -> RegistrationError:
    """The error that says what is wrong with an API, and whose it is."""
    return RegistrationError(f"package {package_of(entry)}: API {entry.name!r}: {' '.join(reason.split())}")


@cache
def _installed(path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """The entry points of all packages on the import path; cached, because looking at a hundred packages takes 5 ms."""
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
