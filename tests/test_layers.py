"""The shape of the code itself: imports point one way, one module owns each third-party package, nothing grows long."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from mockserver import resources

PACKAGE = resources.PACKAGE
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST_FILE = 320
LONGEST_FUNCTION = 40

RANKS = (
    ("messages", "problems"),
    ("core",),
    ("scim",),
    ("services",),
    ("engine",),
    ("control",),
    ("server",),
    ("top",),
)
"""From the bottom up. A module imports its own rank and those below it."""

TOPS = (
    "transports",
    "commands",
    "authority",
    "provision",
    "generate",
    "demo",
    "arazzo",
    "remote",
    "pytest_plugin",
    "__main__",
    "",
)
"""What stands on the whole server, or beside it."""

OWNERS = {
    "aiohttp": ("transports/network/",),
    "cryptography": ("authority.py",),
    "sqlite3": ("state_file.py",),
    "httpx": ("transports/inprocess.py",),
    "respx": ("transports/inprocess.py",),
    "jsonschema_rs": ("schemas.py",),
    "yaml": ("resources.py",),
    "immutables": ("index.py",),
    "joserfc": ("tokens.py",),
    "uvloop": ("commands/serve.py",),
    "faker": ("generate/",),
}
"""Third-party packages, and sqlite3, and the one place that imports each."""

SHARED = {"orjson"}
"""Bodies are JSON, everywhere."""

CHECKERS = {"pytest", "jsonpath"}
"""What the pytest plugin and the flows need, each imported where it is used."""

VAGUE = {"utils", "util", "helpers", "helper", "base", "manager", "common", "misc"}


def name_of(path: Path) -> str:
    """Where a module is, in the package."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imported(path: Path) -> Iterator[str]:
    """The full names of all modules, or of what is in them, that a module imports anywhere in it."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inner(path: Path) -> set[str]:
    """The modules of this package that a module imports, without `mockserver.`."""
    found = set()
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "mockserver":
            place = PACKAGE.joinpath(*parts[1:])
            is_module = place.is_dir() or place.with_suffix(".py").is_file()
            found.add(".".join(parts[1:] if is_module else parts[1:-1]))
    return found


def module(path: Path) -> str:
    """A module's name without `mockserver.`; empty for the package itself."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


def rank(name: str) -> int:
    """How far up a module stands."""
    top = name.partition(".")[0]
    if top in TOPS:
        return len(RANKS) - 1
    return next((number for number, names in enumerate(RANKS) if top in names), 1)


def package_of(name: str) -> str:
    """The service that a module belongs to; empty for none."""
    parts = name.split(".")
    return parts[1] if parts[0] == "services" and len(parts) > 1 else ""


def test_imports_point_down() -> None:
    upwards = {
        name_of(path): found
        for path in MODULES
        if (found := {name for name in inner(path) if rank(name) > rank(module(path))})
    }
    assert not upwards


def test_a_service_imports_no_other() -> None:
    foreign = {
        name_of(path): found
        for path in MODULES
        if (own := package_of(module(path)))
        and (found := {name for name in inner(path) if package_of(name) not in ("", own)})
    }
    assert not foreign


def test_only_transports_commands_and_what_starts_servers_import_transports() -> None:
    importers = {module(path) for path in MODULES if any(name.startswith("transports") for name in inner(path))}
    assert {name for name in importers if rank(name) < len(RANKS) - 1} == set()


def test_no_two_modules_import_each_other() -> None:
    names = {module(path): inner(path) - {module(path)} for path in MODULES}
    # A package's __init__ speaks for the package: what is in it may be imported by it, and not import it.
    assert list(TopologicalSorter(names).static_order())


@pytest.mark.parametrize("package", OWNERS)
def test_a_third_party_package_has_one_owner(package: str) -> None:
    importers = {name_of(path) for path in MODULES if package in {name.partition(".")[0] for name in imported(path)}}
    assert all(name.startswith(OWNERS[package]) for name in importers), importers


def test_every_third_party_package_is_known_here() -> None:
    outside = {name.partition(".")[0] for path in MODULES for name in imported(path)}
    unknown = outside - {*sys.stdlib_module_names, "mockserver", *OWNERS, *SHARED, *CHECKERS}
    assert not unknown


def test_modules_have_names_that_say_something() -> None:
    assert not [name_of(path) for path in MODULES if {path.stem, path.parent.name} & VAGUE]


def test_modules_are_not_long() -> None:
    longest = sorted(((len(path.read_text().splitlines()), name_of(path)) for path in MODULES), reverse=True)[:10]
    assert longest[0][0] <= LONGEST_FILE, longest


def functions(path: Path) -> Iterator[tuple[int, str]]:
    """The length of every function of a module in lines, its docstring included, and its name."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield (node.end_lineno or 0) - node.lineno + 1, f"{name_of(path)}:{node.name}"


def test_functions_are_short() -> None:
    longest = sorted((it for path in MODULES for it in functions(path)), reverse=True)[:10]
    assert longest[0][0] <= LONGEST_FUNCTION, longest


def test_modules_say_what_they_are_for() -> None:
    assert not [name_of(path) for path in MODULES if ast.get_docstring(parsed(path)) is None]


CORE_ONLY = {"socket", "random", "secrets", "asyncio", "threading", "subprocess", "sqlite3"}
KEEPERS = ("state_file.py",)
"""What keeps worlds on disk."""


def test_the_core_has_no_sockets_threads_or_chance() -> None:
    below = [path for path in MODULES if rank(module(path)) < len(RANKS) - 1 and name_of(path) not in KEEPERS]
    used = {name_of(path): {name.partition(".")[0] for name in imported(path)} & CORE_ONLY for path in below}
    assert not {name: found for name, found in used.items() if found}
