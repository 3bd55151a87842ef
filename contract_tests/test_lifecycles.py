"""Created is found, listed, changed, deleted and gone: for each operation that creates, along the document's links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from .deployment import Deployment
from .documents import Operation, Sample, body_example, links, operations, sample


def creates(operation: Operation) -> bool:
    """Whether an operation makes something that its links then delete."""
    targets = [operations(operation.service)[target] for target, _ in links(operation)]
    return operation.method == "POST" and any(target.method == "DELETE" for target in targets)


@pytest.mark.operations(fit=creates)
def test_what_is_created_lives_and_dies(deployment_of: Callable[[str], Deployment], operation: Operation) -> None:
    deployment = deployment_of(operation.service).fresh("empty" if operation.service == "netbird" else "documented")
    asked = sample(operation)
    assert asked is not None
    created = deployment.ask(asked)
    assert created.status_code in (200, 201), created.text
    steps = dict(_steps(operation, created, asked))
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        for target, path in steps.get(method, ()):
            body = {"PUT": asked.body, "PATCH": body_example(target)}.get(method)
            changed = deployment.send(method, path, body)
            assert changed.status_code < 300, f"{method} {path}: {changed.text}"
    for _, path in steps.get("GET", ()):
        assert deployment.send("GET", path).status_code in (404, 401)


def _steps(
    operation: Operation, created: httpx.Response, asked: Sample
) -> Iterator[tuple[str, list[tuple[Operation, str]]]]:
    """The linked operations on the created thing, by method."""
    found: dict[str, list[tuple[Operation, str]]] = {}
    for target_id, parameters in links(operation):
        target = operations(operation.service)[target_id]
        path = _path(target, parameters, created, operation, asked)
        if path is not None:
            found.setdefault(target.method, []).append((target, path))
    yield from found.items()


def _path(
    target: Operation, parameters: Mapping[str, str], created: httpx.Response, source: Operation, asked: Sample
) -> str | None:
    """The target's path with what the link takes from the answer; None where it needs more than that."""
    path = target.template
    for name in target.parameters:
        expression = parameters.get(name)
        value = _given(name, source, asked) if expression is None else _value(expression, created, source, asked)
        if value is None:
            return None
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return path


def _value(expression: str, created: httpx.Response, source: Operation, asked: Sample) -> Any:
    where, _, rest = expression.partition("#") if "#" in expression else (expression, "", "")
    if where == "$response.body":
        value: Any = created.json() if rest else created.text
    elif where == "$request.body":
        value = asked.body
    elif expression.startswith("$request.path."):
        return _given(expression.rpartition(".")[2], source, asked)
    else:
        return None
    for part in rest.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value.get(part)
    return value


def _given(name: str, source: Operation, asked: Sample) -> str | None:
    """What the creating request had for a path parameter."""
    template, path = source.template.split("/"), asked.path.partition("?")[0].split("/")
    return dict(zip(template, path, strict=True)).get(f"{{{name}}}")
