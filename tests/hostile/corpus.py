"""Bodies that are made to be expensive, derived from the documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from mockserver.core.messages import Request
from mockserver.documents.spec import Operation

HEADERS = {"Authorization": "Bearer mock-admin", "Content-Type": "application/json", "X-API-Key": "mock-admin"}

VALUES: dict[str, Callable[[int], str]] = {
    "numbers": lambda size: json.dumps(list(range(size // 8))),
    "texts": lambda size: json.dumps(["a"] * (size // 5)),
    "text": lambda size: json.dumps("a" * size),
    "unknown members": lambda size: json.dumps({f"x{number}": 1 for number in range(size // 12)}),
    "repeated members": lambda size: "{" + "".join(f'"x{number}":1,' for number in range(size // 12)) + '"x0":1}',
    "nesting": lambda size: "[" * 60 + ",".join(["[]"] * (size // 3)) + "]" * 60,
}
"""Kind of value → JSON text of about so many bytes."""


def bodies(schema: Any, size: int) -> Iterator[tuple[str, bytes]]:
    """Yields a name and a body for each kind of value as the whole body and in place of the first member."""
    members = [*schema.get("properties", {})][:1]
    for kind, text in VALUES.items():
        yield kind, text(size).encode()
        for member in members:
            yield f"{kind} as {member}", f"{{{json.dumps(member)}: {text(size)}}}".encode()


def request(operation: Operation, body: bytes) -> Request:
    """Returns a request to an operation whose path parameters are all `1`."""
    path = operation.path
    for name in operation.names:
        path = path.replace(f"{{{name}}}", "1")
    return Request(operation.method, path, dict(HEADERS), body, "http://127.0.0.1")
