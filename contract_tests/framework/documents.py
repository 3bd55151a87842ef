"""The OpenAPI documents and the examples on the vendors' pages, as the suite reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mockserver.registry import resources
from mockserver.registry.credentials import credential_headers
from mockserver.registry.entries import registered

METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class DocumentedOperation:
    """One operation of a document.

    `template` is its native path, which begins with `mount`, the operation's first server. `definition` is the
    operation as the document has it, with the parameters of its path added. `open` is true if it needs no credential.
    """

    service: str
    id: str
    method: str
    mount: str
    template: str
    definition: Mapping[str, Any]
    open: bool

    @property
    def reads(self) -> bool:
        """Whether the operation changes nothing."""
        return self.method == "GET" or bool(self.definition.get("x-reads"))

    @property
    def parameters(self) -> list[str]:
        """The names of the path parameters, in order."""
        return re.findall(r"{([^}]+)}", self.template)

    @property
    def names_resource(self) -> bool:
        """Whether the path below the mount has a parameter, and so names one resource."""
        return "{" in self.template.removeprefix(self.mount)


def services() -> list[str]:
    """Returns the names of all registered services, which are those that can be tested."""
    return list(registered())


def document(service: str) -> dict[str, Any]:
    """Returns the OpenAPI document of a service."""
    return resources.document(service)


@lru_cache
def documented_examples(service: str) -> list[dict[str, Any]]:
    """Returns the examples on the vendor's page (see openapi/README.md); an empty list if the service has no page."""
    return resources.examples(service)


def credential_header(service: str, credential: str) -> dict[str, str]:
    """Returns the header that carries a credential, by name, as the service's document says."""
    return credential_headers(document(service), credential)


@lru_cache
def operations(service: str) -> dict[str, DocumentedOperation]:
    """Returns all operations of a service by operationId, in the document's order."""
    return {operation.id: operation for operation in _operations(service)}


@lru_cache(maxsize=4096)
def operation_at(service: str, method: str, path: str) -> DocumentedOperation | None:
    """Returns the operation that a request to a native path calls, or None. A template with fewer parameters wins."""
    path = path.partition("?")[0]
    matches = [
        operation
        for operation in operations(service).values()
        if operation.method == method and _pattern(operation.template).fullmatch(path)
    ]
    return min(matches, key=lambda operation: len(operation.parameters), default=None)


@lru_cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(part) for part in re.split(r"{[^}]+}", template)))


def within_mount(service: str, path: str) -> str:
    """Returns a native path without the mount that it begins with."""
    mounts = {operation.mount for operation in operations(service).values()}
    matches = (match[0] for mount in mounts if (match := _pattern(mount).match(path)))
    return path.removeprefix(max(matches, key=len, default=""))


def mounts_vary(service: str) -> bool:
    """Returns whether each deployment mounts the service at a path of its own, as SCIM servers do."""
    return any("variables" in server for server in document(service).get("servers", ()))


def resolve(service: str, value: Any) -> Any:
    """Returns what a local reference points to, or the value itself if it is not a reference."""
    while isinstance(value, dict) and "$ref" in value:
        node: Any = document(service)
        for part in value["$ref"].removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        value = node
    return value


def links(operation: DocumentedOperation) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yields the links of successful responses: the linked operationId, and its parameters as runtime expressions."""
    for status, response in operation.definition["responses"].items():
        if status.startswith("2"):
            for link in resolve(operation.service, response).get("links", {}).values():
                link = resolve(operation.service, link)
                yield link["operationId"], link.get("parameters", {})


def _operations(service: str) -> Iterator[DocumentedOperation]:
    whole = document(service)
    for path, item in whole["paths"].items():
        for method, definition in item.items():
            if method not in METHODS:
                continue
            servers = definition.get("servers") or item.get("servers") or whole.get("servers") or [{"url": "/"}]
            mount = servers[0]["url"].rstrip("/")
            parameters = [*item.get("parameters", []), *definition.get("parameters", [])]
            yield DocumentedOperation(
                service,
                definition["operationId"],
                method.upper(),
                mount,
                mount + path,
                {**definition, "parameters": parameters},
                open=not definition.get("security", whole.get("security", [])),
            )
