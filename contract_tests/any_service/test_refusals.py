"""What is asked wrongly is refused in the API's own words, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ..framework.deployment import Deployment
from ..framework.documents import METHODS, Operation, Sample, operations, resolve, sample, unknown

pytestmark = pytest.mark.proves("refusals")

BODIES = {
    "malformed JSON": b'{"name": ',
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "a repeated name": b'{"name": "a", "name": "b"}',
    "deep nesting": b"[" * 5_000 + b"]" * 5_000,
}


def sampled(operation: Operation) -> Sample:
    """The operation's sample; every operation has one."""
    found = sample(operation)
    assert found is not None, f"{operation.id} has no sample: give its parameters and body examples"
    return found


def takes_json(operation: Operation) -> bool:
    """Whether an operation reads a JSON body."""
    body = resolve(operation.service, operation.definition.get("requestBody"))
    return bool(body) and any("json" in media_type for media_type in body["content"])


def may_not_find(operation: Operation) -> bool:
    """Whether an operation is about something that its path names, and that may not be there."""
    return operation.names_something and "404" in operation.definition["responses"]


@pytest.mark.operations(fit=may_not_find)
def test_an_unknown_id_is_not_found(deployment_of: Callable[[str], Deployment], operation: Operation) -> None:
    found = sampled(operation)
    answer = (
        deployment_of(operation.service).fresh().ask(replace(found, path=unknown(operation, found.path)), harmless=True)
    )
    assert answer.status_code in (401, 404)
    assert answer.status_code == 404 or operation.service == "scim", "only a SCIM path carries its credential's place"


def test_a_method_that_the_path_does_not_know_is_refused_with_those_it_knows(
    deployment_of: Callable[[str], Deployment], operation: Operation
) -> None:
    known = {it.method for it in operations(operation.service).values() if it.template == operation.template}
    method = next(name.upper() for name in METHODS if name.upper() not in known)
    deployment = deployment_of(operation.service).fresh()
    path = sampled(operation).path.partition("?")[0]
    answer = deployment.send(method, path if deployment.is_mock else unknown(operation, path), harmless=True)
    assert answer.status_code == 405
    assert known <= {name.strip() for name in answer.headers["allow"].split(",")}


@pytest.mark.operations(fit=takes_json)
@pytest.mark.parametrize("wrong", BODIES)
def test_a_body_that_can_not_be_read_is_refused_and_changes_nothing(
    deployment_of: Callable[[str], Deployment], operation: Operation, wrong: str
) -> None:
    deployment = deployment_of(operation.service).fresh()
    before = deployment.state()
    headers = {"Content-Type": "application/json", **sampled(operation).headers}
    answer = deployment.ask(
        sampled(operation), body=None, content=BODIES[wrong], headers=headers, harmless=not operation.names_something
    )
    assert answer.status_code == 400
    assert deployment.state() == before


@pytest.mark.operations(fit=takes_json)
def test_a_body_of_another_type_is_refused_and_changes_nothing(
    deployment_of: Callable[[str], Deployment], operation: Operation
) -> None:
    deployment = deployment_of(operation.service).fresh()
    before = deployment.state()
    headers = {**sampled(operation).headers, "Content-Type": "text/plain"}
    answer = deployment.ask(
        sampled(operation), body=None, content=b"hello", headers=headers, harmless=not operation.names_something
    )
    assert answer.status_code in (400, 415)
    assert deployment.state() == before


@pytest.mark.network
@pytest.mark.operations(fit=takes_json)
def test_a_body_over_the_limit_is_refused(deployment_of: Callable[[str], Deployment], operation: Operation) -> None:
    deployment = deployment_of(operation.service).fresh().only_mock("only the mock's limit is known")
    headers = {"Content-Type": "application/json", **sampled(operation).headers}
    answer = deployment.ask(sampled(operation), body=None, content=b" " * (1024 * 1024 + 1), headers=headers)
    assert answer.status_code == 413
