"""What can be wrong with what the mock does: each takes a call, carries it out wrongly and gives the answer.

They work from outside, by asking the unbroken mock something else, more, or in vain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from contract_tests.framework.documents import credential_header, operations, sample
from mockserver import Request
from mockserver.core.messages import Headers, Response, encode
from mockserver.engine.address import address_of
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Worlds

Behaviour = Callable[..., Response]


@dataclass(frozen=True)
class Asked:
    """A request for an operation; `answer` is how the unbroken mock answers a request."""

    service: str
    operation: str
    request: Request
    answer: Callable[[Request], Response]
    worlds: Worlds

    @property
    def world(self) -> World:
        """The world it is for."""
        return self.worlds.get_or_create(address_of(self.request, None).world)

    def with_headers(self, **fields: str | None) -> Request:
        """The request with other header fields: None takes one away."""
        kept = {name.lower(): value for name, value in self.request.headers.items()}
        kept.update({name.lower().replace("_", "-"): value for name, value in fields.items() if value is not None})
        gone = {name.lower().replace("_", "-") for name, value in fields.items() if value is None}
        return replace(self.request, headers=Headers({name: kept[name] for name in kept if name not in gone}))

    def by_administrator(self) -> Request:
        """The request with a good credential."""
        return self.with_headers(**credential_header(self.service, "mock-admin"))

    def exemplary(self) -> Request:
        """The operation's documented request in place of this one."""
        shown = sample(operations(self.service)[self.operation])
        assert shown is not None
        good = self.by_administrator()
        headers = Headers({**good.headers, "content-type": "application/json", **shown.headers})
        body = b"" if shown.body is None else encode(shown.body)
        return replace(good, method=shown.method, target=shown.path, headers=headers, body=body)


def nothing(asked: Asked) -> Response:
    """Nothing is wrong: this is the unbroken mock."""
    return asked.answer(asked.request)


def admits(asked: Asked, status: str) -> Response:
    """Does for everybody what it should refuse with this status."""
    answer = asked.answer(asked.request)
    return asked.answer(asked.by_administrator()) if answer.status == int(status) else answer


def accepts(asked: Asked, status: str) -> Response:
    """Succeeds, as its example does, where it should refuse with this status."""
    answer = asked.answer(asked.request)
    return asked.answer(asked.exemplary()) if answer.status == int(status) else answer


def disturbs(asked: Asked, status: str) -> Response:
    """Refuses with this status, and changes something nevertheless."""
    answer = asked.answer(asked.request)
    if answer.status == int(status):
        asked.answer(asked.exemplary())
    return answer


def forgets(asked: Asked) -> Response:
    """Says it is done and has done nothing."""
    world = asked.world
    before = world.state
    answer = asked.answer(asked.request)
    world.state = before
    return answer


def ignores(asked: Asked, *names: str) -> Response:
    """Does as if these query parameters were not there."""
    return asked.answer(_with_query(asked.request, dict.fromkeys(names)))


def shifts(asked: Asked, name: str, by: str) -> Response:
    """Counts from another place: a query parameter is off by so many."""
    query = asked.request.target.partition("?")[2]
    value = dict(parse_qsl(query)).get(name)
    moved = None if value is None else str(int(value) + int(by))
    return asked.answer(_with_query(asked.request, {name: moved}))


def misses(asked: Asked, field: str) -> Response:
    """Does as if a member of the body were not there."""
    try:
        body = Response(0, asked.request.body).json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or field not in body:
        return asked.answer(asked.request)
    kept = {name: value for name, value in body.items() if name != field}
    return asked.answer(replace(asked.request, body=encode(kept)))


def overlooks(asked: Asked, name: str) -> Response:
    """Does as if a header field were not there."""
    return asked.answer(asked.with_headers(**{name: None}))


def renews(asked: Asked) -> Response:
    """Does a thing twice."""
    asked.answer(asked.request)
    return asked.answer(asked.request)


BEHAVIOURS: Mapping[str, Behaviour] = {
    behaviour.__name__: behaviour
    for behaviour in (nothing, admits, accepts, disturbs, forgets, ignores, shifts, misses, overlooks, renews)
}


def _with_query(request: Request, changes: Mapping[str, str | None]) -> Request:
    """The request with other query parameters: None takes one away."""
    path, mark, query = request.target.partition("?")
    pairs = [(name, changes.get(name, value)) for name, value in parse_qsl(query, keep_blank_values=True)]
    kept = urlencode([(name, value) for name, value in pairs if value is not None])
    return replace(request, target=path + ("?" + kept if kept else "")) if mark else request
