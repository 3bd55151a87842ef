"""A small API and flows over it, for the tests of the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.core.messages import Request, Response, encode
from mockserver.flows.arazzo import ArazzoDocument, read

API: dict[str, Any] = {
    "servers": [{"url": "/v1"}, {"url": "/t/{tenant}"}],
    "paths": {
        "/things": {
            "parameters": [],
            "get": {"operationId": "listThings"},
            "post": {"operationId": "createThing"},
        },
        "/things/{id}": {"get": {"operationId": "getThing"}},
        "/token": {"servers": [{"url": "/"}], "post": {"operationId": "logIn"}},
    },
}


def step(name: str, operation: str = "listThings", **more: Any) -> dict[str, Any]:
    """A step that wants 200."""
    return {"stepId": name, "operationId": operation, "successCriteria": [{"condition": "$statusCode == 200"}], **more}


def call(name: str, workflow: str, **more: Any) -> dict[str, Any]:
    """A step that plays another workflow."""
    return {"stepId": name, "workflowId": workflow, **more}


def workflow(*steps: dict[str, Any], name: str = "main", **more: Any) -> dict[str, Any]:
    """A workflow of these steps."""
    return {"workflowId": name, "steps": list(steps), **more}


def document(*workflows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An Arazzo document over the small API."""
    source = {"name": "api", "url": "../api.yaml", "type": "openapi"}
    info = {"title": "A flow", "version": "1"}
    return {"arazzo": "1.0.1", "info": info, "sourceDescriptions": [source], "workflows": list(workflows), **more}


def flow(*workflows: dict[str, Any], **more: Any) -> ArazzoDocument:
    """That document, read."""
    return read(document(*workflows, **more), lambda _: API)


def answering(*answers: Any) -> tuple[Callable[[Request], Response], list[Request]]:
    """A deployment that gives these answers, statuses or bodies, one after the other; and what it was asked."""
    asked: list[Request] = []
    left = iter(answers)

    def carry(request: Request) -> Response:
        asked.append(request)
        answer = next(left)
        if isinstance(answer, int):
            return Response(answer)
        return Response(200, encode(answer), [("Content-Type", "application/json")])

    return carry, asked
