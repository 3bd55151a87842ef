"""An OpenAPI document, compiled: operations that can read a request and judge an answer.

Compiling happens once, when the server starts. An `Operation` then reads parameters and bodies and checks answers
without looking at the document again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from mockserver.core.messages import encode
from mockserver.documents.schemas import Document, Schemas, Validator, close, pointer_to

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path, query or header parameter. `kind` is its schema's type; `route` a pattern that is part of the path."""

    name: str
    where: str
    required: bool
    kind: str
    validator: Validator
    route: str | None
    default: Any


@dataclass(frozen=True, slots=True)
class Body:
    """What an operation reads: media type → validator, and → that of the closed schema, as a strict server obeys it."""

    required: bool
    content: Mapping[str, Validator | None]
    closed: Mapping[str, Validator | None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What one status may look like: media type → validator (None: no schema), and the headers that must be there."""

    content: Mapping[str, Validator | None]
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one document.

    `path` is where it answers, its `mount` (a URL of `servers`, without a slash at the end) included; `names` are its
    parameters in order, the mount's too. `query_rules` judge the query parameters together. `success` is the status of
    an answer that names none, `success_type` its media type.
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
        """The patterns that are part of the path, by parameter name."""
        return {name: parameter.route for name, parameter in self.in_path.items() if parameter.route}


def operations(service: str, document: Document) -> Iterator[Operation]:
    """Every operation of a document, once for each of its mounts (`servers`)."""
    schemas, strict = Schemas(service, document), Schemas(f"{service}:strict", closed(document))
    for path, item in document["paths"].items():
        for method, definition in item.items():
            if method in METHODS:
                servers = definition.get("servers") or item.get("servers") or document.get("servers") or [{"url": "/"}]
                compiled = _Compiler(service, schemas, strict, path, method)
                for server, name in product(servers, names(document, path)):
                    yield compiled.operation(server["url"].rstrip("/"), name)


def closed(document: Document) -> Document:
    """A copy of the document whose requests may hold only what it describes."""
    copy: Document = json.loads(encode(document))
    schemas = Schemas("closed", copy)
    for item in copy["paths"].values():
        for part in (item, *(item[method] for method in METHODS if method in item)):
            for media in schemas.resolve(part.get("requestBody", {})).get("content", {}).values():
                close(schemas, media.get("schema"))
            for entry in map(schemas.resolve, part.get("parameters", ())):
                if _is_exploded(entry, schemas.resolve(entry["schema"])):
                    close(schemas, entry["schema"])
    return copy


def names(document: Document, path: str) -> Iterator[str]:
    """A path and its other names: `x-aliases` maps how a path begins to how it may begin too."""
    yield path
    for beginning, alias in document.get("x-aliases", {}).items():
        if path == beginning or path.startswith(beginning + "/"):
            yield alias + path.removeprefix(beginning)


def secret_fields(document: Document) -> set[str]:
    """The names of properties that a document marks as secret (`format: password`)."""
    found: set[str] = set()
    pending: list[Any] = [document]
    while pending:
        value = pending.pop()
        children = value.values() if isinstance(value, dict) else value
        pending += [child for child in children if isinstance(child, (dict, list))]
        if isinstance(value, dict) and isinstance(value.get("properties"), dict):
            properties = value["properties"].items()
            found |= {name for name, it in properties if isinstance(it, dict) and it.get("format") == "password"}
    return found


def secret_bodies(document: Document) -> set[str]:
    """The ids of operations with a body that is nothing but a secret (a string with `format: password`)."""
    schemas = Schemas("secret", document)
    found: set[str] = set()
    for item in document["paths"].values():
        for definition in (item[method] for method in METHODS if method in item):
            bodies = [definition.get("requestBody", {}), *definition["responses"].values()]
            media = [it for body in bodies for it in schemas.resolve(body).get("content", {}).values()]
            if any(schemas.resolve(it.get("schema", {})).get("format") == "password" for it in media):
                found.add(definition["operationId"])
    return found


def _is_exploded(entry: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Whether a parameter stands for several: an object in the query, each of whose properties is sent by its name."""
    return bool(entry["in"] == "query" and schema.get("type") == "object")


class _Compiler:
    """Compiles one operation of a document; where it is mounted comes last."""

    def __init__(self, service: str, schemas: Schemas, strict: Schemas, path: str, method: str) -> None:
        self.service = service
        self.schemas = schemas
        self.at = ("paths", path, method)
        self.item = schemas.document["paths"][path]
        self.definition = self.item[method]
        self.parameters = tuple(self._parameters())
        self.query_rules = tuple(self._query_rules())
        self.body = self._body(strict)
        self.replies = {int(code): self._reply(code) for code in self.definition["responses"] if code.isdigit()}
        self.success = min(self.replies)

    def operation(self, mount: str, name: str) -> Operation:
        path = mount + name
        security = self.definition.get("security", self.schemas.document.get("security", []))
        types = self.replies[self.success].content
        return Operation(
            service=self.service,
            id=self.definition["operationId"],
            method=self.at[2].upper(),
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
            if not _is_exploded(entry, schema):
                yield self._parameter(entry, pointer)
                continue
            for name, child in schema["properties"].items():
                single = {"name": name, "in": "query", "schema": child}
                yield self._parameter(single, f"{pointer}/properties/{name}")

    def _query_rules(self) -> Iterator[Validator]:
        for entry, pointer in self._listed():
            if _is_exploded(entry, self.schemas.resolve(entry["schema"])):
                yield self.schemas.validator(pointer, "query")
        rule = self.definition.get("x-query-schema")
        if rule is not None:
            yield self.schemas.validator(rule.get("$ref") or pointer_to(*self.at, "x-query-schema"), "query")

    def _listed(self) -> Iterator[tuple[Mapping[str, Any], str]]:
        """Every parameter as written, with the pointer to its schema."""
        sources = [(self.at[:2], self.item.get("parameters", [])), (self.at, self.definition.get("parameters", []))]
        for at, listed in sources:
            for index, entry in enumerate(listed):
                pointer = entry.get("$ref") or pointer_to(*at, "parameters", str(index))
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

    def _body(self, strict: Schemas) -> Body | None:
        entry = self.definition.get("requestBody")
        if entry is None:
            return None
        pointer = entry.get("$ref") or pointer_to(*self.at, "requestBody")
        entry = self.schemas.resolve(entry)
        content, closed = (self._content(entry, pointer, "body", schemas) for schemas in (self.schemas, strict))
        return Body(entry.get("required", False), content, closed)

    def _reply(self, code: str) -> Reply:
        entry = self.definition["responses"][code]
        pointer = entry.get("$ref") or pointer_to(*self.at, "responses", code)
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
