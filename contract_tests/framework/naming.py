"""The names of what the suite creates on a real deployment, so that people and `--clean` recognise it."""

from __future__ import annotations

import itertools
import re
import secrets
from typing import Any

from .documents import DocumentedOperation, resolve

PREFIX = "contract-"

NAME_FIELDS = ("name", "displayName", "userName", "label", "connection_name")
"""The fields of a body that can hold such a name."""

_numbers = itertools.count(1)
_run = secrets.token_hex(3)


def new_name() -> str:
    """Returns a name that is unique to this run."""
    return f"{PREFIX}{_run}-{next(_numbers)}"


def is_named_by_suite(record: dict[str, Any]) -> bool:
    """Returns whether this run, or an earlier one, has named a record."""
    return any(is_suite_name(record.get(field)) for field in NAME_FIELDS)


def is_suite_name(value: Any) -> bool:
    """Returns whether a value is a name that `new_name` has made in any run."""
    return isinstance(value, str) and re.fullmatch(rf"{PREFIX}[0-9a-f]{{6}}-[0-9]+", value) is not None


def with_new_names(operation: DocumentedOperation, body: dict[str, Any], creates: bool) -> dict[str, Any]:
    """Returns the body with new names in its name fields; one that `creates` and has none gets one where it can."""
    given = [name for name in NAME_FIELDS if isinstance(body.get(name), str)]
    if not given and creates:
        given = [name for name in NAME_FIELDS if name in _optional_fields(operation)][:1]
    return {**body, **{name: new_name() for name in given}}


def _optional_fields(operation: DocumentedOperation) -> list[str]:
    """Returns the fields that the body may have but need not. Adding a required one would make a wrong body right."""
    body = resolve(operation.service, operation.definition.get("requestBody"))
    media = next(iter(body["content"].values())) if body else {}
    schema = resolve(operation.service, media.get("schema", {}))
    return [name for name in schema.get("properties", {}) if name not in schema.get("required", ())]
