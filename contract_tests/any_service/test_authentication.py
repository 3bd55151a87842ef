"""Who may ask: every operation refuses what has no good credential, and what may only read does not write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from ..framework.deployment import Deployment
from ..framework.documents import Operation, Sample, credential_header, sample, unknown

pytestmark = pytest.mark.proves("authentication")

REVOKED = "mock-revoked"
READER = "mock-reader"


def ordinary(operation: Operation) -> bool:
    """Whether an operation takes the API's ordinary credential, and not one of its own."""
    return operation.open or operation.definition.get("security") is None


def sampled(operation: Operation) -> Sample:
    """An operation's sample without the credential that the page shows with it."""
    found = sample(operation)
    assert found is not None, f"{operation.id} has no sample: give its parameters and body examples"
    carriers = credential_header(operation.service, "")
    headers = {name: value for name, value in found.headers.items() if name not in carriers}
    return replace(found, headers=headers)


def ask_as(deployment: Deployment, operation: Operation, credential: str | None) -> httpx.Response:
    """Sends an operation's sample. To a real deployment it names nothing that there is: it might not be refused."""
    found = sampled(operation)
    path = found.path if deployment.is_mock or operation.reads else unknown(operation, found.path)
    return deployment.ask(replace(found, path=path), credential=credential, harmless=operation.names_something)


@pytest.mark.operations(fit=ordinary)
def test_a_request_without_a_credential_is_refused(
    deployment_of: Callable[[str], Deployment], operation: Operation
) -> None:
    deployment = deployment_of(operation.service).fresh()
    answer = ask_as(deployment, operation, None)
    assert (answer.status_code == 401) is not operation.open


@pytest.mark.operations(fit=ordinary)
def test_a_revoked_credential_is_refused(deployment_of: Callable[[str], Deployment], operation: Operation) -> None:
    deployment = deployment_of(operation.service).fresh()
    credential = REVOKED if deployment.is_mock else "not-a-credential"
    answer = ask_as(deployment, operation, credential)
    assert (answer.status_code == 401) is not operation.open


@pytest.mark.operations(fit=ordinary)
def test_a_reader_may_read_and_not_write(deployment_of: Callable[[str], Deployment], operation: Operation) -> None:
    deployment = deployment_of(operation.service).fresh().only_mock("only the mock's reader credential is known")
    answer = deployment.ask(sampled(operation), credential=READER)
    if operation.open:
        assert answer.status_code not in (401, 403)
    else:
        assert (answer.status_code == 403) is (not operation.reads)
