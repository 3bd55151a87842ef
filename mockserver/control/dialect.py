"""How the control plane authenticates requests and words its error bodies: `{"status", "message"}`."""

from __future__ import annotations

import hmac
from typing import Any

from mockserver.control.wording import Wording
from mockserver.core.messages import Answer, Request
from mockserver.core.problems import InternalError, InvalidInput, MethodNotAllowed, NotFound, Problem, UnknownPath
from mockserver.documents.spec import Operation
from mockserver.engine.service import ADMINISTRATOR, Principal, bearer
from mockserver.state.store import Transaction

NO_TOKEN = "(none needed)"  # noqa: S105  (printed where no token is needed)


def problem(wording: Wording, problem: Problem, operation: Operation | None) -> Answer:
    """Renders a problem as `{"status", "message"}`; for an unknown path, `nearest` lists the most similar
    operations."""
    body: dict[str, Any] = {"status": problem.status, "message": problem.message}
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(problem, UnknownPath):
        body["nearest"] = problem.nearest
    elif isinstance(problem, InvalidInput) and operation is not None:
        body["message"] = wording.explained(problem, operation)
    elif isinstance(problem, MethodNotAllowed):
        headers = (("Allow", ", ".join(problem.allow)),)
    elif isinstance(problem, NotFound) and problem.key:
        body["message"] = f"no {problem.kind} {problem.key}"
    elif isinstance(problem, InternalError):
        body["message"] = "internal server error; the server's log has the details"
    return Answer(body, problem.status, headers)


def credential(token: str | None, request: Request) -> str | None:
    """Returns the credential of a request: the token, or None where it is missing or wrong.

    The credentials of services are not accepted here.
    """
    if token is None:
        return NO_TOKEN
    given = bearer(request, "bearer") or ""
    return token if hmac.compare_digest(given.encode(errors="replace"), token.encode()) else None


def issued(credential: str, records: Transaction, now: int) -> Principal | None:
    return ADMINISTRATOR
