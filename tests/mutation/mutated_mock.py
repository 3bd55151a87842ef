"""A mutated mock: for as long as a block runs, every `MockServer` of this process has the fault of a mutant.

The fault is put in from outside, so the mock's own check of its responses does not stop it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from mockserver import MockServer, Request
from mockserver.core.messages import Response
from mockserver.core.problems import Problem
from mockserver.engine.address import address_of
from mockserver.state.store import Record
from mockserver.worlds import deliveries
from mockserver.worlds.deliveries import Attempt

from .behaviours import OperationCall
from .delivery_changes import DeliveryChange
from .mutants import Mutant


@contextmanager
def mutated(mutant: Mutant) -> Iterator[None]:
    """Puts the mutant's fault into all mocks. Afterwards the mocks that were used lose all their worlds."""
    if mutant.delivery_change is not None:
        with patch.object(deliveries, "next_attempt", _next_attempt(mutant.delivery_change)):
            yield
        return
    used: set[MockServer] = set()
    with patch.object(MockServer, "handle", _handle(mutant, used)):
        yield
    for server in used:
        for world in list(server.worlds):
            server.worlds.drop(world.name)


def _handle(mutant: Mutant, used: set[MockServer]) -> Callable[[MockServer, Request], Response]:
    intact, fault = MockServer.handle, mutant.fault()

    def handle(server: MockServer, request: Request) -> Response:
        used.add(server)
        service, operation = _operation_of(server, request)
        if not mutant.affects(service, operation):
            return intact(server, request)
        return fault(OperationCall(service, operation, request, lambda other: intact(server, other), server.worlds))

    return handle


def _next_attempt(change: DeliveryChange) -> Callable[[Record, int], Attempt]:
    intact = deliveries.next_attempt

    def next_attempt(record: Record, now: int) -> Attempt:
        return change(record, intact(record, now))

    return next_attempt


def _operation_of(server: MockServer, request: Request) -> tuple[str, str]:
    """Returns the service and operation that a request calls.

    If the path does not have the method, that is any operation of the path; if there is no such path, it is "", "".
    """
    try:
        match = server.engine.routing.routes.match(address_of(request, None).path)
    except Problem:
        match = None
    if match is None or not match[0]:
        return "", ""
    endpoint = match[0].get(request.method) or next(iter(match[0].values()))
    return endpoint.service.name, endpoint.operation.id
