"""Credentials and error bodies, which are Spring's: `{timestamp, status, error, message, path}`.

The token endpoint answers as OAuth 2.0 demands (RFC 6749, section 5.2): `{error, error_description}`.
"""

from __future__ import annotations

from http import HTTPStatus

from mockserver.core.clock import iso
from mockserver.core.messages import Answer, Request
from mockserver.core.problems import (
    InternalError,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unauthenticated,
    UnknownPath,
)
from mockserver.documents.spec import Operation
from mockserver.engine.service import bearer

ISSUE_ACCESS = "issueAccessToken"


def credential(request: Request) -> str | None:
    """Returns the access token of `Authorization: Bearer <token>`; None without one."""
    return bearer(request, "bearer")


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """Returns the error response for a problem, in the form of the endpoint that was called."""
    if operation is not None and operation.id == ISSUE_ACCESS:
        return _oauth(problem)
    phrase = HTTPStatus(problem.status).phrase
    body = {
        "timestamp": iso(problem.at).replace("Z", "+00:00"),
        "status": problem.status,
        "error": phrase,
        "message": _message(problem),
        "path": problem.path,
    }
    return Answer(body, problem.status, _headers(problem, "Bearer"))


def _oauth(problem: Problem) -> Answer:
    body = {"error": _oauth_error(problem), "error_description": _message(problem)}
    return Answer(body, problem.status, _headers(problem, "Basic"))


def _oauth_error(problem: Problem) -> str:
    if isinstance(problem, Unauthenticated):
        return "invalid_client"
    if isinstance(problem, InvalidInput) and problem.violations[0].keyword == "enum":
        return "unsupported_grant_type"
    return "server_error" if isinstance(problem, InternalError) else "invalid_request"


def _message(problem: Problem) -> str:
    if isinstance(problem, NotFound):
        return f"there is no {problem.kind} {problem.key}".rstrip()
    if isinstance(problem, UnknownPath):
        return f"{problem.message}; nearest: {', '.join(problem.nearest)}"
    return "the server failed; its log says why" if isinstance(problem, InternalError) else problem.message


def _headers(problem: Problem, scheme: str) -> tuple[tuple[str, str], ...]:
    if isinstance(problem, Unauthenticated):
        return (("WWW-Authenticate", scheme),)
    if isinstance(problem, MethodNotAllowed):
        return (("Allow", ", ".join(problem.allow)),)
    return ()
