"""The OpenAPI documents as the suite sees them: which operations there are, and a sample request for each.

A sample is the vendor page's own example where it has one, else what the document gives as examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from mockserver.registry import resources
from mockserver.registry.credentials import credential_headers
from mockserver.registry.entries import registered

METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Sample:
    """A request that an operation should answer with success: native path, query included, and a JSON body."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One operation of a document; `template` is its native path, which begins with its first `mount`."""

    service: str
    id: str
    method: str
    mount: str
    template: str
    definition: Mapping[str, Any]
    open: bool

    @property
    def reads(self) -> bool:
        """Whether it only reads."""
        return self.method == "GET" or bool(self.definition.get("x-reads"))

    @property
    def parameters(self) -> list[str]:
        """The names of its path parameters, in order."""
        return re.findall(r"{([^}]+)}", self.template)

    @property
    def names_something(self) -> bool:
        """Whether its path, beneath the mount, names a thing."""
        return "{" in self.template.removeprefix(self.mount)


def services() -> list[str]:
    """The names of all services that are registered, and so can be tested."""
    return list(registered())


def document(service: str) -> dict[str, Any]:
    """A service's document, as its package brings it."""
    return resources.document(service)


@lru_cache
def exchanges(service: str) -> list[dict[str, Any]]:
    """The vendor page's examples: see openapi/README.md. None for a service without a page."""
    return resources.examples(service)


def credential_header(service: str, credential: str) -> dict[str, str]:
    """The header that carries a credential, as the service's document says."""
    return credential_headers(document(service), credential)


@lru_cache
def operations(service: str) -> dict[str, Operation]:
    """All operations of a service, by operationId."""
    return {operation.id: operation for operation in _operations(service)}


@lru_cache(maxsize=4096)
def operation_at(service: str, method: str, path: str) -> Operation | None:
    """The operation that answers a request; `path` is native. The template that says most of it by itself wins."""
    bare = path.partition("?")[0]
    fits = [it for it in operations(service).values() if it.method == method and _pattern(it.template).fullmatch(bare)]
    return min(fits, key=lambda it: len(it.parameters), default=None)


@lru_cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(part) for part in re.split(r"{[^}]+}", template)))


def within_mount(service: str, path: str) -> str:
    """A native path without the mount that it begins with."""
    mounts = {operation.mount for operation in operations(service).values()}
    longest = max((found[0] for it in mounts if (found := _pattern(it).match(path))), key=len, default="")
    return path.removeprefix(longest)


def unknown(operation: Operation, path: str) -> str:
    """A path with another value for its last parameter, of the same shape, that nothing has."""
    if "{" not in operation.template:
        return path
    bare, mark, query = path.partition("?")
    segments = bare.split("/")
    template = operation.template.split("/")
    place = max(index for index, segment in enumerate(template) if segment.startswith("{"))
    segments[place] = quote(_other(segments[place]), safe="")
    return "/".join(segments) + mark + query


def _other(value: str) -> str:
    """A value of the same shape: digits for digits, hexadecimal for hexadecimal, letters for letters."""
    if value.isdigit():
        return "987654321"
    if re.fullmatch(r"[0-9a-f-]+", value):
        return re.sub("[0-9a-f]", "f", value)
    return re.sub("[A-Za-z]", "z", value)


def mounts_vary(service: str) -> bool:
    """Whether each deployment has a place of its own for the service, as SCIM's have."""
    return any("variables" in server for server in document(service).get("servers", ()))


def sample(operation: Operation) -> Sample | None:
    """A request that should succeed in the scenario `documented`; None where nothing gives one."""
    for exchange in exchanges(operation.service):
        if exchange["operation"] == operation.id and exchange["response"]["status"] < 400:
            asked = exchange["request"]
            return Sample(asked["method"], asked["path"], asked.get("body"), asked.get("headers") or {})
    path = _documented_path(operation) or operation.template
    for name in re.findall(r"{([^}]+)}", path):
        value = _parameter_example(operation, name)
        if value is None:
            return None
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    query = "&".join(_required_query(operation))
    return Sample(operation.method, path + ("?" + query if query else ""), _body_example(operation))


def _documented_path(operation: Operation) -> str | None:
    """The path by which the page shows another operation of the same template."""
    for exchange in exchanges(operation.service):
        if operations(operation.service)[exchange["operation"]].template == operation.template:
            path: str = exchange["request"]["path"].partition("?")[0]
            return path
    return None


def body_example(operation: Operation) -> Any:
    """The first example of an operation's request body, None where it takes none."""
    documented = sample(operation)
    return documented.body if documented else _body_example(operation)


def resolve(service: str, value: Any) -> Any:
    """Follows a local reference, if the value is one."""
    while isinstance(value, dict) and "$ref" in value:
        target: Any = document(service)
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


def links(operation: Operation) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Where a successful answer leads: operationId and the parameters taken from it."""
    for status, reply in operation.definition["responses"].items():
        if status.startswith("2"):
            for link in resolve(operation.service, reply).get("links", {}).values():
                link = resolve(operation.service, link)
                yield link["operationId"], link.get("parameters", {})


def _operations(service: str) -> Iterator[Operation]:
    found = document(service)
    for path, item in found["paths"].items():
        for method, definition in item.items():
            if method in METHODS:
                servers = definition.get("servers") or item.get("servers") or found.get("servers") or [{"url": "/"}]
                is_open = not definition.get("security", found.get("security", []))
                mount = servers[0]["url"].rstrip("/")
                merged = {**definition, "parameters": [*item.get("parameters", []), *definition.get("parameters", [])]}
                yield Operation(
                    service, definition["operationId"], method.upper(), mount, mount + path, merged, is_open
                )


def _parameter_example(operation: Operation, name: str) -> Any:
    for entry in operation.definition["parameters"]:
        parameter = resolve(operation.service, entry)
        if parameter["name"] == name and parameter["in"] == "path":
            return _example(operation.service, parameter)
    variables = (document(operation.service).get("servers") or [{}])[0].get("variables", {})
    return variables.get(name, {}).get("default")


def _required_query(operation: Operation) -> Iterator[str]:
    """The required query parameters by their examples, and what the parameters must say together by its example."""
    together = resolve(operation.service, operation.definition.get("x-query-schema")) or {}
    for name, value in together.get("examples", [{}])[0].items():
        yield f"{name}={quote(str(value), safe='')}"
    for entry in operation.definition["parameters"]:
        parameter = resolve(operation.service, entry)
        example = _example(operation.service, parameter)
        if parameter["in"] == "query" and parameter.get("required") and example is not None:
            pairs = example.items() if isinstance(example, dict) else [(parameter["name"], example)]
            yield from (f"{name}={quote(str(value), safe='')}" for name, value in pairs)


def _body_example(operation: Operation) -> Any:
    body = resolve(operation.service, operation.definition.get("requestBody"))
    media = next(iter(body["content"].values())) if body else {}
    return _example(operation.service, media)


def _example(service: str, holder: Mapping[str, Any]) -> Any:
    """The example of a parameter or media type, wherever it is written."""
    for entry in holder.get("examples", {}).values():
        return resolve(service, entry)["value"]
    schema = resolve(service, holder.get("schema", {}))
    listed = schema.get("examples") or schema.get("enum") or [schema.get("default")]
    return holder.get("example", schema.get("example", listed[0]))
