"""A refused request changes nothing: without a credential, with a reader's credential, or for an unknown resource."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ..framework.documents import DocumentedOperation
from ..framework.samples import required_sample, with_unknown_id, without_credential
from ..framework.session import OpenSession
from .predicates import documents_not_found, takes_api_credential
from .test_authentication import READER

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("authentication")]


def needs_authorization_to_write(operation: DocumentedOperation) -> bool:
    """Returns whether an operation writes, and takes the API's own credential for that."""
    return takes_api_credential(operation) and not operation.reads and not operation.open


@pytest.mark.operations(where=needs_authorization_to_write)
def test_a_caller_who_is_refused_changes_nothing(open_session: OpenSession, operation: DocumentedOperation) -> None:
    session = open_session(operation.service)
    before = session.state()
    request = without_credential(operation.service, required_sample(operation))
    assert session.send_sample(request, credential=None).status_code == 401
    if session.is_mock:
        assert session.send_sample(request, credential=READER).status_code == 403
    assert session.state() == before


@pytest.mark.operations(where=documents_not_found)
def test_a_request_for_an_unknown_id_fails_and_creates_nothing(
    open_session: OpenSession, operation: DocumentedOperation
) -> None:
    session = open_session(operation.service)
    before = session.state()
    request = required_sample(operation)
    response = session.send_sample(replace(request, path=with_unknown_id(operation, request.path)))
    assert response.status_code >= 400
    assert session.state() == before
