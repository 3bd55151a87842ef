"""Refusals: everything a service may say no with.

    Problem
    ├── MalformedRequest      400  the request can't be understood: percent-encoding, JSON, encoding, nesting
    ├── InvalidInput          400  it was understood and breaks the document's schema (a service may answer 422)
    ├── Refused               400  it obeys the schema and breaks a rule of the service
    ├── Unauthenticated       401  no credential, or not a good one
    ├── Forbidden             403  a good credential without the right
    ├── NotFound              404  no such record
    ├── UnknownPath           404  no such operation
    ├── MethodNotAllowed      405  the path exists, with other methods
    ├── Conflict              409  against the present state
    ├── PayloadTooLarge       413
    ├── UnsupportedMedia      415
    ├── TooManyRequests       429
    └── InternalError         500  a bug of ours; the only kind that is not the client's doing

A `Problem` is expected: it rolls the transaction back and is rendered by the service in its own dialect. Any other
exception is a bug.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a request breaks its schema.

    `where` is "body", "query", "path" or "header"; `pointer` a JSON pointer into it ("/name"); `keyword` the schema
    keyword that failed ("required", "type", ...); `name` the field the violation is about.
    """

    where: str
    pointer: str
    keyword: str
    name: str
    message: str


class Problem(Exception):
    """A documented refusal. `message` is for the client; `details` are facts for the service's rendering.

    `path` and `at` (the world's instant, in nanoseconds) say what was refused and when; the engine fills them in.
    """

    status = 400
    path = ""
    at = 0

    def __init__(self, message: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.status = int(str(details.pop("status", type(self).status)))


class MalformedRequest(Problem):
    """The bytes can't be read as what they should be."""


class InvalidInput(Problem):
    """The request breaks the document; `violations` says where, in the document's order."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__("; ".join(violation.message for violation in violations))
        self.violations = violations


class Refused(Problem):
    """A rule of the service forbids it; the handler gives the message and may give another status."""


class Unauthenticated(Problem):
    """`given` tells whether there was a credential at all in the API's scheme."""

    status = 401

    def __init__(self, message: str = "", given: bool = False) -> None:
        super().__init__(message)
        self.given = given


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    """`kind` names what was looked for ("identity provider"), `key` the id that nothing has."""

    status = 404

    def __init__(self, kind: str, key: str = "") -> None:
        super().__init__(f"{kind} not found")
        self.kind = kind
        self.key = key


class UnknownPath(Problem):
    """`nearest` lists operations ("GET /api/...") whose paths look most like the one asked for."""

    status = 404

    def __init__(self, path: str, nearest: list[str]) -> None:
        super().__init__(f"no operation answers at {path}")
        self.nearest = nearest


class MethodNotAllowed(Problem):
    status = 405

    def __init__(self, method: str, allow: tuple[str, ...]) -> None:
        super().__init__(f"method {method} is not allowed here")
        self.method = method
        self.allow = allow


class Conflict(Problem):
    status = 409


class PayloadTooLarge(Problem):
    """`limit` is in bytes."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"request body is larger than {limit} bytes")
        self.limit = limit


class UnsupportedMedia(Problem):
    status = 415


class TooManyRequests(Problem):
    status = 429


class InternalError(Problem):
    """What a client is told of a bug: that there was one, and where to look."""

    status = 500
