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
    """Where this project's `openapi`, `fixtures` or `contract_tests` is."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def home(service: str) -> Home:
    """The folders of the package that registers an API; this project's for the control plane.

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
    """The folders of this project's own APIs."""
    return Home(folder("openapi"), folder("fixtures"), folder("contract_tests"))


def document(service: str) -> Document:
    """An API's OpenAPI document. It is shared: copy it before you change it. RegistrationError where it is broken."""
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
    """A document as it was at its time of change. Raises ValueError where its form is wrong."""
    loaded = _parsed(path, changed)
    wrong = flaw(loaded)
    if wrong:
        raise ValueError(wrong)
    return loaded


def fault(service: str, reason: str) -> RegistrationError:
    """The error that says what is wrong with an API's files."""
    entry = registered().get(service)
    return failure(entry, reason) if entry else RegistrationError(f"{service}: {reason}")


def flows() -> list[str]:
    """The names of all flows."""
    return sorted(path.stem for path in (folder("openapi") / "flows").glob("*.yaml"))


def flow(name: str) -> Document:
    """A flow's Arazzo document. KeyError for an unknown name."""
    if name not in flows():
        raise KeyError(name)
    return _loaded(folder("openapi") / "flows" / f"{name}.yaml")


def _loaded(path: Path) -> Document:
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache
def _parsed(path: Path, changed: int) -> Document:
    """A file as it was at its time of change. Parsing is what starting takes longest for."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: Document = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506  (either is a safe loader)
    return loaded


def scenarios() -> list[str]:
    """The names of the scenarios of all APIs."""
    places = {home(service).fixtures for service in registered()}
    return sorted({path.name for place in places if place.is_dir() for path in place.iterdir() if path.is_dir()})


def fixture(service: str, scenario: str) -> Path | None:
    """The file of what an API begins a scenario with; None where it begins with no records.

    A variant, such as `acme-okta` of `acme`, has files for the APIs that differ; the others take the file of what it
    varies. An API that does not know a scenario at all begins it as `documented`, and `empty` with no records.
    """
    varied = scenario.partition("-")[0]
    known = dict.fromkeys((scenario, varied, varied if varied == EMPTY else DOCUMENTED))
    files = (home(service).fixtures / name / f"{service}.json" for name in known)
    return next((path for path in files if path.is_file()), None)


def scenario(name: str) -> dict[str, Json]:
    """All APIs' records in a scenario: `{"collections": ..., "counters": ...}`. KeyError for an unknown name."""
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
    """An API's records in one fixture file. RegistrationError where the file is broken."""
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
    """The exchanges that an API's vendor page shows: see openapi/README.md. None where it has no page."""
    path = home(service).suite / "documented" / f"{service}.json"
    found: list[dict[str, Json]] = orjson.loads(path.read_bytes()) if path.is_file() else []
    return found


def watched() -> dict[Path, int]:
    """Every document and fixture with its time of change, for `--reload`."""
    return {path: path.stat().st_mtime_ns for path in _files()}


def _files() -> Iterator[Path]:
    places = {home(service) for service in (*registered(), "control")}
    for place in places:
        yield from place.openapi.glob("*.yaml")
        yield from place.fixtures.glob("*/*.json")
