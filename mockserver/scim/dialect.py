"""How SCIM takes credentials and words its refusals (RFC 7644, section 3.12)."""

from __future__ import annotations

from typing import Final

from mockserver.core.messages import Answer, Json, Request
from mockserver.core.problems import (
    InternalError,
    InvalidInput,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unauthenticated,
    UnknownPath,
    Violation,
)
from mockserver.documents.spec import Operation
from mockserver.engine.service import bearer

SCIM_TYPE: Final = "application/scim+json"
ERROR_URN: Final = "urn:ietf:params:scim:api:messages:2.0:Error"


def credential(request: Request) -> str | None:
    """A token comes as `Bearer <token>`."""
    return bearer(request, "bearer")


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """Any refusal as a SCIM error."""
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(problem, MethodNotAllowed):
        headers = (("Allow", ", ".join(problem.allow)),)
    elif isinstance(problem, Unauthenticated):
        headers = (("WWW-Authenticate", "Bearer"),)
    return Answer(error(problem), problem.status, headers, SCIM_TYPE)


def error(problem: Problem) -> Json:
    """The error message for a refusal; bulk responses hold such, too."""
    body: dict[str, Json] = {"schemas": [ERROR_URN], "status": str(problem.status)}
    kind = _scim_type(problem)
    if kind is not None:
        body["scimType"] = kind
    body["detail"] = _detail(problem)
    return body


def _scim_type(problem: Problem) -> str | None:
    if isinstance(problem, InvalidInput):
        return _violated(problem.violations[0])
    if isinstance(problem, MalformedRequest):
        return "invalidSyntax"
    kind = problem.details.get("scim_type")
    return None if kind is None else str(kind)


def _violated(violation: Violation) -> str:
    """A body of another shape can't be read; a wrong value in it, or in the query, is a wrong value."""
    if violation.where == "query" and violation.name == "filter":
        return "invalidFilter"
    envelope = violation.pointer in ("", "/Operations")
    return "invalidSyntax" if violation.where == "body" and envelope and violation.keyword == "type" else "invalidValue"


def _detail(problem: Problem) -> str:
    if isinstance(problem, NotFound):
        return f"{problem.kind} {problem.key}".rstrip() + " not found"
    if isinstance(problem, UnknownPath) and problem.nearest:
        return f"{problem.message}; nearest: {', '.join(problem.nearest)}"
    if isinstance(problem, InternalError):
        return "internal server error"
    return problem.message
