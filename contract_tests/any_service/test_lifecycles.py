"""Lifecycles: what an operation has created is read, updated, deleted and gone, along the links of the document."""

from __future__ import annotations

import pytest

from ..framework.documents import DocumentedOperation
from ..framework.links import creates, linked_operations
from ..framework.samples import body_example, required_sample
from ..framework.session import OpenSession

pytestmark = pytest.mark.proves("lifecycle")


@pytest.mark.operations(where=creates)
def test_what_is_created_can_be_read_and_updated_until_it_is_deleted(
    open_session: OpenSession, operation: DocumentedOperation
) -> None:
    session = open_session(operation.service, "empty" if operation.service == "netbird" else "documented")
    request = required_sample(operation)
    created = session.send_sample(request)
    assert created.status_code in (200, 201), created.text
    linked = linked_operations(operation, created, request.path, request.body)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        for other, path in linked.get(method, ()):
            body = {"PUT": request.body, "PATCH": body_example(other)}.get(method)
            response = session.send(method, path, body)
            assert response.status_code < 300, f"{method} {path}: {response.text}"
    for _, path in linked.get("GET", ()):
        assert session.send("GET", path).status_code in (404, 401)
