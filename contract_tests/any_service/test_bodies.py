"""A body that the document does not allow is refused, member by member, in the API's own envelope; nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ..framework.deployment import Deployment
from ..framework.documents import Operation, resolve
from .test_refusals import sampled

pytestmark = [pytest.mark.once, pytest.mark.proves("refusals")]

WRONG: dict[str, Any] = {"object": 17, "array": 17}
"""For each type a value that is none of it."""
OTHER: Any = {"wrong": ["type"]}
"""The same for all other types."""


def described(operation: Operation) -> dict[str, Any]:
    """The schema of an operation's JSON body; empty where it has none, or one that is not simply an object."""
    body = resolve(operation.service, operation.definition.get("requestBody")) or {}
    for media_type, media in body.get("content", {}).items():
        if media_type.endswith("json"):
            schema: dict[str, Any] = resolve(operation.service, media.get("schema", {}))
            return schema if "properties" in schema else {}
    return {}


def wrong_bodies(operation: Operation) -> Iterator[Any]:
    """The sample's body, each time with one member missing that has to be there, or of another type than it has."""
    schema, good = described(operation), sampled(operation).body
    if not schema or not isinstance(good, dict):
        return
    for name in schema.get("required", ()):
        yield {other: value for other, value in good.items() if other != name}
    for name, member in schema["properties"].items():
        kind = resolve(operation.service, member).get("type")
        if name in good and isinstance(kind, str) and kind != "null":
            yield {**good, name: WRONG.get(kind, OTHER)}


def can_be_wrong(operation: Operation) -> bool:
    """Whether there is a body that the document does not allow."""
    return operation.method != "GET" and next(wrong_bodies(operation), None) is not None


@pytest.mark.operations(fit=can_be_wrong)
def test_a_body_that_the_document_does_not_allow_is_refused_and_changes_nothing(
    deployment_of: Callable[[str], Deployment], operation: Operation
) -> None:
    deployment = deployment_of(operation.service).fresh()
    before = deployment.state()
    for body in wrong_bodies(operation):
        answer = deployment.ask(sampled(operation), body=body)
        assert answer.status_code in (400, 422), f"{body} is answered {answer.status_code} {answer.text}"
        assert str(answer.status_code) in operation.definition["responses"]
    assert deployment.state() == before
