"""The files that travel with the package: OpenAPI documents and fixtures. The only importer of PyYAML.

In a checkout they stand beside the package, in an installed one inside it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import yaml

from mockserver.core.messages import Json
from mockserver.documents.schemas import Document

PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """Where `openapi`, `fixtures` or `contract_tests` is."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def document(service: str) -> Document:
    """A service's OpenAPI document. It is shared: copy it before you change it."""
    return _loaded(folder("openapi") / f"{service}.yaml")


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
    """The names of all scenarios."""
    return sorted(path.name for path in folder("fixtures").iterdir() if path.is_dir())


def scenario(name: str) -> dict[str, Json]:
    """All services' records in a scenario: `{"collections": ..., "counters": ...}`. KeyError for an unknown name.

    A variant, such as `acme-okta` of `acme`, holds the services that differ; the others are those of what it varies.
    """
    if name not in scenarios():
        raise KeyError(name)
    folders = [folder("fixtures") / part for part in (name.partition("-")[0], name)]
    files = {path.name: path for place in folders for path in place.glob("*.json")}
    collections: dict[str, Json] = {}
    counters: dict[str, Json] = {}
    for _, path in sorted(files.items()):
        data = orjson.loads(path.read_bytes())
        for collection, records in data["collections"].items():
            collections.setdefault(collection, {}).update(records)  # SCIM's are shared by several services
        counters.update(data["counters"])
    return {"collections": collections, "counters": counters}


def services() -> list[str]:
    """The names of all services that a vendor's page documents."""
    return sorted(path.stem for path in (folder("contract_tests") / "documented").glob("*.json"))


def examples(service: str) -> list[dict[str, Json]]:
    """The exchanges that a service's vendor page shows: see openapi/README.md."""
    found: list[dict[str, Json]] = orjson.loads(
        (folder("contract_tests") / "documented" / f"{service}.json").read_bytes()
    )
    return found


def watched() -> dict[Path, int]:
    """Every document and fixture with its time of change, for `--reload`."""
    files = [*folder("openapi").glob("*.yaml"), *folder("fixtures").glob("*/*.json")]
    return {path: path.stat().st_mtime_ns for path in files}
