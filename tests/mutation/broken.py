"""A mock that is broken in one way, for as long as one wishes: every `MockServer` of this process.

It is broken from outside, so the mock's own check of its answers does not stop a wrong one.
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

from .behaviours import Asked
from .deliveries import Delivery
from .mutants import Mutant


@contextmanager
def broken(mutant: Mutant) -> Iterator[None]:
    """Within it, mocks are this mutant; afterwards those that were asked have no worlds left."""
    if mutant.delivery is not None:
        with patch.object(deliveries, "attempt", _attempt(mutant.delivery)):
            yield
        return
    met: set[MockServer] = set()
    with patch.object(MockServer, "handle", _handle(mutant, met)):
        yield
    for server in met:
        for world in list(server.worlds):
            server.worlds.drop(world.name)


def _handle(mutant: Mutant, met: set[MockServer]) -> Callable[[MockServer, Request], Response]:
    genuine, breaking = MockServer.handle, mutant.breaking()

    def handle(server: MockServer, request: Request) -> Response:
        met.add(server)
        service, operation = _asked(server, request)
        if not mutant.concerns(service, operation):
            return genuine(server, request)
        return breaking(Asked(service, operation, request, lambda other: genuine(server, other), server.worlds))

    return handle


def _attempt(delivery: Delivery) -> Callable[[Record, int], Attempt]:
    genuine = deliveries.next_attempt

    def attempt(record: Record, now: int) -> Attempt:
        return delivery(record, genuine(record, now))

    return attempt


def _asked(server: MockServer, request: Request) -> tuple[str, str]:
    """The service and operation that a request is for: another one of its path where its method is not known there."""
    try:
        match = server.engine.routing.routes.match(address_of(request, None).path)
    except Problem:
        match = None
    if match is None or not match[0]:
        return "", ""
    target = match[0].get(request.method) or next(iter(match[0].values()))
    return target.service.name, target.operation.id
