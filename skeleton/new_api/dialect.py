"""How the API takes its credential, and how it words its refusals: `{"code": <status>, "message": ...}`."""

from __future__ import annotations

from mockserver import Answer, MethodNotAllowed, Operation, Problem, Request, UnknownPath, bearer


def credential(request: Request) -> str | None:
    """Returns the token of `Authorization: Bearer <token>`, None where there is none."""
    return bearer(request, "bearer")


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """Renders any refusal. `operation` is None where no operation answers at the path."""
    message = problem.message or type(problem).__name__
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(problem, UnknownPath):
        message = f"{message}; nearest: {', '.join(problem.nearest)}"
    elif isinstance(problem, MethodNotAllowed):
        headers = (("Allow", ", ".join(problem.allow)),)
    return Answer({"code": problem.status, "message": message}, problem.status, headers)
