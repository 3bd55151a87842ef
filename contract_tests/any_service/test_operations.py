"""Every operation does what it is for: in a world full of data, or on what a real deployment holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest

from ..framework.deployment import Deployment
from ..framework.documents import Operation, Sample, operation_at, sample
from ..framework.target import items

pytestmark = pytest.mark.proves("schema")


def ordinary(operation: Operation) -> bool:
    """Whether it takes the ordinary credential, or reads with none, and can succeed. Logins need what is not shown."""
    succeeds = any(status.startswith("2") for status in operation.definition["responses"])
    login = operation.open and not operation.reads
    return succeeds and not login and operation.definition.get("security") in (None, [])


def found(deployment: Deployment, operation: Operation) -> Sample | None:
    """The operation's sample; on a real deployment about something that it has, where its lists name anything."""
    shown = sample(operation)
    if shown is None or deployment.is_mock or not operation.reads or not operation.names_something:
        return shown
    _, mark, query = shown.path.partition("?")
    parent, _, rest = operation.template.rpartition("/{id}")
    listing = operation_at(operation.service, "GET", parent) if parent else None
    listed = sample(listing) if listing and "/" not in rest else None
    if listed is None:
        return shown
    here = items(deployment.ask(listed).json())
    return replace(shown, path=f"{parent}/{quote(str(here[0]['id']), safe='')}{mark}{query}") if here else shown


@pytest.mark.operations(fit=ordinary)
def test_what_is_asked_for_is_answered(deployment_of: Callable[[str], Deployment], operation: Operation) -> None:
    deployment = deployment_of(operation.service).fresh()
    asked = found(deployment, operation)
    assert asked is not None
    answer = deployment.ask(asked)
    if answer.status_code == 404 and not deployment.is_mock:
        pytest.skip("the deployment holds nothing that could be read")
    assert answer.status_code < 300, answer.text
