"""JSON Schema: from the schemas of a document to compiled validators. The only importer of jsonschema-rs.

A validator accepts or refuses a value in about a microsecond. Only a refusal is explained, as a list of `Violation`s,
because that is slow. Messages never repeat a value, which could be a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs

from mockserver.core.messages import Json
from mockserver.core.problems import Violation
from mockserver.documents.document import Document

MOST_ITEMS = 50
"""Items of a list whose errors are explained."""
MOST_POINTERS = 100
"""Members which a schema does not describe that are listed."""

CLOSING = ("additionalProperties", "unevaluatedProperties")
"""The keywords that can forbid members which no `properties` describes."""


class Validator:
    """One compiled schema. `valid(value)` is True or False; `violations(value)` explains a False.

    `where` is the part of the message that the schema describes: "body", "query", "path", "header" or "answer".
    `fields` lists the schema's own properties in the order in which violations are reported.
    """

    __slots__ = ("_compiled", "_positions", "valid", "where")

    def __init__(self, compiled: jsonschema_rs.Draft202012Validator, where: str, fields: list[str]) -> None:
        self._compiled = compiled
        self._positions = {name: position for position, name in enumerate(fields)}
        self.valid: Callable[[Json], bool] = compiled.is_valid
        self.where = where

    @property
    def fields(self) -> list[str]:
        """The schema's own properties, in the order in which violations are reported."""
        return list(self._positions)

    def violations(self, value: Json) -> list[Violation]:
        """Returns what is wrong with a value: first the value as a whole, then its members in the schema's order.

        Not everything that is wrong with a long list is returned: see `_errors`.
        """
        return sorted((_violation(error, self.where) for error in self._errors(value)), key=self._position)

    def undescribed(self, value: Json) -> list[str]:
        """Returns the JSON pointers of the members that a closed schema does not describe, the outermost first.

        There are at most `MOST_POINTERS`. The value has to obey the open schema. Then the list is empty if and only if
        the closed schema accepts it.
        """
        # A refusal by `anyOf` may be explained by another branch than the one that the member broke.
        refused = self.unexpected(value)
        return refused or [_violation(error, self.where).pointer for error in self._errors(value)][:MOST_POINTERS]

    def unexpected(self, value: Json) -> list[str]:
        """Returns the JSON pointers of the members that a closed schema refuses by their names, the outermost first.

        There are at most `MOST_POINTERS`. The value may have other faults.
        """
        pointers = [pointer for error in self._errors(value) for pointer in _unexpected(error)]
        return sorted(dict.fromkeys(pointers), key=_depth)[:MOST_POINTERS]

    def _errors(self, value: Json) -> list[jsonschema_rs.ValidationError]:
        """Returns the errors in a value: those in the first items of its lists, or else the first one of all.

        jsonschema-rs explains every error before it returns one, which takes seconds for a list of 100,000 wrong items.
        It finds the first error alone as quickly as it validates.
        """
        errors = [cause for error in self._compiled.iter_errors(_beginning(value)) for cause in _causes(error)]
        if errors:
            return errors
        try:
            self._compiled.validate(value)
        except jsonschema_rs.ValidationError as first:
            return _causes(first)
        return []

    def _position(self, violation: Violation) -> int:
        """Returns the position of the field around a violation; -1 for the value as a whole and for unknown fields."""
        field = violation.pointer.split("/")[1] if violation.pointer else ""
        return self._positions.get(field, -1)


class Schemas:
    """All schemas of one OpenAPI document, by JSON pointer."""

    def __init__(self, name: str, document: Document) -> None:
        self.document = document
        self._uri = f"urn:mockserver:{name}"
        self._registry = jsonschema_rs.Registry([(self._uri, document)])

    def validator(self, pointer: str, where: str) -> Validator:
        """Compiles the schema at a pointer (`#/components/schemas/Error`). `where` is as in `Validator`."""
        compiled = jsonschema_rs.Draft202012Validator(
            {"$ref": self._uri + quote(pointer, safe="#/~")},
            registry=self._registry,
            validate_formats=True,
            offline=True,
        )
        schema = self.resolve(self.at(pointer))
        return Validator(compiled, where, list(schema.get("properties", {})))

    def at(self, pointer: str) -> Any:
        """Returns the part of the document at a local JSON pointer (`#/paths/~1things/get`)."""
        value: Any = self.document
        for part in unquote(pointer).removeprefix("#/").split("/"):
            part = part.replace("~1", "/").replace("~0", "~")
            value = value[int(part)] if isinstance(value, list) else value[part]
        return value

    def resolve(self, value: Any) -> Any:
        """Follows local `$ref`s. Returns any other value as it is."""
        while isinstance(value, dict) and "$ref" in value:
            value = self.at(value["$ref"])
        return value


def pointer_to(*parts: str) -> str:
    """Returns a local JSON pointer (`#/paths/~1things/get`) from its unescaped parts."""
    escaped = [part.replace("~", "~0").replace("/", "~1") for part in parts]
    return "#/" + "/".join(escaped)


def _causes(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """Returns the errors that explain an error of `oneOf` or `anyOf`: those of the branch that the client meant.

    That is the branch with the fewest errors among those whose constants (`kind: {const: dog}`) match the value. Where
    the constants of no branch match, the constant is the error.
    """
    kind: Any = error.kind
    if kind.name not in ("oneOf", "anyOf") or not getattr(kind, "context", None):
        return [error]
    branches = [[cause for part in branch for cause in _causes(part)] for branch in kind.context]
    matching = [branch for branch in branches if all(cause.kind.name != "const" for cause in branch)]
    if matching:
        return min(matching, key=len)
    return [next(cause for cause in branches[0] if cause.kind.name == "const")]


def _beginning(value: Json) -> Json:
    """Returns a copy of a value without the items of its lists beyond the first `MOST_ITEMS`."""
    if isinstance(value, list):
        return [_beginning(item) for item in value[:MOST_ITEMS]]
    if isinstance(value, dict):
        return {name: _beginning(item) for name, item in value.items()}
    return value


def _depth(pointer: str) -> int:
    return pointer.count("/")


def _unexpected(error: jsonschema_rs.ValidationError) -> list[str]:
    """Returns the JSON pointers of the members that a closed schema refused."""
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
    messages: Mapping[str, Callable[[], str]] = {
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
    return f"{name} {messages.get(keyword, lambda: 'is not valid')()}"
