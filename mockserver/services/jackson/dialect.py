"""How Jackson takes credentials and words its refusals.

An operation's own refusal has the envelope `{"data": null, "error": {"message", "code"}}`. What stands before the
operations (credentials, methods) leaves the envelope out: `{"error": {"message"}}`.
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
# What a new directory is refused for, in the product's order: (fields, schema keywords) and the message.
BODY_RULES = (
    (("tenant", "product"), ("required", "minLength"), MISSING),
    (("type",), ("enum", "type"), "Invalid directory type."),
    (("tenant", "product"), ("pattern",), "{name} cannot contain the character :"),
)


def credential(request: Request) -> str | None:
    """A key comes as `Api-Key <key>` or `Bearer <key>`."""
    return bearer(request, "api-key", "bearer")


def problem(refusal: Problem, operation: Operation | None) -> Answer:
    """Any refusal as Jackson words it."""
    if isinstance(refusal, Unauthenticated):
        return Answer({"error": {"message": "Unauthorized"}}, refusal.status)
    if isinstance(refusal, Forbidden):
        return Answer({"error": {"message": "Forbidden"}}, refusal.status)
    if isinstance(refusal, MethodNotAllowed):
        body = {"error": {"message": f"Method {refusal.method} not allowed."}}
        return Answer(body, refusal.status, (("Allow", ", ".join(refusal.allow)),))
    message = _message(refusal, operation.id if operation else "")
    return Answer({"data": None, "error": {"message": message, "code": refusal.status}}, refusal.status)


def _message(refusal: Problem, operation: str) -> str:
    if isinstance(refusal, NotFound):
        return NOT_FOUND.get(refusal.kind, refusal.message).format(key=refusal.key)
    if isinstance(refusal, UnknownPath):
        return f"Not Found. Nearest: {', '.join(refusal.nearest)}"
    if isinstance(refusal, InternalError):
        return "Internal Server Error"
    if isinstance(refusal, InvalidInput):
        return _first(refusal.violations, operation)
    return refusal.message


def _first(violations: list[Violation], operation: str) -> str:
    """The one violation that the product would have noticed first."""
    if violations[0].where == "query" and violations[0].keyword in ("required", "minLength", "anyOf"):
        return MISSING_PRODUCT if operation == "listDirectoriesByProduct" else MISSING_SCOPE
    for names, keywords, message in BODY_RULES:
        for violation in violations:
            if violation.name in names and violation.keyword in keywords:
                return message.format(name=violation.name)
    return violations[0].message
