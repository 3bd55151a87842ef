"""Created is found, listed, changed, deleted and gone: for each operation that creates, along the document's links."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..framework.deployment import Deployment
from ..framework.documents import Operation, body_example, sample
from ..framework.links import creates, followed

pytestmark = pytest.mark.proves("lifecycle")


@pytest.mark.operations(fit=creates)
def test_what_is_created_lives_and_dies(deployment_of: Callable[[str], Deployment], operation: Operation) -> None:
    deployment = deployment_of(operation.service).fresh("empty" if operation.service == "netbird" else "documented")
    asked = sample(operation)
    assert asked is not None
    created = deployment.ask(asked)
    assert created.status_code in (200, 201), created.text
    steps = followed(operation, created, asked.path, asked.body)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        for target, path in steps.get(method, ()):
            body = {"PUT": asked.body, "PATCH": body_example(target)}.get(method)
            changed = deployment.send(method, path, body)
            assert changed.status_code < 300, f"{method} {path}: {changed.text}"
    for _, path in steps.get("GET", ()):
        assert deployment.send("GET", path).status_code in (404, 401)
