"""The files that travel with an API: its OpenAPI document, fixtures, documented examples. The only importer of PyYAML.

They are in the package that registers the API:

    openapi/NAME.yaml               the document
    fixtures/SCENARIO/NAME.json     the records that a scenario begins with
    documented/NAME.json            the examples of the vendor's page, as exchanges: see openapi/README.md
    proof/NAME.json                 what `mockserver check --record` has proven of it

The files of this project's own APIs stand beside the package in a checkout, and inside it when it is installed; there
`documented` and `proof` are in `contract_tests`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
import yaml

from mockserver.core.messages import Json
from mockserver.documents.document import Document
from mockserver.registry.entries import RegistrationError, failure, registered
from mockserver.registry.form import flaw

PACKAGE = Path(__file__).resolve().parent.parent
OWN = __name__.partition(".")[0]
"""The package of this project's own APIs."""

DOCUMENTED = "documented"
EMPTY = "empty"


@dataclass(frozen=True)
class Home:
    """The folders that hold the files of a package's APIs; `suite` holds those that only the contract suite reads."""

    openapi: Path
    fixtures: Path
    suite: Path


def folder(name: str) -> Path:
    """Returns the path of a folder of this project: `openapi`, `fixtures`, `contract_tests` or `skeleton`."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def home(service: str) -> Home:
    """Returns the folders of the package that registers an API; for the control plane, those of this project.

    Raises RegistrationError where the entry point names no package.
    """
    entry = registered().get(service)
    top = entry.module.partition(".")[0] if entry else OWN
    if entry is None or top == OWN:
        return own_home()
    spec = find_spec(top)
    if spec is None or not spec.submodule_search_locations:
        raise failure(entry, f"there is no package {top}")
    package = Path(next(iter(spec.submodule_search_locations)))
    return Home(package / "openapi", package / "fixtures", package)


def own_home() -> Home:
    """Returns the folders of this project's own APIs."""
    return Home(folder("openapi"), folder("fixtures"), folder("contract_tests"))


def document(service: str) -> Document:
    """Returns the OpenAPI document of an API. Callers share it and must not change it.

    Raises RegistrationError for a document that is missing or broken.
    """
    path = home(service).openapi / f"{service}.yaml"
    try:
        return _whole(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise fault(service, f"the document {path} is missing") from None
    except yaml.YAMLError as error:
        raise fault(service, f"the document {path} is not YAML: {error}") from None
    except ValueError as error:
        raise fault(service, f"the document {path} is broken: {error}") from None


@lru_cache
def _whole(path: Path, changed: int) -> Document:
    """Returns a parsed document. Raises ValueError if its form is wrong. `changed` keeps the cache up to date."""
    loaded = _parsed(path, changed)
    wrong = flaw(loaded)
    if wrong:
        raise ValueError(wrong)
    return loaded


def fault(service: str, reason: str) -> RegistrationError:
    """Returns the error that names an API, its package and what is wrong with its files."""
    entry = registered().get(service)
    return failure(entry, reason) if entry else RegistrationError(f"{service}: {reason}")


def flows() -> list[str]:
    """Returns the names of all flows."""
    return sorted(path.stem for path in (folder("openapi") / "flows").glob("*.yaml"))


def flow(name: str) -> Document:
    """Returns the Arazzo document of a flow. Raises KeyError for an unknown name."""
    if name not in flows():
        raise KeyError(name)
    return _loaded(folder("openapi") / "flows" / f"{name}.yaml")


def _loaded(path: Path) -> Document:
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache
def _parsed(path: Path, changed: int) -> Document:
    """Returns a parsed file. Cached, because parsing takes the largest part of the start."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: Document = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506  (either is a safe loader)
    return loaded


def scenarios() -> list[str]:
    """Returns the names of the scenarios of all APIs."""
    places = {home(service).fixtures for service in registered()}
    return sorted({path.name for place in places if place.is_dir() for path in place.iterdir() if path.is_dir()})


def fixture(service: str, scenario: str) -> Path | None:
    """Returns the file that holds the records with which an API begins a scenario; None if it begins with none.

    A variant, such as `acme-okta` of `acme`, has files only for the APIs in which it differs; the others begin as in
    `acme`. An API that has no file for a scenario begins it as `documented`, but `empty` with no records.
    """
    varied = scenario.partition("-")[0]
    known = dict.fromkeys((scenario, varied, varied if varied == EMPTY else DOCUMENTED))
    files = (home(service).fixtures / name / f"{service}.json" for name in known)
    return next((path for path in files if path.is_file()), None)


def scenario(name: str) -> dict[str, Json]:
    """Returns the records of all APIs in a scenario: `{"collections": ..., "counters": ...}`.

    Raises KeyError for an unknown name, RegistrationError for a broken file.
    """
    if name not in scenarios():
        raise KeyError(name)
    collections: dict[str, Json] = {}
    counters: dict[str, Json] = {}
    for service in registered():
        data = records(fixture(service, name), service)
        for collection, rows in data["collections"].items():
            collections.setdefault(collection, {}).update(rows)  # SCIM's are shared by several services
        counters.update(data["counters"])
    return {"collections": collections, "counters": counters}


def records(path: Path | None, service: str) -> dict[str, Json]:
    """Returns the records of an API in one fixture file. Raises RegistrationError if the file is broken."""
    if path is None:
        return {"collections": {}, "counters": {}}
    try:
        data: dict[str, Json] = orjson.loads(path.read_bytes())
    except ValueError as error:
        raise fault(service, f"the fixture {path} is not JSON: {error}") from None
    parts = [data.get("collections"), data.get("counters")] if isinstance(data, dict) else [None]
    collections = parts[0].values() if isinstance(parts[0], dict) else ()
    if not all(isinstance(part, dict) for part in (*parts, *collections)):
        raise fault(service, f'the fixture {path} is not {{"collections": {{NAME: {{ID: RECORD}}}}, "counters": {{}}}}')
    return data


def examples(service: str) -> list[dict[str, Json]]:
    """Returns the examples of the vendor's page as exchanges (see openapi/README.md); an empty list without a page."""
    path = home(service).suite / "documented" / f"{service}.json"
    found: list[dict[str, Json]] = orjson.loads(path.read_bytes()) if path.is_file() else []
    return found


def watched() -> dict[Path, int]:
    """Returns every document and fixture with its time of change, for `--reload`."""
    return {path: path.stat().st_mtime_ns for path in _files()}


def _files() -> Iterator[Path]:
    places = {home(service) for service in (*registered(), "control")}
    for place in places:
        yield from place.openapi.glob("*.yaml")
        yield from place.fixtures.glob("*/*.json")
