"""No body below the size limit keeps the server busy for long, whatever is in it."""

from __future__ import annotations

from functools import partial
from time import process_time

import pytest

from mockserver import MockServer
from mockserver.documents.spec import Operation
from tests.hostile.corpus import bodies, request
from tests.hostile.work import steps

SERVER = MockServer()
SERVICES = ("netbird", "jackson", "vcf", "netfoundry")
OPERATIONS: dict[str, Operation] = {
    f"{service} {operation.id}": operation
    for service in SERVICES
    for operation in SERVER.engine.operations[service]
    if operation.body is not None and "application/json" in operation.body.content
}
LONGEST = 200_000
"""Bytes of a body."""
SECONDS = 0.8
"""Processor seconds that a body may take on a slow machine."""


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_body_keeps_the_server_busy(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation.body is not None
    validator = operation.body.content["application/json"]
    members = dict.fromkeys(validator.fields) if validator is not None else {}
    for kind, body in bodies({"properties": members}, LONGEST):
        started = process_time()
        response = SERVER.handle(request(operation, body))
        assert process_time() - started < SECONDS, kind
        assert response.status < 500, kind


@pytest.mark.parametrize("name", [next(key for key in OPERATIONS if key.startswith(service)) for service in SERVICES])
def test_work_grows_no_faster_than_the_body(name: str) -> None:
    operation = OPERATIONS[name]
    for (kind, small), (_, large) in zip(bodies({}, 20_000), bodies({}, 40_000), strict=True):
        work = [steps(partial(SERVER.handle, request(operation, body))) for body in (small, large)]
        assert work[1] <= 2.5 * work[0], kind
