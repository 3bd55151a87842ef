"""What the engine knows of an API (`Service`), and what a handler is given (`Call`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mockserver.core.ids import Ids
from mockserver.core.messages import Answer, Json, Request
from mockserver.core.problems import Problem
from mockserver.documents.spec import Operation
from mockserver.engine.options import WorldOption
from mockserver.state.store import Collection, Transaction


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request. `role` is "admin", "reader" or a role of the service; `id` is that of a record, if any."""

    role: str
    id: str = ""


CONTROL = "control"
"""The name of the control plane's service."""

ADMINISTRATOR = Principal("admin")
READER = Principal("reader")


@dataclass(slots=True)
class Call:
    """One call of an operation, as its handler gets it.

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
        """Makes new identifiers, from the world's seed."""
        return Ids(self.records.draw)


Handler: TypeAlias = Callable[[Call], Json]
"""Carries out an operation. Returns the response's JSON body, or an `Answer`; raises a `Problem` to refuse."""


def may_by_role(call: Call) -> bool:
    """Returns whether a call is allowed by the ordinary rule: readers may only read, everybody else may do anything."""
    return call.principal.role != "reader" or call.operation.method in ("GET", "HEAD")


def issues_no_credentials(credential: str, records: Transaction, now: int) -> Principal | None:
    """Returns None: the service issues no credentials, so it knows none."""
    return None


@dataclass(frozen=True)
class Service:
    """One API: its handlers by operationId, its collections of records, and how it speaks.

    - `credential(request)` returns the credential of a request in the API's own scheme, or None.
    - `issued(credential, records, now)` returns whose credential it is, or None if this world did not issue it.
    - `may(call)` returns whether a call is allowed. The call has the path's parameters, but no query and no body yet.
    - `problem(problem, operation)` renders every refusal in the API's own error format.
    - `respell(operation, body)`, for an API that accepts names in several spellings, returns the body with its names
      in the document's spelling.
    - `media_suffix` follows each media type that the service answers with ("; charset=UTF-8").
    - `options` are those of a world that change how the API behaves; `profiles` are the values of its option `profile`.
    - `example_query` completes the first GET of the document, which people are shown as an example request.
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
    options: tuple[WorldOption, ...] = ()
    profiles: tuple[str, ...] = ("documented",)
    respell: Callable[[Operation, Json], Json] | None = None


def bearer(request: Request, *schemes: str) -> str | None:
    """Returns the credential of an Authorization header with one of these schemes, given in lower case."""
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    credential = credential.strip()
    return credential if credential and scheme.lower() in schemes else None
