"""Jackson's credentials and its error bodies.

The error of an operation has the envelope `{"data": null, "error": {"message", "code"}}`. An error that precedes the
operation (credentials, methods) has none: `{"error": {"message"}}`.
"""

from __future__ import annotations

from mockserver.core.messages import Answer, Request
from mockserver.core.problems import (
    Forbidden,
    InternalError,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unauthenticated,
    UnknownPath,
    Violation,
)
from mockserver.documents.spec import Operation
from mockserver.engine.service import bearer

NOT_FOUND = {
    "directory": "Directory configuration not found.",
    "scope": "Directory not found.",
    "user": "User not found",
    "group": "Group with id {key} not found.",
}
MISSING_PRODUCT = "Please provide a product"
MISSING_SCOPE = "Please provide tenant and product"
MISSING = "Missing required parameters."
# The product checks a new directory in this order and reports only the first error: fields, schema keywords, message.
BODY_RULES = (
    (("tenant", "product"), ("required", "minLength"), MISSING),
    (("type",), ("enum", "type"), "Invalid directory type."),
    (("tenant", "product"), ("pattern",), "{name} cannot contain the character :"),
)


def credential(request: Request) -> str | None:
    """Returns the key of `Authorization: Api-Key <key>` or `Bearer <key>`; None without one."""
    return bearer(request, "api-key", "bearer")


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """Returns the error response that Jackson gives for a problem."""
    if isinstance(problem, Unauthenticated):
        return Answer({"error": {"message": "Unauthorized"}}, problem.status)
    if isinstance(problem, Forbidden):
        return Answer({"error": {"message": "Forbidden"}}, problem.status)
    if isinstance(problem, MethodNotAllowed):
        body = {"error": {"message": f"Method {problem.method} not allowed."}}
        return Answer(body, problem.status, (("Allow", ", ".join(problem.allow)),))
    message = _message(problem, operation.id if operation else "")
    return Answer({"data": None, "error": {"message": message, "code": problem.status}}, problem.status)


def _message(problem: Problem, operation: str) -> str:
    if isinstance(problem, NotFound):
        return NOT_FOUND.get(problem.kind, problem.message).format(key=problem.key)
    if isinstance(problem, UnknownPath):
        return f"Not Found. Nearest: {', '.join(problem.nearest)}"
    if isinstance(problem, InternalError):
        return "Internal Server Error"
    if isinstance(problem, InvalidInput):
        return _first_message(problem.violations, operation)
    return problem.message


def _first_message(violations: list[Violation], operation: str) -> str:
    """Returns the message for the violation that the product would notice first."""
    if violations[0].where == "query" and violations[0].keyword in ("required", "minLength", "anyOf"):
        return MISSING_PRODUCT if operation == "listDirectoriesByProduct" else MISSING_SCOPE
    for names, keywords, message in BODY_RULES:
        for violation in violations:
            if violation.name in names and violation.keyword in keywords:
                return message.format(name=violation.name)
    return violations[0].message
