"""`mockserver operations`: lists the operations, and what the contract suite has proven of each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping

import orjson

from mockserver.core.messages import Json
from mockserver.documents.document import METHODS
from mockserver.registry import resources
from mockserver.registry.entries import registered

HELP = "Lists operations: method, path, operationId, and what the contract suite has proven of each."
EXAMPLES = """
  mockserver operations
  mockserver operations scim
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `mockserver operations`."""
    parser.add_argument("service", nargs="?", metavar="SERVICE", help="API whose operations to list (default: all)")


def run(options: argparse.Namespace) -> int:
    """Returns 0, or 2 for an unknown service or one whose registration is broken."""
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
    """Yields method, path, operationId and proof of each operation, in the order of the document."""
    document, proof = resources.document(service), _proof(service)
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                servers = operation.get("servers") or item.get("servers") or document.get("servers") or [{"url": "/"}]
                native = servers[0]["url"].rstrip("/") + path
                name = operation["operationId"]
                yield method.upper(), native, name, _summary(proof.get(name, {}))


def _summary(proven: Mapping[str, list[str]]) -> str:
    aspects = [f"{aspect}: {', '.join(targets)}" for aspect, targets in sorted(proven.items()) if targets]
    return "; ".join(aspects) or "NOT proven"


def _proof(service: str) -> Json:
    """Returns the committed record of what was proven: operationId → aspect → names of the targets."""
    path = resources.home(service).suite / "proof" / f"{service}.json"
    return orjson.loads(path.read_bytes()) if path.exists() else {}
