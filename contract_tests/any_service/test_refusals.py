"""Refusals: an invalid request gets an error in the API's own format, and changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ..framework.documents import METHODS, DocumentedOperation, operations
from ..framework.samples import required_sample, with_unknown_id
from ..framework.session import OpenSession
from .predicates import documents_not_found, takes_json

pytestmark = pytest.mark.proves("refusals")

UNREADABLE_BODIES = {
    "malformed JSON": b'{"name": ',
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "a repeated name": b'{"name": "a", "name": "b"}',
    "deep nesting": b"[" * 5_000 + b"]" * 5_000,
}


@pytest.mark.operations(where=documents_not_found)
def test_an_unknown_id_is_not_found(open_session: OpenSession, operation: DocumentedOperation) -> None:
    request = required_sample(operation)
    unknown = replace(request, path=with_unknown_id(operation, request.path))
    response = open_session(operation.service).send_sample(unknown, harmless=True)
    # A SCIM path contains the directory, without which the credential is not valid either.
    assert response.status_code == 404 or (response.status_code == 401 and operation.service == "scim")


def test_an_unsupported_method_is_refused_with_the_supported_ones(
    open_session: OpenSession, operation: DocumentedOperation
) -> None:
    supported = {it.method for it in operations(operation.service).values() if it.template == operation.template}
    method = next(name.upper() for name in METHODS if name.upper() not in supported)
    session = open_session(operation.service)
    path = required_sample(operation).path.partition("?")[0]
    response = session.send(method, path if session.is_mock else with_unknown_id(operation, path), harmless=True)
    assert response.status_code == 405
    assert supported <= {name.strip() for name in response.headers["allow"].split(",")}


@pytest.mark.operations(where=takes_json)
@pytest.mark.parametrize("wrong", UNREADABLE_BODIES)
def test_a_body_that_can_not_be_read_is_refused_and_changes_nothing(
    open_session: OpenSession, operation: DocumentedOperation, wrong: str
) -> None:
    session = open_session(operation.service)
    before = session.state()
    request = required_sample(operation)
    response = session.send_sample(
        request,
        body=None,
        content=UNREADABLE_BODIES[wrong],
        headers={"Content-Type": "application/json", **request.headers},
        harmless=not operation.names_resource,
    )
    assert response.status_code == 400
    assert session.state() == before


@pytest.mark.operations(where=takes_json)
def test_a_body_of_another_media_type_is_refused_and_changes_nothing(
    open_session: OpenSession, operation: DocumentedOperation
) -> None:
    session = open_session(operation.service)
    before = session.state()
    request = required_sample(operation)
    headers = {**request.headers, "Content-Type": "text/plain"}
    response = session.send_sample(
        request, body=None, content=b"hello", headers=headers, harmless=not operation.names_resource
    )
    assert response.status_code in (400, 415)
    assert session.state() == before


@pytest.mark.network_only
@pytest.mark.operations(where=takes_json)
def test_a_body_over_the_limit_is_refused(open_session: OpenSession, operation: DocumentedOperation) -> None:
    session = open_session(operation.service).require_mock("only the mock's limit is known")
    request = required_sample(operation)
    headers = {"Content-Type": "application/json", **request.headers}
    response = session.send_sample(request, body=None, content=b" " * (1024 * 1024 + 1), headers=headers)
    assert response.status_code == 413
