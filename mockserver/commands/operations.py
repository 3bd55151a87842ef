"""`mockserver operations`: lists the operations, and what is proven of each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping

import orjson

from mockserver.core.messages import Json
from mockserver.documents.document import METHODS
from mockserver.registry import resources
from mockserver.registry.entries import registered

HELP = "Lists operations: method, path, operationId, and what has proven each."


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mockserver operations`."""
    parser.add_argument("service", nargs="?", metavar="SERVICE", help="whose; all services' without it")


def run(options: argparse.Namespace) -> int:
    """0, or 2 for an unknown service or one whose registration is broken."""
    try:
        services = list(registered())
        if options.service and options.service not in services:
            raise ValueError(f"no service {options.service!r}: there are {', '.join(services)}")
        documents = {name: resources.document(name) for name in ([options.service] if options.service else services)}
    except ValueError as error:
        print(f"mockserver operations: {error}", file=sys.stderr)
        return 2
    for service in documents:
        rows = list(_rows(service))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        print(f"{service}:")
        for row in rows:
            cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
            print(f"  {'  '.join(cells)}  {row[3]}")
    return 0


def _rows(service: str) -> Iterator[tuple[str, str, str, str]]:
    """Method, native path, operationId and proof of each operation, in the document's order."""
    document, proof = resources.document(service), _proof(service)
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                servers = operation.get("servers") or item.get("servers") or document.get("servers") or [{"url": "/"}]
                native = servers[0]["url"].rstrip("/") + path
                name = operation["operationId"]
                yield method.upper(), native, name, _told(proof.get(name, {}))


def _told(proven: Mapping[str, list[str]]) -> str:
    said = [f"{by}: {', '.join(names)}" for by, names in sorted(proven.items()) if names]
    return "; ".join(said) or "NOT proven"


def _proof(service: str) -> Json:
    """The committed record of the last proofs: operationId → by what → names."""
    path = resources.home(service).suite / "proof" / f"{service}.json"
    return orjson.loads(path.read_bytes()) if path.exists() else {}
