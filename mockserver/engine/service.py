"""What a service is to the engine, and what a handler gets to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mockserver.core.ids import Ids
from mockserver.core.messages import Answer, Json, Request
from mockserver.core.problems import Problem
from mockserver.documents.spec import Operation
from mockserver.state.store import Collection, Transaction


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls. `role` is "admin", "reader" or what a service knows besides; `id` is its record, where it has one."""

    role: str
    id: str = ""


ADMINISTRATOR = Principal("admin")
READER = Principal("reader")


@dataclass(slots=True)
class Call:
    """One call of an operation, as its handler sees it.

    `path`, `query` and `header` hold the parameters by name, read and validated; `body` is the parsed body. `now` is
    the world's instant in nanoseconds, `world_born` the instant at which time began to pass in the world. `base` is the
    URL under which the caller reaches the world, without a trailing slash. `records` is the transaction: its changes
    take effect only if the answer is a success.
    """

    operation: Operation
    request: Request
    records: Transaction
    now: int
    world_born: int
    base: str
    options: Mapping[str, Any]
    principal: Principal
    path: dict[str, Any]
    query: dict[str, Any]
    header: dict[str, Any]
    body: Json

    @property
    def ids(self) -> Ids:
        """Where new identifiers come from."""
        return Ids(self.records.draw)


Handler: TypeAlias = Callable[[Call], Json]
"""Gives the answer's JSON body, or an `Answer`; raises a `Problem` to refuse."""


def may_by_role(call: Call) -> bool:
    """The ordinary rule: a reader reads, anybody else may do everything."""
    return call.principal.role != "reader" or call.operation.method in ("GET", "HEAD")


def issues_no_credentials(credential: str, records: Transaction, now: int) -> Principal | None:
    """For a service that issues no credentials."""
    return None


@dataclass(frozen=True)
class Service:
    """One API: its handlers by operationId, its records, and its manners.

    `credential(request)` takes the credential out of the API's own scheme, or gives None. `issued(credential, records,
    now)` tells whose it is if this world handed it out. `may(call)` authorizes; of the call it has the path's
    parameters, not yet the query and the body. `problem(problem, operation)` renders every refusal. `media_suffix`
    follows each media type the service answers with ("; charset=UTF-8"). `respell(operation, body)`, for an API that
    reads names in several spellings, gives the body in the document's. `example_query` makes the first GET of the
    document a request to show to people.
    """

    name: str
    handlers: Mapping[str, Handler]
    credential: Callable[[Request], str | None]
    problem: Callable[[Problem, Operation | None], Answer]
    collections: tuple[Collection, ...] = ()
    issued: Callable[[str, Transaction, int], Principal | None] = issues_no_credentials
    may: Callable[[Call], bool] = may_by_role
    media_suffix: str = ""
    example_query: str = ""
    respell: Callable[[Operation, Json], Json] | None = None


def bearer(request: Request, *schemes: str) -> str | None:
    """The credential of an Authorization header whose scheme is one of these, in any case."""
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    credential = credential.strip()
    return credential if credential and scheme.lower() in schemes else None
