"""Authentication: a request without a valid credential is refused, and a reader's credential can't write."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from ..framework.documents import DocumentedOperation
from ..framework.samples import required_sample, with_unknown_id, without_credential
from ..framework.session import OpenSession, Session
from .predicates import takes_api_credential

pytestmark = pytest.mark.proves("authentication")

REVOKED = "mock-revoked"
READER = "mock-reader"


def send_as(session: Session, operation: DocumentedOperation, credential: str | None) -> httpx.Response:
    """Sends an operation's sample with a credential that should be refused.

    A real deployment might accept the credential, so a write there names a resource that should not exist.
    """
    request = without_credential(operation.service, required_sample(operation))
    if not session.is_mock and not operation.reads:
        request = replace(request, path=with_unknown_id(operation, request.path))
    return session.send_sample(request, credential=credential, harmless=operation.names_resource)


@pytest.mark.operations(where=takes_api_credential)
def test_a_request_without_a_credential_is_refused(open_session: OpenSession, operation: DocumentedOperation) -> None:
    response = send_as(open_session(operation.service), operation, None)
    assert (response.status_code == 401) is not operation.open


@pytest.mark.operations(where=takes_api_credential)
def test_a_revoked_credential_is_refused(open_session: OpenSession, operation: DocumentedOperation) -> None:
    session = open_session(operation.service)
    response = send_as(session, operation, REVOKED if session.is_mock else "not-a-credential")
    assert (response.status_code == 401) is not operation.open


@pytest.mark.operations(where=takes_api_credential)
def test_a_reader_may_read_and_not_write(open_session: OpenSession, operation: DocumentedOperation) -> None:
    session = open_session(operation.service).require_mock("only the mock's reader credential is known")
    response = session.send_sample(without_credential(operation.service, required_sample(operation)), credential=READER)
    if operation.open:
        assert response.status_code not in (401, 403)
    else:
        assert (response.status_code == 403) is (not operation.reads)
