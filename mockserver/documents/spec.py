"""OpenAPI documents, compiled: from a document to the `Operation`s that the engine serves.

A document is compiled once, when the server starts. Requests are then read, and answers checked, without looking at
the document again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from mockserver.documents.closing import closed_document
from mockserver.documents.document import Definition, Document, definitions, is_exploded
from mockserver.documents.schemas import Schemas, Validator, pointer_to


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path, query or header parameter.

    `where` is "path", "query" or "header", `kind` the type that its schema names. `route` is a regular expression that
    a path parameter has to match for the path to lead to this operation; None where any segment will do.
    """

    name: str
    where: str
    required: bool
    kind: str
    validator: Validator
    route: str | None
    default: Any


@dataclass(frozen=True, slots=True)
class Body:
    """The request body of an operation: validators by media type, of the schema as documented and of the closed one.

    A validator is None where the document has no schema.
    """

    required: bool
    content: Mapping[str, Validator | None]
    closed: Mapping[str, Validator | None]


@dataclass(frozen=True, slots=True)
class Reply:
    """A response that an operation may give with one status: validators by media type, and the required headers.

    A validator is None where the document has no schema. Header names are in lower case.
    """

    content: Mapping[str, Validator | None]
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one document.

    `path` is the path template under which it is served; it begins with `mount`, a URL of the document's `servers`
    without a trailing slash. `names` are the path's parameters in order, those of the mount included. `open` operations
    need no credential. `query_rules` validate all query parameters together. `success` is the status of an answer that
    names none, and `success_type` the media type of such an answer. `definition` is the operation as documented.
    """

    service: str
    id: str
    method: str
    path: str
    mount: str
    open: bool
    names: tuple[str, ...]
    in_path: Mapping[str, Parameter]
    in_query: Mapping[str, Parameter]
    query_rules: tuple[Validator, ...]
    in_header: tuple[Parameter, ...]
    body: Body | None
    replies: Mapping[int, Reply]
    success: int
    success_type: str
    definition: Mapping[str, Any] = field(repr=False)

    @property
    def patterns(self) -> dict[str, str]:
        """The regular expressions that path parameters have to match for a path to lead here, by parameter name."""
        return {name: parameter.route for name, parameter in self.in_path.items() if parameter.route}


def operations(service: str, document: Document) -> Iterator[Operation]:
    """Compiles a document. Yields every operation once for each of its mounts (`servers`) and of its path's aliases."""
    schemas, closed = Schemas(service, document), Schemas(f"{service}:closed", closed_document(document))
    for definition in definitions(document):
        levels = (definition.operation, definition.item, document)
        servers = next((level["servers"] for level in levels if level.get("servers")), [{"url": "/"}])
        compiler = _Compiler(service, schemas, closed, definition)
        for server, path in product(servers, aliases(document, definition.path)):
            yield compiler.operation(server["url"].rstrip("/"), path)


def aliases(document: Document, path: str) -> Iterator[str]:
    """Yields a path and its aliases. The document's `x-aliases` maps a prefix of paths to another one."""
    yield path
    for prefix, alias in document.get("x-aliases", {}).items():
        if path == prefix or path.startswith(prefix + "/"):
            yield alias + path.removeprefix(prefix)


class _Compiler:
    """Compiles one operation of a document. The result serves all of its mounts: `operation` is called for each."""

    def __init__(self, service: str, schemas: Schemas, closed: Schemas, definition: Definition) -> None:
        path, self.method, self.item, self.definition = definition
        self.service = service
        self.schemas = schemas
        self.pointer = ("paths", path, self.method)
        self.parameters = tuple(self._parameters())
        self.query_rules = tuple(self._query_rules())
        self.body = self._body(closed)
        self.replies = {int(code): self._reply(code) for code in self.definition["responses"] if code.isdigit()}
        self.success = min(self.replies)

    def operation(self, mount: str, path: str) -> Operation:
        path = mount + path
        security = self.definition.get("security", self.schemas.document.get("security", []))
        types = self.replies[self.success].content
        return Operation(
            service=self.service,
            id=self.definition["operationId"],
            method=self.method.upper(),
            path=path,
            mount=mount,
            open=not security,
            names=tuple(re.findall(r"{([^}]+)}", path)),
            in_path={entry.name: entry for entry in self.parameters if entry.where == "path"},
            in_query={entry.name: entry for entry in self.parameters if entry.where == "query"},
            query_rules=self.query_rules,
            in_header=tuple(entry for entry in self.parameters if entry.where == "header"),
            body=self.body,
            replies=self.replies,
            success=self.success,
            success_type=next(iter(types), ""),
            definition=self.definition,
        )

    def _parameters(self) -> Iterator[Parameter]:
        for entry, pointer in self._listed():
            schema = self.schemas.resolve(entry["schema"])
            if not is_exploded(entry, schema):
                yield self._parameter(entry, pointer)
                continue
            for name, child in schema["properties"].items():
                single = {"name": name, "in": "query", "schema": child}
                yield self._parameter(single, f"{pointer}/properties/{name}")

    def _query_rules(self) -> Iterator[Validator]:
        for entry, pointer in self._listed():
            if is_exploded(entry, self.schemas.resolve(entry["schema"])):
                yield self.schemas.validator(pointer, "query")
        rule = self.definition.get("x-query-schema")
        if rule is not None:
            yield self.schemas.validator(rule.get("$ref") or pointer_to(*self.pointer, "x-query-schema"), "query")

    def _listed(self) -> Iterator[tuple[Mapping[str, Any], str]]:
        """Yields every parameter, those of the path item first, with the pointer to its schema."""
        for parent, parts in ((self.item, self.pointer[:2]), (self.definition, self.pointer)):
            for index, entry in enumerate(parent.get("parameters", [])):
                pointer = entry.get("$ref") or pointer_to(*parts, "parameters", str(index))
                entry = self.schemas.resolve(entry)
                yield entry, entry["schema"].get("$ref") or f"{pointer}/schema"

    def _parameter(self, entry: Mapping[str, Any], pointer: str) -> Parameter:
        schema = self.schemas.resolve(entry["schema"])
        routed = schema.get("x-route") or entry.get("x-route")
        route = (schema.get("pattern") or "|".join(schema.get("enum", ()))) if routed else None
        return Parameter(
            name=entry["name"],
            where=entry["in"],
            required=entry.get("required", False),
            kind=schema.get("type", "string"),
            validator=self.schemas.validator(pointer, entry["in"]),
            route=route or None,
            default=schema.get("default"),
        )

    def _body(self, closed: Schemas) -> Body | None:
        entry = self.definition.get("requestBody")
        if entry is None:
            return None
        pointer = entry.get("$ref") or pointer_to(*self.pointer, "requestBody")
        entry = self.schemas.resolve(entry)
        contents = (self._content(entry, pointer, "body", schemas) for schemas in (self.schemas, closed))
        return Body(entry.get("required", False), *contents)

    def _reply(self, code: str) -> Reply:
        entry = self.definition["responses"][code]
        pointer = entry.get("$ref") or pointer_to(*self.pointer, "responses", code)
        entry = self.schemas.resolve(entry)
        headers = {name: self.schemas.resolve(header) for name, header in entry.get("headers", {}).items()}
        required = tuple(name.lower() for name, header in headers.items() if header.get("required"))
        return Reply(self._content(entry, pointer, "answer", self.schemas), required)

    def _content(
        self, entry: Mapping[str, Any], pointer: str, where: str, schemas: Schemas
    ) -> dict[str, Validator | None]:
        return {
            media_type: schemas.validator(f"{pointer}/content/{media_type.replace('/', '~1')}/schema", where)
            if "schema" in media
            else None
            for media_type, media in entry.get("content", {}).items()
        }
