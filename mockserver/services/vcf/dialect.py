"""How VMware Cloud Foundation takes credentials and words its refusals.

Every refusal is an Error object: what was wrong (`errorCode`, `message`, `arguments`), each cause of it, and what to do
about it (`remediationMessage`).
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b
from http import HTTPStatus

from mockserver.core.messages import Answer, Json, Request
from mockserver.core.problems import (
    Conflict,
    Forbidden,
    InternalError,
    InvalidInput,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Problem,
    TooManyRequests,
    Unauthenticated,
    UnknownPath,
    UnsupportedMedia,
    Violation,
)
from mockserver.documents.spec import Operation
from mockserver.engine.service import bearer

TOLD = 20
"""Violations that one refusal names at most."""

LISTED = "Take the id from the list of identity providers."
LOG_IN = "Obtain an access token from POST /v1/tokens and send it as a bearer token."

WORDS: dict[type[Problem], tuple[str, str, str]] = {
    MalformedRequest: ("MALFORMED_REQUEST", "BAD_REQUEST", "Send one JSON value in UTF-8, to a correctly encoded URL."),
    InvalidInput: ("INVALID_INPUT", "BAD_REQUEST", "Correct the fields that the causes name, then send it again."),
    Unauthenticated: ("IDENTITY_UNAUTHORIZED_ENTITY", "UNAUTHORIZED", LOG_IN),
    Forbidden: ("IDENTITY_FORBIDDEN_OPERATION", "FORBIDDEN", "Log in as a user with the ADMIN role."),
    NotFound: ("NOT_FOUND", "NOT_FOUND", LISTED),
    UnknownPath: ("RESOURCE_NOT_FOUND", "NOT_FOUND", "Use one of the operations that the arguments name."),
    MethodNotAllowed: ("METHOD_NOT_ALLOWED", "METHOD_NOT_ALLOWED", "Use one of the methods that Allow lists."),
    Conflict: ("IDENTITY_CONFLICT", "CONFLICT", "Compare the request with what is configured."),
    PayloadTooLarge: ("REQUEST_TOO_LARGE", "PAYLOAD_TOO_LARGE", "Send a smaller body."),
    UnsupportedMedia: ("UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_MEDIA_TYPE", "Send Content-Type: application/json."),
    TooManyRequests: ("TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS", "Wait, then send it again."),
    InternalError: ("IDENTITY_INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR", "Report the reference token."),
}

WHERE_TO_LOOK = {
    "identity source": "Take the domain name from the identity sources of the embedded identity provider.",
    "refresh token": "Log in again with POST /v1/tokens.",
}

KINDS = "A provider of type ActiveDirectory takes ldap and oidc, one of type FEDERATED_IDP_BROKER takes fedIdpSpec."

HINTS = {
    "certChain": "Each certificate is one PEM block, BEGIN and END lines included; ldaps servers need at least one.",
    "serverEndpoints": "A server is ldap://host[:port] or ldaps://host[:port].",
    "discoveryEndpoint": "The discovery endpoint is an absolute http or https URL.",
    "domains": "Domains are DNS names, each given once.",
    "defaultDomain": "A domain is a DNS name.",
    "domainName": "A domain is a DNS name.",
    "syncClientTokenTTL": "The lifetime is in seconds, from 1 to 31536000 (a year).",
    "type": "External providers are ActiveDirectory or FEDERATED_IDP_BROKER, LDAP servers ActiveDirectory or OpenLdap.",
    "ldap": KINDS,
    "oidc": KINDS,
    "fedIdpSpec": KINDS,
}
"""What to do about a field that is wrong, where the message alone would not tell."""


def credential(request: Request) -> str | None:
    """An access token comes as `Bearer <token>`."""
    return bearer(request, "bearer")


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """Any refusal as an Error object."""
    code, kind, remedy = WORDS.get(type(problem)) or _by_status(problem.status)
    body = {
        "errorCode": code,
        "errorType": kind,
        "arguments": [],
        "context": {"service": "identity-providers", "operation": operation.id if operation else ""},
        "message": problem.message,
        "remediationMessage": remedy,
        "causes": [],
        "nestedErrors": [],
        "label": kind.replace("_", " ").capitalize(),
        **_particulars(problem),
    }
    allow = (("Allow", ", ".join(problem.allow)),) if isinstance(problem, MethodNotAllowed) else ()
    return Answer({**body, "referenceToken": _reference(body)}, problem.status, allow)


def conflict(message: str, code: str, arguments: list[str], remedy: str) -> Conflict:
    """The refusal of what contradicts itself or what is configured: what is wrong, and what to do about it."""
    return Conflict(message, errorCode=code, arguments=arguments, remediationMessage=remedy)


def _particulars(problem: Problem) -> Json:
    """What the Error object says of this refusal in place of its kind's usual words."""
    if isinstance(problem, Conflict):
        return problem.details
    if isinstance(problem, InvalidInput):
        return _invalid(problem.violations[:TOLD])
    if isinstance(problem, NotFound):
        return _not_found(problem)
    if isinstance(problem, UnknownPath):
        return {"arguments": problem.nearest}
    if isinstance(problem, MethodNotAllowed):
        return {"arguments": list(problem.allow)}
    return {}


def _invalid(violations: list[Violation]) -> Json:
    causes = [_cause(violation) for violation in violations]
    hints = dict.fromkeys(HINTS[violation.name] for violation in violations if violation.name in HINTS)
    return {
        "arguments": [_dotted(violation) for violation in violations],
        "message": f"The request is not valid: {'; '.join(causes)}.",
        "causes": [{"type": "InvalidField", "message": cause} for cause in causes],
        **({"remediationMessage": " ".join(hints)} if hints else {}),
    }


def _not_found(problem: NotFound) -> Json:
    return {
        "errorCode": f"{problem.kind.replace(' ', '_').upper()}_NOT_FOUND",
        "arguments": [problem.key] if problem.key else [],
        "message": f"No such {problem.kind}: {problem.key}." if problem.key else f"No such {problem.kind}.",
        "remediationMessage": WHERE_TO_LOOK.get(problem.kind, LISTED),
    }


def _by_status(status: int) -> tuple[str, str, str]:
    name = HTTPStatus(status).name
    return name, name, "Send the request again."


def _cause(violation: Violation) -> str:
    """The violation with the whole path of its field: "ldap.password is required"."""
    return violation.message.replace(violation.name, _dotted(violation), 1)


def _dotted(violation: Violation) -> str:
    return violation.pointer.strip("/").replace("/", ".") or violation.where


def _reference(body: Json) -> str:
    """Six characters that are the same for the same refusal, so that equal runs give equal bytes."""
    said = f"{body['errorCode']} {body['message']} {body['context']}"
    return b32encode(blake2b(said.encode(), digest_size=5).digest()).decode()[:6]
