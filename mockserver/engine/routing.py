"""From a method and a path to the operation that answers, over the documents of all services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockserver.core.messages import Response
from mockserver.core.problems import MethodNotAllowed, UnknownPath
from mockserver.documents.document import Document
from mockserver.documents.routes import Routes, TakenError
from mockserver.documents.spec import Operation, operations
from mockserver.engine.service import CONTROL, Handler, Service


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation, the service that it belongs to, and the handler that carries it out."""

    operation: Operation
    service: Service
    handler: Handler


class UnservableError(ValueError):
    """A document does not compile, or does not agree with its service's handlers."""

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason


class Routing:
    """The endpoints of all services. `operations` lists those of each service, by its name.

    `documents` holds each service's OpenAPI document. Raises UnservableError for a service that can't be served.
    """

    def __init__(self, services: Sequence[Service], documents: Mapping[str, Document]) -> None:
        self.services = {service.name: service for service in services}
        self.operations: dict[str, list[Operation]] = {}
        self.routes: Routes[Endpoint] = Routes()
        self._owners: dict[str, Service] = {}
        for service in services:
            try:
                self._mount(service, documents[service.name])
            except Exception as error:  # a broken document can fail the compiler in any way
                reason = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
                raise UnservableError(service.name, reason) from error
        self._longest_owned = max(map(len, self._owners), default=0)

    def find(self, method: str, path: str) -> tuple[Endpoint | None, list[str]]:
        """Returns the endpoint of a request and the values of its path parameters, in the order of the path.

        The endpoint is None for OPTIONS, which every path answers. Raises UnknownPath or MethodNotAllowed where there
        is none, and MalformedRequest for a path that can't be decoded.
        """
        match = self.routes.match(path)
        if match is None:
            raise UnknownPath(path, self.routes.nearest(method, path))
        endpoints, values = match
        endpoint = endpoints.get(method)
        if endpoint is None and method == "HEAD":
            endpoint = endpoints.get("GET")
        if endpoint is None and method != "OPTIONS":
            raise MethodNotAllowed(method, allowed_methods(endpoints))
        return endpoint, values

    def options(self, path: str) -> Response:
        """Returns the response to OPTIONS: the methods of a path."""
        match = self.routes.match(path)
        return Response(204, headers=[("Allow", ", ".join(allowed_methods(match[0] if match else {})))])

    def owner(self, path: str) -> Service:
        """Returns the service that refuses a request for a path at which nothing answers.

        That is the service which serves the longest prefix of the path, or else the control plane.
        """
        # Nothing longer is owned. A path of 16,000 slashes would otherwise be copied 16,000 times.
        path = path[: self._longest_owned + 1]
        while path:
            owner = self._owners.get(path)
            if owner is not None:
                return owner
            path = path.rpartition("/")[0]
        return self.services[CONTROL]

    def _mount(self, service: Service, document: Document) -> None:
        """Adds the endpoints of a service. Raises ValueError where an operation or a handler lacks the other."""
        compiled = list(operations(service.name, document))
        described = {operation.id for operation in compiled}
        unhandled, unknown = described - set(service.handlers), set(service.handlers) - described
        if unhandled or unknown:
            lacking = [f"no handler for {name}" for name in sorted(unhandled)]
            lacking += [f"no operation for the handler {name}" for name in sorted(unknown)]
            raise ValueError(f"operations and handlers do not agree: {', '.join(lacking)}")
        for operation in compiled:
            self._add(Endpoint(operation, service, service.handlers[operation.id]))
            for owned in (operation.path, operation.mount):
                self._owners.setdefault(owned.partition("{")[0].rstrip("/"), service)
        self.operations[service.name] = compiled

    def _add(self, endpoint: Endpoint) -> None:
        """Adds a route. Raises ValueError where another operation has it; the message names the services of both."""
        operation = endpoint.operation
        try:
            self.routes.add(operation.method, operation.path, operation.patterns, endpoint)
        except TakenError as error:
            first, second = error.target.service.name, endpoint.service.name
            raise ValueError(f"{error}: one of {first!r}, one of {second!r}") from None


def allowed_methods(endpoints: Mapping[str, object]) -> tuple[str, ...]:
    """Returns what the Allow header lists for a path with these endpoints by method."""
    implied = {"OPTIONS"} | ({"HEAD"} if "GET" in endpoints else set())
    return tuple(sorted(implied | set(endpoints)))
