"""Invalid bodies: for each field a body without it, or with a value of another type, is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..framework.documents import DocumentedOperation, resolve
from ..framework.samples import required_sample
from ..framework.session import OpenSession

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("refusals")]

WRONG_VALUES: dict[str, Any] = {"object": 17, "array": 17}
"""For some types a value of another type."""

WRONG_FOR_OTHER_TYPES: Any = {"wrong": ["type"]}


def body_schema(operation: DocumentedOperation) -> dict[str, Any]:
    """Returns the schema of the JSON body; an empty one if there is no body, or its schema does not list properties."""
    body = resolve(operation.service, operation.definition.get("requestBody")) or {}
    for media_type, media in body.get("content", {}).items():
        if media_type.endswith("json"):
            schema: dict[str, Any] = resolve(operation.service, media.get("schema", {}))
            return schema if "properties" in schema else {}
    return {}


def invalid_bodies(operation: DocumentedOperation) -> Iterator[Any]:
    """Yields the sample's body with one required field missing, or with one field of another type, for each field."""
    schema, valid = body_schema(operation), required_sample(operation).body
    if not schema or not isinstance(valid, dict):
        return
    for name in schema.get("required", ()):
        yield {other: value for other, value in valid.items() if other != name}
    for name, field in schema["properties"].items():
        type_name = resolve(operation.service, field).get("type")
        if name in valid and isinstance(type_name, str) and type_name != "null":
            yield {**valid, name: WRONG_VALUES.get(type_name, WRONG_FOR_OTHER_TYPES)}


def has_invalid_bodies(operation: DocumentedOperation) -> bool:
    """Returns whether there is a body that the document does not allow."""
    return operation.method != "GET" and next(invalid_bodies(operation), None) is not None


@pytest.mark.operations(where=has_invalid_bodies)
def test_a_body_that_the_document_does_not_allow_is_refused_and_changes_nothing(
    open_session: OpenSession, operation: DocumentedOperation
) -> None:
    session = open_session(operation.service)
    before = session.state()
    for body in invalid_bodies(operation):
        response = session.send_sample(required_sample(operation), body=body)
        assert response.status_code in (400, 422), f"{body} got {response.status_code} {response.text}"
        assert str(response.status_code) in operation.definition["responses"]
    assert session.state() == before
