"""Success: every operation succeeds on its sample, or on a resource that a real deployment already has."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest

from ..framework.deployment import records
from ..framework.documents import DocumentedOperation, operation_at
from ..framework.samples import SampleRequest, required_sample, sample
from ..framework.session import OpenSession, Session

pytestmark = pytest.mark.proves("schema")


def can_succeed(operation: DocumentedOperation) -> bool:
    """Returns whether an operation documents a success and takes the API's own credential.

    A login is left out: on a real deployment the suite does not know a password.
    """
    succeeds = any(status.startswith("2") for status in operation.definition["responses"])
    is_login = operation.open and not operation.reads
    return succeeds and not is_login and operation.definition.get("security") in (None, [])


def sample_for(session: Session, operation: DocumentedOperation) -> SampleRequest:
    """Returns the operation's sample. On a real deployment it names the first resource of the list above, if any."""
    request = required_sample(operation)
    if session.is_mock or not operation.reads or not operation.names_resource:
        return request
    _, mark, query = request.path.partition("?")
    parent, _, rest = operation.template.rpartition("/{id}")
    listing = operation_at(operation.service, "GET", parent) if parent else None
    list_request = sample(listing) if listing and "/" not in rest else None
    if list_request is None:
        return request
    existing = records(session.send_sample(list_request).json())
    if not existing:
        return request
    return replace(request, path=f"{parent}/{quote(str(existing[0]['id']), safe='')}{mark}{query}")


@pytest.mark.operations(where=can_succeed)
def test_a_valid_request_succeeds(open_session: OpenSession, operation: DocumentedOperation) -> None:
    session = open_session(operation.service)
    response = session.send_sample(sample_for(session, operation))
    if response.status_code == 404 and not session.is_mock:
        pytest.skip("the deployment has no such resource to read")
    assert response.status_code < 300, response.text
