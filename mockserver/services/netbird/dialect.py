"""NetBird's credentials and its error bodies: `{"message": ..., "code": <status>}`."""

from __future__ import annotations

from mockserver.core.messages import Answer, Request
from mockserver.core.problems import (
    InternalError,
    InvalidInput,
    MalformedRequest,
    MethodNotAllowed,
    Problem,
    UnknownPath,
    Violation,
)
from mockserver.documents.spec import Operation
from mockserver.engine.service import bearer

UNREADABLE = "couldn't parse JSON request"


def credential(request: Request) -> str | None:
    """Returns the personal access token of `Authorization: Token <PAT>` or `Bearer <PAT>`; None without one."""
    return bearer(request, "token", "bearer")


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """Returns the error response that NetBird gives for a problem."""
    status, message = problem.status, problem.message
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(problem, InvalidInput):
        status, message = _invalid(problem.violations[0], operation)
    elif isinstance(problem, MalformedRequest) and operation is not None:
        message = UNREADABLE
    elif isinstance(problem, UnknownPath):
        message = f"{problem.message}; nearest: {', '.join(problem.nearest)}"
    elif isinstance(problem, MethodNotAllowed):
        message, headers = "method not allowed", (("Allow", ", ".join(problem.allow)),)
    elif isinstance(problem, InternalError):
        message = "internal server error"
    return Answer({"message": message, "code": status}, status, headers)


def _invalid(violation: Violation, operation: Operation | None) -> tuple[int, str]:
    """Returns the status and the message for the first violation of the document.

    The product decodes JSON into typed fields and then checks the values one by one. So it answers a value of a wrong
    type as it answers malformed JSON, and reports only the first wrong value.
    """
    if violation.where == "path":
        return 400, "invalid integration ID"
    if violation.where != "body" or violation.keyword == "additionalProperties":
        return 400, f"unknown {violation.where} field {violation.name}"
    if violation.keyword == "type":
        return 400, UNREADABLE
    provider = operation is not None and operation.id.endswith("IdentityProvider")
    return 422, _provider_message(violation) if provider else violation.message


def _provider_message(violation: Violation) -> str:
    if violation.keyword in ("required", "minLength"):
        return f"identity provider {violation.name.replace('_', ' ')} is required"
    if violation.name == "type":
        return "unsupported identity provider type"
    return "identity provider issuer must be a valid URL"
