"""Fault injection: requests that fail on purpose, as their own header or a rule of their world says."""

from __future__ import annotations

from mockserver.core.messages import Effect, Response
from mockserver.core.problems import Problem
from mockserver.engine.answering import render
from mockserver.engine.routing import Endpoint
from mockserver.state.store import Transaction
from mockserver.worlds import faults
from mockserver.worlds.journal import Exchange
from mockserver.worlds.world import World


def inject(header: str | None, endpoint: Endpoint, world: World, path: str, exchange: Exchange) -> Response | None:
    """Decides whether a request fails, and notes the fault in the exchange.

    Returns the response of a request that is not carried out, or None for one that is; `faults.apply` damages the
    response of the latter where the fault says so. `header` is the request's own `X-Mock-Fault`, which replaces the
    rules of the world. The response is not checked against the document, because a fault may have any status.
    """
    try:
        fault = exchange.fault = _ruled(world, path, exchange) if header is None else faults.parse_header(header)
        if fault is not None and fault.damage == "disconnect":
            return Response(0)
    except Problem as problem:  # a header or a rule that asks for an impossible fault
        return _failure(problem, endpoint, path, exchange)
    if fault is None or fault.status is None:
        return None
    return _failure(faults.problem_for(fault), endpoint, path, exchange)


def _ruled(world: World, path: str, exchange: Exchange) -> Effect | None:
    """Returns the fault that the world's rules decide on.

    The rules' counters are committed here, in a transaction of their own: they count the request even if it is refused.
    """
    records = Transaction(world.state, world.seed)
    called = faults.CallSummary(exchange.service, exchange.operation, exchange.request.method, path)
    fault = faults.decide(records, called, exchange.at)
    exchange.state = world.commit(records)
    return fault


def _failure(problem: Problem, endpoint: Endpoint, path: str, exchange: Exchange) -> Response:
    """Returns a refusal as the endpoint's service words it."""
    problem.path, problem.at = path, exchange.at
    service = endpoint.service
    return render(service.problem(problem, endpoint.operation), problem.status, service.media_suffix)
