"""How VMware Cloud Foundation takes credentials and words its refusals.

Every refusal is an Error object: what was wrong (`errorCode`, `message`, `arguments`), each cause of it, and what to do
about it (`remediationMessage`).
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b
from http import HTTPStatus

from mockserver.messages import Answer, Json, Request
from mockserver.problems import (
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
from mockserver.service import bearer
from mockserver.spec import Operation

TOLD = 20
"""Violations that one refusal names at most."""

LOG_IN = "Obtain an access token from POST /v1/tokens and send it as a bearer token."

WORDS: dict[type[Problem], tuple[str, str, str]] = {
    MalformedRequest: ("MALFORMED_REQUEST", "BAD_REQUEST", "Send one JSON value in UTF-8, to a correctly encoded URL."),
    InvalidInput: ("INVALID_INPUT", "BAD_REQUEST", "Correct the fields that the causes name, then send it again."),
    Unauthenticated: ("IDENTITY_UNAUTHORIZED_ENTITY", "UNAUTHORIZED", LOG_IN),
    Forbidden: ("IDENTITY_FORBIDDEN_OPERATION", "FORBIDDEN", "Log in as a user with the ADMIN role."),
    NotFound: ("NOT_FOUND", "NOT_FOUND", "Take the id from the list of identity providers."),
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
    message, arguments, causes = problem.message, problem.details.get("arguments", []), []
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(problem, InvalidInput):
        told = problem.violations[:TOLD]
        causes = [{"type": "InvalidField", "message": _cause(violation)} for violation in told]
        arguments = [_dotted(violation) for violation in told]
        message = "The request is not valid: " + "; ".join(cause["message"] for cause in causes) + "."
        hints = dict.fromkeys(HINTS[violation.name] for violation in told if violation.name in HINTS)
        remedy = " ".join(hints) or remedy
    elif isinstance(problem, NotFound):
        code, arguments = f"{problem.kind.replace(' ', '_').upper()}_NOT_FOUND", [problem.key] if problem.key else []
        message = f"No such {problem.kind}" + (f": {problem.key}." if problem.key else ".")
        remedy = WHERE_TO_LOOK.get(problem.kind, remedy)
    elif isinstance(problem, UnknownPath):
        arguments = problem.nearest
    elif isinstance(problem, MethodNotAllowed):
        arguments, headers = list(problem.allow), (("Allow", ", ".join(problem.allow)),)
    body = {
        "errorCode": problem.details.get("code", code),
        "errorType": kind,
        "arguments": arguments,
        "context": {"service": "identity-providers", "operation": operation.id if operation else ""},
        "message": message,
        "remediationMessage": problem.details.get("remedy", remedy),
        "causes": causes,
        "nestedErrors": [],
        "label": kind.replace("_", " ").capitalize(),
    }
    return Answer({**body, "referenceToken": _reference(body)}, problem.status, headers)


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
