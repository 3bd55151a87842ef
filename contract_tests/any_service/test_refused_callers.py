"""Who is refused changes nothing: without a credential, with one that only reads, about what is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ..framework.deployment import Deployment
from ..framework.documents import Operation, unknown
from .test_authentication import READER, ordinary
from .test_authentication import sampled as without_credential
from .test_refusals import may_not_find, sampled

pytestmark = [pytest.mark.once, pytest.mark.proves("authentication")]


def writes(operation: Operation) -> bool:
    """Whether an operation could change something that it must not."""
    return not operation.reads and ordinary(operation) and not operation.open


@pytest.mark.operations(fit=writes)
def test_a_caller_who_is_refused_changes_nothing(
    deployment_of: Callable[[str], Deployment], operation: Operation
) -> None:
    deployment = deployment_of(operation.service).fresh()
    before = deployment.state()
    asked = without_credential(operation)
    assert deployment.ask(asked, credential=None).status_code == 401
    if deployment.is_mock:
        assert deployment.ask(asked, credential=READER).status_code == 403
    assert deployment.state() == before


@pytest.mark.operations(fit=may_not_find)
def test_what_is_not_there_is_neither_answered_nor_made(
    deployment_of: Callable[[str], Deployment], operation: Operation
) -> None:
    deployment = deployment_of(operation.service).fresh()
    before = deployment.state()
    found = sampled(operation)
    answer = deployment.ask(replace(found, path=unknown(operation, found.path)))
    assert answer.status_code >= 400
    assert deployment.state() == before
