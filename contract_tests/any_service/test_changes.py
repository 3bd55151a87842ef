"""What an operation says it has done is there afterwards: in what its path, or the nearest one above it, answers.

The documents' own samples are asked, altered where they might ask for what is so already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from ..framework.deployment import Deployment
from ..framework.documents import Operation, Sample, operations
from .test_refusals import sampled

pytestmark = [pytest.mark.once, pytest.mark.proves("lifecycle")]

UNSEEN: Mapping[str, str] = {
    "addOrganizationIdentityProvider": "an organization's sample has that provider already",
    "createSupportRequest": "it is mailed",
    "createToken": "logging in changes nothing",
    "generateSyncClientToken": "the token it had before shows as the new one does",
    "grantDefaultRole": "a role is granted elsewhere",
    "initiateAuthorization": "it answers a token",
    "initiateInvitationAcceptance": "it answers a token",
    "issueAccessToken": "logging in changes nothing",
    "mapUserIdentity": "a mapping is found by its own path",
    "refreshAccessToken": "it answers a token",
    "resetUserIdentityMfa": "an identity does not show its second factors",
}
"""Operations whose effect no path at or above theirs shows, and why."""

WITNESSES = {"syncGoogleIntegration": "/../logs", "syncAzureIntegration": "/../logs", "bulk": "/../Users"}
"""Where the effect shows, beginning at the operation's path, where it is not at or above it."""

MARK = " (altered)"


def changes(operation: Operation) -> bool:
    """Whether an operation leaves something behind that a path at or above its own shows."""
    return not operation.reads and operation.id not in UNSEEN


def variants(found: Sample) -> list[Sample]:
    """The sample, and one that asks for something else: another name, or the opposite."""
    opposite = re.sub("/(de)?activate$", lambda end: "/activate" if end[1] else "/deactivate", found.path)
    body = found.body
    if not isinstance(body, dict):
        return [found] if opposite == found.path else [found, replace(found, path=opposite)]
    named = {name: f"{body[name]}{MARK}" for name in ("name", "displayName") if isinstance(body.get(name), str)}
    turned = {name: not value for name, value in body.items() if isinstance(value, bool)}
    return [found, replace(found, path=opposite, body={**body, **named, **turned})]


def witness(operation: Operation, path: str) -> str:
    """The path that shows what the operation did: its own or the nearest one above it that can be read."""
    bare = path.partition("?")[0]
    if operation.id in WITNESSES:
        return bare.rpartition("/")[0] + WITNESSES[operation.id].removeprefix("/..")
    readable = {it.template for it in operations(operation.service).values() if it.method == "GET"}
    template = operation.template
    while template and template not in readable:
        template, bare = template.rpartition("/")[0], bare.rpartition("/")[0]
    return bare


@pytest.mark.operations(fit=changes)
def test_what_was_changed_shows(deployment_of: Callable[[str], Deployment], operation: Operation) -> None:
    deployment = deployment_of(operation.service).fresh()
    found = sampled(operation)
    query = found.path.partition("?")[2] or _scope(operation, found.body)
    url = witness(operation, found.path) + ("?" + query if query else "")
    shown = [deployment.send("GET", url)]
    for asked in variants(found) if operation.method in ("PUT", "PATCH") else [found]:
        answer = deployment.ask(asked)
        assert answer.status_code < 300, answer.text
        shown.append(deployment.send("GET", url))
        record = answer.json() if answer.content and operation.method == "PUT" else None
        if isinstance(record, dict) and shown[-1].json().get("id") == record.get("id", ""):
            assert unmasked(shown[-1].json()) == {name: record[name] for name in unmasked(shown[-1].json())}
    assert len({(it.status_code, it.content) for it in shown}) > 1, f"{url} shows no change"


def unmasked(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record without the secrets that are shown as stars, which the answer to a change may show once."""
    return {name: value for name, value in record.items() if "***" not in str(value)}


def _scope(operation: Operation, body: Any) -> str:
    """What Jackson's lists want to be told."""
    if operation.id != "createDirectory":
        return ""
    return f"tenant={body['tenant']}&product={body['product']}"
