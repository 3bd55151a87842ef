"""Changes are visible: after a write, reading its path, or the nearest readable path above it, shows the change.

The samples are sent, and for updates also a variant that can't be a no-op.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ..framework.documents import DocumentedOperation, operations
from ..framework.samples import SampleRequest, required_sample
from ..framework.session import OpenSession

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("lifecycle")]

INVISIBLE: Mapping[str, str] = {
    "addOrganizationIdentityProvider": "the organization of the sample already has that provider",
    "createSupportRequest": "the request is sent by e-mail",
    "createToken": "a login changes nothing",
    "generateSyncClientToken": "the new token is shown in the same way as the old one",
    "grantDefaultRole": "a role is granted elsewhere",
    "initiateAuthorization": "it returns a token",
    "initiateInvitationAcceptance": "it returns a token",
    "issueAccessToken": "a login changes nothing",
    "mapUserIdentity": "a mapping has a path of its own",
    "refreshAccessToken": "it returns a token",
    "resetUserIdentityMfa": "an identity does not show its second factors",
}
"""Operations whose effect is not visible at their path or above it, and why."""

VISIBLE_AT = {"syncGoogleIntegration": "logs", "syncAzureIntegration": "logs", "bulk": "Users"}
"""Operations whose effect is visible at a sibling of their path: its last segment."""

MARK = " (altered)"


def changes_visibly(operation: DocumentedOperation) -> bool:
    """Returns whether an operation writes something that a read shows."""
    return not operation.reads and operation.id not in INVISIBLE


def variants(request: SampleRequest) -> list[SampleRequest]:
    """Returns the sample, and one that asks for another name or for the opposite, if there is such a variant."""
    opposite = re.sub("/(de)?activate$", lambda end: "/activate" if end[1] else "/deactivate", request.path)
    body = request.body
    if not isinstance(body, dict):
        return [request] if opposite == request.path else [request, replace(request, path=opposite)]
    renamed = {name: f"{body[name]}{MARK}" for name in ("name", "displayName") if isinstance(body.get(name), str)}
    inverted = {name: not value for name, value in body.items() if isinstance(value, bool)}
    return [request, replace(request, path=opposite, body={**body, **renamed, **inverted})]


def path_to_read(operation: DocumentedOperation, path: str) -> str:
    """Returns the path at which a change is visible."""
    path = path.partition("?")[0]
    if operation.id in VISIBLE_AT:
        return f"{path.rpartition('/')[0]}/{VISIBLE_AT[operation.id]}"
    readable = {it.template for it in operations(operation.service).values() if it.method == "GET"}
    template = operation.template
    while template and template not in readable:
        template, path = template.rpartition("/")[0], path.rpartition("/")[0]
    return path


@pytest.mark.operations(where=changes_visibly)
def test_a_read_shows_what_was_written(open_session: OpenSession, operation: DocumentedOperation) -> None:
    session = open_session(operation.service)
    sample = required_sample(operation)
    query = sample.path.partition("?")[2] or _query_of_list(operation, sample.body)
    url = path_to_read(operation, sample.path) + ("?" + query if query else "")
    reads = [session.send("GET", url)]
    for request in variants(sample) if operation.method in ("PUT", "PATCH") else [sample]:
        response = session.send_sample(request)
        assert response.status_code < 300, response.text
        reads.append(session.send("GET", url))
        record = response.json() if response.content and operation.method == "PUT" else None
        if isinstance(record, dict) and reads[-1].json().get("id") == record.get("id", ""):
            visible = unmasked(reads[-1].json())
            assert visible == {name: record[name] for name in visible}
    assert len({(it.status_code, it.content) for it in reads}) > 1, f"{url} shows no change"


def unmasked(record: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a record without masked secrets, which the response to a write may show once in full."""
    return {name: value for name, value in record.items() if "***" not in str(value)}


def _query_of_list(operation: DocumentedOperation, body: Any) -> str:
    """Returns the query that Jackson's lists require."""
    if operation.id != "createDirectory":
        return ""
    return f"tenant={body['tenant']}&product={body['product']}"
