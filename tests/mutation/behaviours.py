"""Faults of behaviour: each takes a call of an operation, carries it out wrongly and returns a response.

They act from outside: they send the intact mock another request, a second one, or undo what the first one did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from contract_tests.framework.documents import credential_header, operations
from contract_tests.framework.samples import required_sample
from mockserver import Request
from mockserver.core.messages import Headers, Response, encode
from mockserver.engine.address import address_of
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

Behaviour = Callable[..., Response]


@dataclass(frozen=True)
class OperationCall:
    """A request for an operation. `send` passes any request to the intact mock and returns its response."""

    service: str
    operation: str
    request: Request
    send: Callable[[Request], Response]
    worlds: Worlds

    @property
    def world(self) -> World:
        """The world that the request names."""
        return self.worlds.get_or_create(address_of(self.request, None).world)

    def with_headers(self, **fields: str | None) -> Request:
        """Returns the request with some headers replaced, or removed if their value is None."""
        headers = {name.lower(): value for name, value in self.request.headers.items()}
        for name, value in fields.items():
            headers.pop(name.lower().replace("_", "-"), None)
            if value is not None:
                headers[name.lower().replace("_", "-")] = value
        return replace(self.request, headers=Headers(headers))

    def as_administrator(self) -> Request:
        """Returns the request with a valid credential."""
        return self.with_headers(**credential_header(self.service, "mock-admin"))

    def sample(self) -> Request:
        """Returns the operation's sample request, with a valid credential, for the same world."""
        sample = required_sample(operations(self.service)[self.operation])
        request = self.as_administrator()
        headers = Headers({**request.headers, "content-type": "application/json", **sample.headers})
        body = b"" if sample.body is None else encode(sample.body)
        return replace(request, method=sample.method, target=sample.path, headers=headers, body=body)


def nothing(call: OperationCall) -> Response:
    """Has no fault: this is the intact mock."""
    return call.send(call.request)


def admits(call: OperationCall, status: str) -> Response:
    """Does as an administrator what it should refuse with this status."""
    response = call.send(call.request)
    return call.send(call.as_administrator()) if response.status == int(status) else response


def accepts(call: OperationCall, status: str) -> Response:
    """Succeeds, as its sample does, where it should refuse with this status."""
    response = call.send(call.request)
    return call.send(call.sample()) if response.status == int(status) else response


def changes_despite(call: OperationCall, status: str) -> Response:
    """Refuses with this status, but changes something nevertheless."""
    response = call.send(call.request)
    if response.status == int(status):
        call.send(call.sample())
    return response


def forgets(call: OperationCall) -> Response:
    """Returns a success but changes nothing."""
    world = call.world
    before = world.state
    response = call.send(call.request)
    world.state = before
    return response


def ignores_query(call: OperationCall, *names: str) -> Response:
    """Ignores query parameters."""
    return call.send(_with_query(call.request, dict.fromkeys(names)))


def shifts_query(call: OperationCall, name: str, by: str) -> Response:
    """Adds a number to a query parameter."""
    query = call.request.target.partition("?")[2]
    value = dict(parse_qsl(query)).get(name)
    shifted = None if value is None else str(int(value) + int(by))
    return call.send(_with_query(call.request, {name: shifted}))


def ignores_field(call: OperationCall, field: str) -> Response:
    """Ignores a field of the body."""
    try:
        body = Response(0, call.request.body).json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or field not in body:
        return call.send(call.request)
    rest = {name: value for name, value in body.items() if name != field}
    return call.send(replace(call.request, body=encode(rest)))


def ignores_header(call: OperationCall, name: str) -> Response:
    """Ignores a header."""
    return call.send(call.with_headers(**{name: None}))


def acts_twice(call: OperationCall) -> Response:
    """Carries out the request twice."""
    call.send(call.request)
    return call.send(call.request)


BEHAVIOURS: Mapping[str, Behaviour] = {
    behaviour.__name__: behaviour
    for behaviour in (
        *(nothing, admits, accepts, changes_despite, forgets),
        *(ignores_query, shifts_query, ignores_field, ignores_header, acts_twice),
    )
}


def _with_query(request: Request, changes: Mapping[str, str | None]) -> Request:
    """Returns the request with some query parameters replaced, or removed if their value is None."""
    path, mark, query = request.target.partition("?")
    pairs = [(name, changes.get(name, value)) for name, value in parse_qsl(query, keep_blank_values=True)]
    rest = urlencode([(name, value) for name, value in pairs if value is not None])
    return replace(request, target=path + ("?" + rest if rest else "")) if mark else request
