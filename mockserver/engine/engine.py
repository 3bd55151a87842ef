"""The path of one request. Read this first.

    Request → world → route → fault? → authenticate (401) → authorize (403) → read parameters and body (400, 422)
            → handler in a transaction → check the answer against the document → commit and journal → Response

It is synchronous and pure: no sockets, files, wall clock or randomness. A handler that raises a `Problem` refuses: its
transaction is dropped and its service renders the refusal. Any other exception, and an answer that the document does
not allow, is a bug: dropped too, logged, and a 500 in the service's dialect.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockserver.core.messages import Answer, Effect, Request, Response
from mockserver.core.problems import Forbidden, InternalError, MethodNotAllowed, Problem, Unauthenticated, UnknownPath
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
from mockserver.documents.routes import Routes
from mockserver.documents.spec import Operation, operations
from mockserver.engine.address import Address, address
from mockserver.engine.answering import checked_response, refusal_response, render
from mockserver.engine.service import ADMINISTRATOR, READER, Call, Handler, Principal, Service
from mockserver.state.store import Transaction
from mockserver.worlds import faults
from mockserver.worlds.journal import Exchange
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

logger = logging.getLogger("mockserver")

EXCHANGE_HEADER = "X-Mock-Exchange"
CONTROL = "control"
UNANSWERED = Response(500)
"""What an exchange has before it has its response."""
SPECIAL_CREDENTIALS = {"mock-admin": ADMINISTRATOR, "mock-reader": READER, "mock-expired": None, "mock-revoked": None}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation with the service and the handler that answer it."""

    operation: Operation
    service: Service
    handler: Handler


class UnservableError(ValueError):
    """A document does not compile, or does not agree with its service's handlers."""

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason


class Engine:
    """All services over all worlds. `documents` holds each service's OpenAPI document."""

    def __init__(
        self,
        services: Sequence[Service],
        documents: Mapping[str, Document],
        worlds: Worlds,
        external_url: str | None = None,
    ) -> None:
        self.services = {service.name: service for service in services}
        self.worlds = worlds
        self.external_url = external_url
        self.routes: Routes[Endpoint] = Routes()
        self.operations: dict[str, list[Operation]] = {}
        self._owners: dict[str, Service] = {}
        for service in services:
            try:
                self._mount(service, documents[service.name])
            except Exception as error:  # a broken document can fail the compiler in any way
                reason = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
                raise UnservableError(service.name, reason) from error

    def handle(self, request: Request) -> Response:
        """Answers one request. Never raises for anything a client sends."""
        place = None
        try:
            place = address(request, self.external_url)
            world = self._world(place)
        except Problem as problem:
            problem.path = place.path if place else request.target.partition("?")[0]
            refusal = render(self._owner(problem.path).problem(problem, None), problem.status, "")
            return _journaled(self.worlds.control, _begun(self.worlds.control, request, refusal))
        exchange = _begun(world, request)
        exchange.response = self._exchange(world, place, exchange)
        if exchange.fault is not None:
            faults.apply(exchange.fault, exchange.response)
        return _journaled(world, exchange)

    def _world(self, place: Address) -> World:
        """The world a request is for; the control plane has one of its own."""
        control = place.path.startswith("/_mock/") and CONTROL in self.services
        return self.worlds.control if control else self.worlds.get_or_create(place.world)

    def _exchange(self, world: World, place: Address, exchange: Exchange) -> Response:
        """Routes, runs and commits; every refusal and bug ends here."""
        service = None
        operation = None
        try:
            endpoint, values = self._route(exchange.request.method, place.path)
            if endpoint is None:
                return self._options(place.path)
            if endpoint.service.name == CONTROL and world is not self.worlds.control:
                # Somebody escaped a letter of "_mock" to get past what guards the control plane.
                raise UnknownPath(place.path, [])
            service, operation = endpoint.service, endpoint.operation
            exchange.service, exchange.operation = service.name, operation.id
            fault = exchange.request.headers.get(faults.HEADER)
            if (fault is not None or faults.any_rules(world.state)) and service.name != CONTROL:
                faulted = self._faulted(fault, endpoint, world, place, exchange)
                if faulted is not None:
                    return faulted
            records = Transaction(world.state, exchange.settings.seed)
            response = self._run(endpoint, values, place, records, exchange)
            exchange.state = world.commit(records)
            exchange.changes = records.changes
            return response
        # No variable may keep the problem: its traceback holds this frame, and only the collector would part the two.
        except Problem as problem:
            return self._refused(problem, place, exchange, service, operation)
        except Exception as error:
            logger.exception("bug while answering %s %s", exchange.request.method, place.path)
            bug = InternalError(type(error).__name__)
        return self._refused(bug, place, exchange, service, operation)

    def _refused(
        self, refusal: Problem, place: Address, exchange: Exchange, service: Service | None, operation: Operation | None
    ) -> Response:
        refusal.path, refusal.at = place.path, exchange.at
        owner = service or self._owner(place.path)
        exchange.service = owner.name
        return refusal_response(owner, refusal, operation)

    def _run(
        self, endpoint: Endpoint, values: list[str], place: Address, records: Transaction, exchange: Exchange
    ) -> Response:
        operation, service, request = endpoint.operation, endpoint.service, exchange.request
        now, born, options = exchange.at, exchange.settings.born, exchange.settings.options
        principal = self._authenticate(endpoint, request, records, options.get("auth", "lenient"), now)
        call = Call(operation, request, records, now, born, place.base, options, principal, {}, {}, {}, None)
        if values:
            call.path = read_path(operation, values)
        if not operation.open and not service.may(call):
            raise Forbidden("permission denied")
        query = read_query(place.query) if place.query else {}
        undescribed: Sequence[str] = ()
        if operation.in_query:
            call.query = read_parameters(operation, query)
        if operation.in_header:
            call.header = read_headers(operation, request)
        if operation.body is not None:
            call.body, undescribed = read_body(operation, request, service.respell)
        if query or undescribed:
            exchange.ignored = undescribed_inputs(operation, query, undescribed)
            if exchange.ignored and options.get("strict"):
                raise undescribed_refusal(exchange.ignored)
        answer = endpoint.handler(call)
        return checked_response(
            answer if isinstance(answer, Answer) else Answer(answer), operation, service.media_suffix
        )

    def _route(self, method: str, path: str) -> tuple[Endpoint | None, list[str]]:
        """The endpoint of a method and path; None for OPTIONS, which any path answers."""
        match = self.routes.match(path)
        if match is None:
            raise UnknownPath(path, self.routes.nearest(method, path))
        methods, values = match
        endpoint = methods.get(method)
        if endpoint is None and method == "HEAD":
            endpoint = methods.get("GET")
        if endpoint is None and method != "OPTIONS":
            raise MethodNotAllowed(method, allowed(methods))
        return endpoint, values

    def _faulted(
        self, given: str | None, endpoint: Endpoint, world: World, place: Address, exchange: Exchange
    ) -> Response | None:
        """The answer to a call that fails on purpose before it is carried out; None for one that is to be carried out.

        What is to happen is said by the request's own header (`given`), or else by the rules of its world. A fault may
        answer what no document knows: it is not held against one.
        """
        try:
            fault = exchange.fault = (
                self._ruled(world, place, exchange) if given is None else faults.parse_header(given)
            )
            if fault is not None and fault.damage == "disconnect":
                return Response(0)
        except Problem as problem:
            return _failed(problem, endpoint, place, exchange)
        if fault is None or fault.status is None:
            return None
        return _failed(faults.problem_for(fault), endpoint, place, exchange)

    def _ruled(self, world: World, place: Address, exchange: Exchange) -> Effect | None:
        """What a world's rules want done. They have counted the call whatever becomes of it."""
        records = Transaction(world.state, world.seed)
        called = faults.CallSummary(exchange.service, exchange.operation, exchange.request.method, place.path)
        fault = faults.decide(records, called, exchange.at)
        exchange.state = world.commit(records)
        return fault

    def _options(self, path: str) -> Response:
        match = self.routes.match(path)
        return Response(204, headers=[("Allow", ", ".join(allowed(match[0] if match else {})))])

    def _authenticate(
        self, endpoint: Endpoint, request: Request, records: Transaction, mode: str, now: int
    ) -> Principal:
        if endpoint.operation.open or mode == "off":
            return ADMINISTRATOR
        credential = endpoint.service.credential(request)
        if credential is None:
            raise Unauthenticated("no valid authentication provided", given=False)
        if credential in SPECIAL_CREDENTIALS:
            principal = SPECIAL_CREDENTIALS[credential]
        else:
            principal = endpoint.service.issued(credential, records, now)
            if principal is None and mode == "lenient":
                principal = ADMINISTRATOR
        if principal is None:
            raise Unauthenticated("token invalid", given=True)
        return principal

    def _mount(self, service: Service, document: Document) -> None:
        compiled = list(operations(service.name, document))
        described = {operation.id for operation in compiled}
        unhandled, unknown = described - set(service.handlers), set(service.handlers) - described
        if unhandled or unknown:
            lacking = [f"no handler for {name}" for name in sorted(unhandled)]
            lacking += [f"no operation for the handler {name}" for name in sorted(unknown)]
            raise ValueError(f"operations and handlers do not agree: {', '.join(lacking)}")
        for operation in compiled:
            endpoint = Endpoint(operation, service, service.handlers[operation.id])
            self.routes.add(operation.method, operation.path, operation.patterns, endpoint)
            for owned in (operation.path, operation.mount):
                self._owners.setdefault(owned.partition("{")[0].rstrip("/"), service)
        self.operations[service.name] = compiled

    def _owner(self, path: str) -> Service:
        """The service whose paths a path that nothing answers begins like; the control plane where there is none."""
        while path:
            owner = self._owners.get(path)
            if owner is not None:
                return owner
            path = path.rpartition("/")[0]
        return self.services[CONTROL]


def _failed(refusal: Problem, endpoint: Endpoint, place: Address, exchange: Exchange) -> Response:
    """The response to a call that fails on purpose, or because of how that was asked for."""
    refusal.path, refusal.at = place.path, exchange.at
    service = endpoint.service
    return render(service.problem(refusal, endpoint.operation), refusal.status, service.media_suffix)


def _begun(world: World, request: Request, response: Response = UNANSWERED) -> Exchange:
    """The next exchange of a world."""
    settings = world.settings
    return Exchange(world.journal.last_id + 1, settings.clock.now(), "", "", request, response, world.state, settings)


def _journaled(world: World, exchange: Exchange) -> Response:
    """The response of an exchange that is over, bearing its id."""
    response = exchange.response
    response.headers.append((EXCHANGE_HEADER, str(exchange.id)))
    world.journal.last_id = exchange.id
    world.journal.add(exchange)
    return response


def allowed(methods: Mapping[str, object]) -> tuple[str, ...]:
    """What an Allow header lists for the methods of a path."""
    implied = {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    return tuple(sorted(implied | set(methods)))
