"""Problems: the kinds of refusal that a request can meet.

    Problem
    ├── MalformedRequest      400  the request can't be parsed: percent-encoding, JSON, UTF-8, nesting
    ├── InvalidInput          400  the request does not obey the document's schema (a service may answer 422)
    ├── Refused               400  the request obeys the schema and breaks a rule of the service
    ├── Unauthenticated       401  no credential, or not a valid one
    ├── Forbidden             403  a valid credential without the permission
    ├── NotFound              404  no such record
    ├── UnknownPath           404  no such operation
    ├── MethodNotAllowed      405  the path has other methods
    ├── Conflict              409  the request contradicts the present state
    ├── PayloadTooLarge       413
    ├── UnsupportedMedia      415
    ├── TooManyRequests       429
    └── InternalError         500  a bug of the mock, the only kind that the client did not cause

A `Problem` is expected: the transaction is dropped, and the service renders the problem in its own error format. Any
other exception is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a request breaks its schema.

    `where` is "body", "query", "path" or "header", and `pointer` a JSON pointer into it ("/name"). `keyword` is the
    schema keyword that failed ("required", "type"). `name` is the name of the field.
    """

    where: str
    pointer: str
    keyword: str
    name: str
    message: str


class Problem(Exception):
    """A documented refusal. `message` is for the client, `details` are for the service that renders the problem.

    `path` is the path of the refused request and `at` the world's instant in nanoseconds. The engine sets both.
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
    """The bytes of the request can't be parsed."""


class InvalidInput(Problem):
    """The request does not obey the document; `violations` are in the document's order.

    `undescribed` has the JSON pointers of members of the body that the document does not describe.
    """

    def __init__(self, violations: list[Violation], undescribed: Sequence[str] = ()) -> None:
        super().__init__("; ".join(violation.message for violation in violations))
        self.violations = violations
        self.undescribed = undescribed


class Refused(Problem):
    """A rule of the service forbids the request. The handler gives the message, and may give another status."""


class Unauthenticated(Problem):
    """`given` is True where there was a credential in the API's scheme, which was not valid."""

    status = 401

    def __init__(self, message: str = "", given: bool = False) -> None:
        super().__init__(message)
        self.given = given


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    """`kind` says what was looked for ("identity provider"), `key` is the unknown id."""

    status = 404

    def __init__(self, kind: str, key: str = "") -> None:
        super().__init__(f"{kind} not found")
        self.kind = kind
        self.key = key


class UnknownPath(Problem):
    """`nearest` lists the operations ("GET /api/...") that are most similar to the request."""

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
    """A bug of the mock. `message` is the name of the exception; the log has its traceback."""

    status = 500
