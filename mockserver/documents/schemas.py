"""JSON Schema: documents in, validators out. The only importer of jsonschema-rs.

A validator says yes or no in about a microsecond; only a no is explained, as `Violation`s in the document's own order.
Messages never repeat a value, which could be a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote, unquote

import jsonschema_rs

from mockserver.core.messages import Json
from mockserver.core.problems import Violation

Document: TypeAlias = dict[str, Any]

COMPOSITE = ("allOf", "anyOf", "oneOf")
CLOSING = ("additionalProperties", "unevaluatedProperties")


class Validator:
    """One compiled schema. `valid` is the yes or no; `violations` explains a no."""

    __slots__ = ("_compiled", "_fields", "valid", "where")

    def __init__(self, compiled: jsonschema_rs.Draft202012Validator, where: str, order: list[str]) -> None:
        self._compiled = compiled
        self._fields = order
        self.valid: Callable[[Json], bool] = compiled.is_valid
        self.where = where

    def violations(self, value: Json) -> list[Violation]:
        """What is wrong, in the order in which the schema lists its fields."""
        errors = [cause for error in self._compiled.iter_errors(value) for cause in _causes(error)]
        found = [_violation(error, self.where) for error in errors]
        place = {name: index for index, name in enumerate(self._fields)}
        return sorted(
            found, key=lambda violation: place.get(violation.pointer.split("/")[1:][0] if violation.pointer else "", -1)
        )

    def unread(self, value: Json) -> list[str]:
        """For a closed schema and a value that the open one allows: JSON pointers of what the schema does not describe.

        There is one if and only if the closed schema refuses the value.
        """
        errors = [cause for error in self._compiled.iter_errors(value) for cause in _causes(error)]
        found = [pointer for error in errors for pointer in _unexpected(error)]
        return sorted(found, key=_depth) or [_violation(error, self.where).pointer for error in errors]


class Schemas:
    """All schemas of one OpenAPI document, by JSON pointer."""

    def __init__(self, name: str, document: Document) -> None:
        self.document = document
        self._uri = f"urn:mockserver:{name}"
        self._registry = jsonschema_rs.Registry([(self._uri, document)])

    def validator(self, pointer: str, where: str) -> Validator:
        """The validator of the schema at a pointer (`#/components/schemas/Error`)."""
        compiled = jsonschema_rs.Draft202012Validator(
            {"$ref": self._uri + quote(pointer, safe="#/~")},
            registry=self._registry,
            validate_formats=True,
            offline=True,
        )
        schema = self.resolve(self.at(pointer))
        return Validator(compiled, where, list(schema.get("properties", {})))

    def at(self, pointer: str) -> Any:
        """What stands at a local pointer."""
        value: Any = self.document
        for part in unquote(pointer).removeprefix("#/").split("/"):
            part = part.replace("~1", "/").replace("~0", "~")
            value = value[int(part)] if isinstance(value, list) else value[part]
        return value

    def resolve(self, value: Any) -> Any:
        """Follows a local `$ref`, if the value is one."""
        while isinstance(value, dict) and "$ref" in value:
            value = self.at(value["$ref"])
        return value

    def names(self, schema: Any) -> set[str] | None:
        """The names of members that a schema describes, itself or in its branches; None where it is open to any."""
        schema = self.resolve(schema)
        described = [schema.get("properties"), *(schema.get(keyword) for keyword in COMPOSITE)]
        if schema.get("additionalProperties", False) is not False or ("type" in schema and not any(described)):
            return None
        found = set(schema.get("properties", {}))
        for branch in self.branches(schema):
            if not _is_object(branch):
                continue
            names = self.names(branch)
            if names is None:
                return None
            found |= names
        return found

    def branches(self, schema: Document) -> list[Document]:
        """What a schema is composed of."""
        return [self.resolve(branch) for keyword in COMPOSITE for branch in schema.get(keyword, ())]


def close(schemas: Schemas, schema: Any) -> None:
    """Forbids, in place, what the schema of a request does not describe, as a strict server does.

    An object may have the members that the schema or one of its branches names. That is said where it can be judged
    without them, so what is wrong is found where it is; an object of which nothing is said stays open.
    """
    schema = schemas.resolve(schema)
    if not isinstance(schema, dict) or any(keyword in schema for keyword in CLOSING):
        return
    names = schemas.names(schema) if _is_object(schema) else None
    if names:
        own = schema.get("properties", {})
        schema["properties"] = {**own, **{name: {} for name in sorted(names - own.keys())}}
        schema["additionalProperties"] = False
    # Only a branch that has a type says what its members are; others may merely add a condition to them.
    for whole in [schema, *(branch for branch in schemas.branches(schema) if "type" in branch)]:
        for child in [*whole.get("properties", {}).values(), whole.get("items")]:
            close(schemas, child)


def pointer_to(*parts: str) -> str:
    """A local reference from its parts."""
    escaped = [part.replace("~", "~0").replace("/", "~1") for part in parts]
    return "#/" + "/".join(escaped)


def _causes(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """What is wrong beneath `oneOf` and `anyOf`: the errors of the branch that was meant.

    That is the one whose constants agree and that breaks least; where none's do, it is the constant that is wrong.
    """
    kind: Any = error.kind
    if kind.name not in ("oneOf", "anyOf") or not getattr(kind, "context", None):
        return [error]
    branches = [[cause for part in branch for cause in _causes(part)] for branch in kind.context]
    meant = [branch for branch in branches if all(cause.kind.name != "const" for cause in branch)]
    if meant:
        return min(meant, key=len)
    return [next(cause for cause in branches[0] if cause.kind.name == "const")]


def _is_object(schema: Document) -> bool:
    kinds = schema.get("type", "object")
    return kinds == "object" or "object" in kinds


def _depth(pointer: str) -> int:
    return pointer.count("/")


def _unexpected(error: jsonschema_rs.ValidationError) -> list[str]:
    kind: Any = error.kind
    if kind.name not in CLOSING:
        return []
    parent = "".join(f"/{part}" for part in error.instance_path)
    return [f"{parent}/{name}" for name in kind.unexpected]


def _violation(error: jsonschema_rs.ValidationError, where: str) -> Violation:
    kind: Any = error.kind
    keyword = str(kind.name)
    path = [str(part) for part in error.instance_path]
    if keyword == "required":
        path.append(str(kind.property))
    elif keyword in CLOSING:
        path.append(str(kind.unexpected[0]))
    pointer = "".join(f"/{part}" for part in path)
    name = next((part for part in reversed(path) if not part.isdigit()), where)
    return Violation(where, pointer, keyword, name, _message(keyword, kind, name))


def _message(keyword: str, kind: Any, name: str) -> str:
    facts: Mapping[str, Callable[[], str]] = {
        "required": lambda: "is required",
        "type": lambda: f"must be of type {' or '.join(kind.types)}",
        "enum": lambda: "is not one of the allowed values",
        "const": lambda: "is not one of the allowed values",
        "falseSchema": lambda: "does not belong here",
        "format": lambda: f"must be a valid {kind.format}",
        "minimum": lambda: f"must not be less than {kind.limit}",
        "maximum": lambda: f"must not be greater than {kind.limit}",
        "minLength": lambda: f"must not be shorter than {kind.limit} characters",
        "maxLength": lambda: f"must not be longer than {kind.limit} characters",
        "minItems": lambda: f"must not have fewer than {kind.limit} items",
        "maxItems": lambda: f"must not have more than {kind.limit} items",
        "additionalProperties": lambda: "is not a known field",
        "unevaluatedProperties": lambda: "is not a known field",
    }
    return f"{name} {facts.get(keyword, lambda: 'is not valid')()}"
