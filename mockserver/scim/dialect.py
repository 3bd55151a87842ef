"""SCIM's credentials and its error bodies (RFC 7644, section 3.12)."""

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
    """Returns the token of `Authorization: Bearer <token>`; None without one."""
    return bearer(request, "bearer")


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """Returns the error response for a problem."""
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(problem, MethodNotAllowed):
        headers = (("Allow", ", ".join(problem.allow)),)
    elif isinstance(problem, Unauthenticated):
        headers = (("WWW-Authenticate", "Bearer"),)
    return Answer(error(problem), problem.status, headers, SCIM_TYPE)


def error(problem: Problem) -> Json:
    """Returns the error body for a problem; the outcomes in a bulk response contain such bodies too."""
    body: dict[str, Json] = {"schemas": [ERROR_URN], "status": str(problem.status)}
    scim_type = _scim_type(problem)
    if scim_type is not None:
        body["scimType"] = scim_type
    body["detail"] = _detail(problem)
    return body


def _scim_type(problem: Problem) -> str | None:
    if isinstance(problem, InvalidInput):
        return _violation_type(problem.violations[0])
    if isinstance(problem, MalformedRequest):
        return "invalidSyntax"
    scim_type = problem.details.get("scim_type")
    return None if scim_type is None else str(scim_type)


def _violation_type(violation: Violation) -> str:
    """Returns the SCIM error for a violation of the document.

    A body or a list of operations of the wrong type is `invalidSyntax`; anything in it is `invalidValue`.
    """
    if violation.where == "query" and violation.name == "filter":
        return "invalidFilter"
    is_envelope = violation.pointer in ("", "/Operations")
    return (
        "invalidSyntax" if violation.where == "body" and is_envelope and violation.keyword == "type" else "invalidValue"
    )


def _detail(problem: Problem) -> str:
    if isinstance(problem, NotFound):
        return f"{problem.kind} {problem.key}".rstrip() + " not found"
    if isinstance(problem, UnknownPath) and problem.nearest:
        return f"{problem.message}; nearest: {', '.join(problem.nearest)}"
    if isinstance(problem, InternalError):
        return "internal server error"
    return problem.message
