"""Predicates that choose the operations for which a test runs."""

from __future__ import annotations

from ..framework.documents import DocumentedOperation, resolve


def takes_api_credential(operation: DocumentedOperation) -> bool:
    """Returns whether an operation takes the API's own credential or none, rather than one of a special scheme."""
    return operation.open or operation.definition.get("security") is None


def takes_json(operation: DocumentedOperation) -> bool:
    """Returns whether an operation takes a JSON body."""
    body = resolve(operation.service, operation.definition.get("requestBody"))
    return bool(body) and any("json" in media_type for media_type in body["content"])


def documents_not_found(operation: DocumentedOperation) -> bool:
    """Returns whether the path of an operation names a resource, and a 404 says that there is none."""
    return operation.names_resource and "404" in operation.definition["responses"]
