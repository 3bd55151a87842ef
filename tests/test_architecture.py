"""The shape of the code itself: imports point one way, one module owns each third-party package, nothing grows long."""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from mockserver.registry import resources

PACKAGE = resources.PACKAGE
MODULES = sorted(PACKAGE.rglob("*.py"))
SUITE = sorted((PACKAGE.parent / "contract_tests").rglob("*.py"))

DRAWING = (PACKAGE.parent / "CONTRIBUTING.md").read_text()

LONGEST_FILE = 300
MEDIAN_FILE = 150
LONGEST_FUNCTION = 40

ENTRANCES = ("", "__main__")
"""The package's own names and `python -m mockserver`: they stand above every floor."""

GROUND = ("version",)
"""What any floor may import."""

OWNERS = {
    "aiohttp": ("transports/network/",),
    "cryptography": ("transports/tls/authority.py",),
    "sqlite3": ("persistence/state_file.py",),
    "httpx": ("transports/inprocess.py",),
    "respx": ("transports/inprocess.py",),
    "jsonschema_rs": ("documents/schemas.py",),
    "yaml": ("registry/resources.py",),
    "joserfc": ("core/tokens.py",),
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


@cache
def floors() -> list[tuple[str, ...]]:
    """The packages of each floor that CONTRIBUTING.md draws, from the top down."""
    block = next(part for part in DRAWING.split("```") if "commands/" in part and "core/" in part)
    lines = [re.split(r"\s{3,}", line)[0] for line in block.strip().splitlines()]
    return [tuple(re.findall(r"([a-z_]+)(?:/|\.py)", line)) for line in lines]


def floor(package: str) -> int:
    """How far down a package stands."""
    if package in ENTRANCES:
        return -1
    return next(number for number, names in enumerate([*floors(), GROUND]) if package in names)


def package(name: str) -> str:
    """The package of a module; a module that stands alone is its own."""
    return name.partition(".")[0]


def service_of(name: str) -> str:
    """The service that a module belongs to; empty for none."""
    parts = name.split(".")
    return parts[1] if parts[0] == "services" and len(parts) > 1 else ""


def test_the_drawing_names_every_package_once() -> None:
    drawn = [name for names in floors() for name in names]
    assert sorted(drawn) == sorted({package(module(path)) for path in MODULES} - {*ENTRANCES, *GROUND})


def test_imports_point_down() -> None:
    wrong = {
        name_of(path): found
        for path in MODULES
        if (own := package(module(path))) is not None
        and (found := {name for name in inner(path) if package(name) != own and floor(package(name)) <= floor(own)})
    }
    assert not wrong


def test_a_service_imports_no_other() -> None:
    foreign = {
        name_of(path): found
        for path in MODULES
        if (own := service_of(module(path)))
        and (found := {name for name in inner(path) if service_of(name) not in ("", own)})
    }
    assert not foreign


def test_no_two_modules_import_each_other() -> None:
    names = {module(path): inner(path) - {module(path)} for path in MODULES}
    # A package's __init__ speaks for the package: what is in it may be imported by it, and not import it.
    assert list(TopologicalSorter(names).static_order())


@pytest.mark.parametrize("library", OWNERS)
def test_a_third_party_package_has_one_owner(library: str) -> None:
    importers = {name_of(path) for path in MODULES if library in {name.partition(".")[0] for name in imported(path)}}
    assert all(name.startswith(OWNERS[library]) for name in importers), importers


def test_every_third_party_package_is_known_here() -> None:
    outside = {name.partition(".")[0] for path in MODULES for name in imported(path)}
    unknown = outside - {*sys.stdlib_module_names, "mockserver", *OWNERS, *SHARED, *CHECKERS}
    assert not unknown


def test_modules_have_names_that_say_something() -> None:
    assert not [name_of(path) for path in MODULES if {path.stem, path.parent.name} & VAGUE]


def test_modules_are_not_long() -> None:
    longest = sorted(((len(path.read_text().splitlines()), name_of(path)) for path in MODULES), reverse=True)[:10]
    assert longest[0][0] <= LONGEST_FILE, longest


def test_the_median_module_is_short() -> None:
    assert statistics.median(len(path.read_text().splitlines()) for path in MODULES) <= MEDIAN_FILE


def test_no_name_stands_for_two_classes() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in MODULES + SUITE:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(PACKAGE.parent)))
    assert not {name: found for name, found in places.items() if len(found) > 1}


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


IMPURE = {"socket", "random", "secrets", "asyncio", "threading", "subprocess", "sqlite3"}
PURE_FROM = "registry"
"""From this floor down nothing has sockets, threads or chance."""


def test_the_core_has_no_sockets_threads_or_chance() -> None:
    pure = [path for path in MODULES if floor(package(module(path))) >= floor(PURE_FROM)]
    used = {name_of(path): {name.partition(".")[0] for name in imported(path)} & IMPURE for path in pure}
    assert pure
    assert not {name: found for name, found in used.items() if found}
