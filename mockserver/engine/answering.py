"""Responses: from what a handler returned or raised to a message that obeys the document."""

from __future__ import annotations

import logging
from dataclasses import replace

from mockserver.core.messages import JSON_TYPE, Answer, Response, encode
from mockserver.core.problems import InternalError, InvalidInput, MalformedRequest, Problem
from mockserver.documents.spec import Operation
from mockserver.engine.service import Service

logger = logging.getLogger("mockserver")


class BrokenContract(Exception):
    """A handler's answer does not obey its document."""


def checked_response(answer: Answer, operation: Operation, media_suffix: str) -> Response:
    """Returns the response for an answer. Raises BrokenContract where the document does not allow it.

    `media_suffix` follows the media type in the Content-Type header.
    """
    status = operation.success if answer.status is None else answer.status
    reply = operation.replies.get(status)
    if reply is None:
        raise BrokenContract(f"{operation.id} answers {status}, which its document does not know")
    media_type = answer.content_type or (operation.success_type if status == operation.success else JSON_TYPE)
    if not reply.content:
        body = b""
        headers = list(answer.headers)
    else:
        validator = reply.content.get(media_type)
        if media_type not in reply.content:
            raise BrokenContract(f"{operation.id} answers {media_type} to {status}, which its document does not know")
        raw = isinstance(answer.body, bytes)
        if validator is not None and not validator.valid(answer.body.decode() if raw else answer.body):
            violations = validator.violations(answer.body.decode() if raw else answer.body)
            raise BrokenContract(f"{operation.id} answers {status} with {[str(violation) for violation in violations]}")
        body = answer.body if raw else encode(answer.body)
        headers = [("Content-Type", media_type + media_suffix), *answer.headers]
    for required in reply.headers:
        if all(name.lower() != required for name, _ in headers):
            raise BrokenContract(f"{operation.id} answers {status} without the header {required}")
    return Response(status, body, headers, stream=answer.stream)


def refusal_response(service: Service, refusal: Problem, operation: Operation | None) -> Response:
    """Returns the response for a refusal, in the service's own error format.

    A refusal by an operation has to obey the document, like any answer. One that does not is a bug: it is logged, and
    the response is a 500. Two kinds of 400 are not checked where the document has no 400, because any operation may
    meet them: a request that can't be parsed, and one that a strict world refuses.
    """
    answer = service.problem(refusal, operation)
    status = answer.status or refusal.status
    any_operation = isinstance(refusal, (MalformedRequest, InvalidInput)) and status == 400
    if operation is None or refusal.status >= 500 or (any_operation and 400 not in operation.replies):
        return render(answer, status, service.media_suffix)
    try:
        return checked_response(replace(answer, status=status), operation, service.media_suffix)
    except BrokenContract as error:
        logger.error("bug in a refusal of %s: %s", operation.id, error)
        bug = InternalError(type(error).__name__)
        bug.path, bug.at = refusal.path, refusal.at
        return render(service.problem(bug, operation), bug.status, service.media_suffix)


def render(answer: Answer, status: int, media_suffix: str) -> Response:
    """Returns the response for an answer without checking it. `status` counts where the answer names none."""
    content_type = (answer.content_type or JSON_TYPE) + media_suffix
    body = answer.body if isinstance(answer.body, bytes) else encode(answer.body)
    return Response(answer.status or status, body, [("Content-Type", content_type), *answer.headers])
