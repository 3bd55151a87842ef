"""VMware Cloud Foundation's credentials and its error bodies.

Every error response is an Error object, which says what is wrong (`errorCode`, `message`, `arguments`), lists the
causes and tells how to correct the request (`remediationMessage`).
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

MAX_CAUSES = 20
"""Violations that one Error object lists at most."""

TAKE_LISTED_ID = "Take the id from the list of identity providers."
LOG_IN = "Obtain an access token from POST /v1/tokens and send it as a bearer token."

ERROR_TERMS: dict[type[Problem], tuple[str, str, str]] = {
    MalformedRequest: ("MALFORMED_REQUEST", "BAD_REQUEST", "Send one JSON value in UTF-8, to a correctly encoded URL."),
    InvalidInput: ("INVALID_INPUT", "BAD_REQUEST", "Correct the fields that the causes name, then send it again."),
    Unauthenticated: ("IDENTITY_UNAUTHORIZED_ENTITY", "UNAUTHORIZED", LOG_IN),
    Forbidden: ("IDENTITY_FORBIDDEN_OPERATION", "FORBIDDEN", "Log in as a user with the ADMIN role."),
    NotFound: ("NOT_FOUND", "NOT_FOUND", TAKE_LISTED_ID),
    UnknownPath: ("RESOURCE_NOT_FOUND", "NOT_FOUND", "Use one of the operations that the arguments name."),
    MethodNotAllowed: ("METHOD_NOT_ALLOWED", "METHOD_NOT_ALLOWED", "Use one of the methods that Allow lists."),
    Conflict: ("IDENTITY_CONFLICT", "CONFLICT", "Compare the request with what is configured."),
    PayloadTooLarge: ("REQUEST_TOO_LARGE", "PAYLOAD_TOO_LARGE", "Send a smaller body."),
    UnsupportedMedia: ("UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_MEDIA_TYPE", "Send Content-Type: application/json."),
    TooManyRequests: ("TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS", "Wait, then send it again."),
    InternalError: ("IDENTITY_INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR", "Report the reference token."),
}
"""Type of problem → `errorCode`, `errorType` and `remediationMessage` of its Error object."""

NOT_FOUND_REMEDIES = {
    "identity source": "Take the domain name from the identity sources of the embedded identity provider.",
    "refresh token": "Log in again with POST /v1/tokens.",
}

KIND_REMEDY = (
    "A provider of type ActiveDirectory takes ldap and oidc, one of type FEDERATED_IDP_BROKER takes fedIdpSpec."
)

FIELD_REMEDIES = {
    "certChain": "Each certificate is one PEM block, BEGIN and END lines included; ldaps servers need at least one.",
    "serverEndpoints": "A server is ldap://host[:port] or ldaps://host[:port].",
    "discoveryEndpoint": "The discovery endpoint is an absolute http or https URL.",
    "domains": "Domains are DNS names, each given once.",
    "defaultDomain": "A domain is a DNS name.",
    "domainName": "A domain is a DNS name.",
    "syncClientTokenTTL": "The lifetime is in seconds, from 1 to 31536000 (a year).",
    "type": "External providers are ActiveDirectory or FEDERATED_IDP_BROKER, LDAP servers ActiveDirectory or OpenLdap.",
    "ldap": KIND_REMEDY,
    "oidc": KIND_REMEDY,
    "fedIdpSpec": KIND_REMEDY,
}
"""Field → how to correct it, for fields whose message alone does not tell."""


def credential(request: Request) -> str | None:
    """Returns the access token of `Authorization: Bearer <token>`; None without one."""
    return bearer(request, "bearer")


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """Returns the error response for a problem."""
    code, kind, remedy = ERROR_TERMS.get(type(problem)) or _by_status(problem.status)
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
        **_specific_members(problem),
    }
    allow = (("Allow", ", ".join(problem.allow)),) if isinstance(problem, MethodNotAllowed) else ()
    return Answer({**body, "referenceToken": _reference(body)}, problem.status, allow)


def conflict(message: str, code: str, arguments: list[str], remedy: str) -> Conflict:
    """Returns the problem of a request that contradicts itself or the configuration.

    `code` becomes the `errorCode` of the Error object, `remedy` its `remediationMessage`.
    """
    return Conflict(message, errorCode=code, arguments=arguments, remediationMessage=remedy)


def _specific_members(problem: Problem) -> Json:
    """Returns the members of the Error object that depend on more than the type of the problem."""
    if isinstance(problem, Conflict):
        return problem.details
    if isinstance(problem, InvalidInput):
        return _invalid(problem.violations[:MAX_CAUSES])
    if isinstance(problem, NotFound):
        return _not_found(problem)
    if isinstance(problem, UnknownPath):
        return {"arguments": problem.nearest}
    if isinstance(problem, MethodNotAllowed):
        return {"arguments": list(problem.allow)}
    return {}


def _invalid(violations: list[Violation]) -> Json:
    causes = [_cause(violation) for violation in violations]
    remedies = dict.fromkeys(
        FIELD_REMEDIES[violation.name] for violation in violations if violation.name in FIELD_REMEDIES
    )
    return {
        "arguments": [_dotted(violation) for violation in violations],
        "message": f"The request is not valid: {'; '.join(causes)}.",
        "causes": [{"type": "InvalidField", "message": cause} for cause in causes],
        **({"remediationMessage": " ".join(remedies)} if remedies else {}),
    }


def _not_found(problem: NotFound) -> Json:
    return {
        "errorCode": f"{problem.kind.replace(' ', '_').upper()}_NOT_FOUND",
        "arguments": [problem.key] if problem.key else [],
        "message": f"No such {problem.kind}: {problem.key}." if problem.key else f"No such {problem.kind}.",
        "remediationMessage": NOT_FOUND_REMEDIES.get(problem.kind, TAKE_LISTED_ID),
    }


def _by_status(status: int) -> tuple[str, str, str]:
    name = HTTPStatus(status).name
    return name, name, "Send the request again."


def _cause(violation: Violation) -> str:
    """Returns the message of a violation with the whole path of its field: "ldap.password is required"."""
    return violation.message.replace(violation.name, _dotted(violation), 1)


def _dotted(violation: Violation) -> str:
    return violation.pointer.strip("/").replace("/", ".") or violation.where


def _reference(body: Json) -> str:
    """Returns six characters that are equal for equal errors, so that equal runs give equal bytes."""
    content = f"{body['errorCode']} {body['message']} {body['context']}"
    return b32encode(blake2b(content.encode(), digest_size=5).digest()).decode()[:6]
