"""The path of one request. Read this first.

    Request → world → route → fault? → authenticate (401) → authorize (403) → read parameters and body (400, 422)
            → handler in a transaction → check the answer against the document → commit and journal → Response

The engine is synchronous and pure: it uses no sockets, files, wall clock or randomness.

A handler refuses a request by raising a `Problem`. Then its transaction is dropped, and its service renders the refusal
in its own error format. Any other exception is a bug, and so is an answer that the document does not allow. Then the
transaction is dropped, too, the bug is logged, and the client gets a 500 in the service's error format.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from mockserver.core.messages import Answer, Request, Response
from mockserver.core.problems import Forbidden, InternalError, InvalidInput, Problem, UnknownPath
from mockserver.documents.document import Document
from mockserver.documents.reading import (
    read_body,
    read_headers,
    read_parameters,
    read_path,
    read_query,
    undescribed_inputs,
    undescribed_refusal,
)
from mockserver.documents.spec import Operation
from mockserver.engine.address import Address, address_of
from mockserver.engine.answering import checked_response, refusal_response, render
from mockserver.engine.authentication import LENIENT, authenticate
from mockserver.engine.injection import inject
from mockserver.engine.routing import Endpoint, Routing
from mockserver.engine.service import CONTROL, Call, Service
from mockserver.state.store import Transaction
from mockserver.worlds import faults
from mockserver.worlds.journal import Exchange
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

logger = logging.getLogger("mockserver")

EXCHANGE_HEADER = "X-Mock-Exchange"
CONTROL_EXCHANGE = "control-"
"""Precedes the ids of the control plane's own exchanges: no journal that a client can read has them."""
NO_RESPONSE = Response(500)
"""The response of an exchange that is not answered yet."""


class Engine:
    """Answers requests to all services, the control plane included, in all worlds.

    `documents` holds each service's OpenAPI document by the service's name. `external_url`, without a trailing slash,
    replaces the origin of the URLs that services hand out. Raises UnservableError for a service that can't be served.
    """

    def __init__(
        self,
        services: Sequence[Service],
        documents: Mapping[str, Document],
        worlds: Worlds,
        external_url: str | None = None,
    ) -> None:
        self.routing = Routing(services, documents)
        self.services, self.operations = self.routing.services, self.routing.operations
        self.worlds = worlds
        self.external_url = external_url

    def handle(self, request: Request) -> Response:
        """Answers one request. Never raises, whatever a client sends."""
        address = None
        try:
            address = address_of(request, self.external_url)
            world = self._world(address)
        except Problem as problem:
            problem.path = address.path if address else request.target.partition("?")[0]
            refusal = render(self.routing.owner(problem.path).problem(problem, None), problem.status, "")
            return _finish(self.worlds.control, _begin(self.worlds.control, request, refusal), CONTROL_EXCHANGE)
        exchange = _begin(world, request)
        exchange.response = self._answer(world, address, exchange)
        if exchange.fault is not None:
            faults.apply(exchange.fault, exchange.response)
        return _finish(world, exchange, CONTROL_EXCHANGE if world is self.worlds.control else "")

    def _world(self, address: Address) -> World:
        """Returns the world of a request. The control plane has a world of its own, for its journal."""
        is_control = address.path.startswith("/_mock/")
        return self.worlds.control if is_control else self.worlds.get_or_create(address.world)

    def _answer(self, world: World, address: Address, exchange: Exchange) -> Response:
        """Routes, carries out and commits one exchange. Every refusal and every bug becomes a response here."""
        service = None
        operation = None
        try:
            endpoint, values = self.routing.find(exchange.request.method, address.path)
            if endpoint is None:
                return self.routing.options(address.path)
            if endpoint.service.name == CONTROL and world is not self.worlds.control:
                # The path has an escaped letter in "_mock", to get past the guards of the control plane.
                raise UnknownPath(address.path, [])
            service, operation = endpoint.service, endpoint.operation
            exchange.service, exchange.operation = service.name, operation.id
            fault = exchange.request.headers.get(faults.HEADER)
            if (fault is not None or faults.any_rules(world.state)) and service.name != CONTROL:
                failure = inject(fault, endpoint, world, address.path, exchange)
                if failure is not None:
                    return failure
            records = Transaction(world.state, exchange.settings.seed)
            response = _carry_out(endpoint, values, address, records, exchange)
            exchange.state = world.commit(records)
            exchange.changes = records.changes
            return response
        # No variable may keep the problem: its traceback refers to this frame, so the two would be a reference cycle,
        # and only the garbage collector could free them.
        except Problem as problem:
            return self._refuse(problem, address, exchange, service, operation)
        except Exception as error:
            logger.exception("bug while answering %s %s", exchange.request.method, address.path)
            bug = InternalError(type(error).__name__)
        return self._refuse(bug, address, exchange, service, operation)

    def _refuse(
        self,
        refusal: Problem,
        address: Address,
        exchange: Exchange,
        service: Service | None,
        operation: Operation | None,
    ) -> Response:
        refusal.path, refusal.at = address.path, exchange.at
        owner = service or self.routing.owner(address.path)
        exchange.service = owner.name
        return refusal_response(owner, refusal, operation)


def _carry_out(
    endpoint: Endpoint, values: list[str], address: Address, records: Transaction, exchange: Exchange
) -> Response:
    """Carries out an operation: from the credential to the checked response. `values` are those of path parameters."""
    operation, service, request = endpoint.operation, endpoint.service, exchange.request
    now, born, options = exchange.at, exchange.settings.born, exchange.settings.options
    principal = authenticate(endpoint, request, records, options.get("auth", LENIENT), now)
    call = Call(operation, request, records, now, born, address.base, options, principal, {}, {}, {}, None)
    if values:
        call.path = read_path(operation, values)
    if not operation.open and not service.may(call):
        raise Forbidden("permission denied")
    query = read_query(address.query) if address.query else {}
    pointers: Sequence[str] = ()
    try:
        if operation.in_query:
            call.query = read_parameters(operation, query)
        if operation.in_header:
            call.header = read_headers(operation, request)
        if operation.body is not None:
            call.body, pointers = read_body(operation, request, service.respell)
    except InvalidInput as refusal:
        # A misspelt name is the usual reason why another one is missing.
        exchange.ignored = undescribed_inputs(operation, query, refusal.undescribed)
        raise
    if query or pointers:
        exchange.ignored = undescribed_inputs(operation, query, pointers)
        if exchange.ignored and options.get("strict"):
            raise undescribed_refusal(exchange.ignored)
    answer = endpoint.handler(call)
    return checked_response(answer if isinstance(answer, Answer) else Answer(answer), operation, service.media_suffix)


def _begin(world: World, request: Request, response: Response = NO_RESPONSE) -> Exchange:
    """Returns the next exchange of a world."""
    settings = world.settings
    return Exchange(world.journal.last_id + 1, settings.clock.now(), "", "", request, response, world.state, settings)


def _finish(world: World, exchange: Exchange, prefix: str) -> Response:
    """Writes an exchange into its world's journal. Returns its response, which now bears the id of the exchange."""
    response = exchange.response
    response.headers.append((EXCHANGE_HEADER, f"{prefix}{exchange.id}"))
    world.journal.last_id = exchange.id
    world.journal.add(exchange)
    return response
