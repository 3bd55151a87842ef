"""A small API and builders of Arazzo documents that call it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.core.messages import Request, Response, encode
from mockserver.flows.arazzo import ArazzoDocument
from mockserver.flows.reader import read

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
    """Returns a step that expects status 200."""
    return {"stepId": name, "operationId": operation, "successCriteria": [{"condition": "$statusCode == 200"}], **more}


def call(name: str, workflow: str, **more: Any) -> dict[str, Any]:
    """Returns a step that calls another workflow."""
    return {"stepId": name, "workflowId": workflow, **more}


def workflow(*steps: dict[str, Any], name: str = "main", **more: Any) -> dict[str, Any]:
    """Returns a workflow with these steps."""
    return {"workflowId": name, "steps": list(steps), **more}


def document(*workflows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Returns an Arazzo document for the small API."""
    source = {"name": "api", "url": "../api.yaml", "type": "openapi"}
    info = {"title": "A flow", "version": "1"}
    return {"arazzo": "1.0.1", "info": info, "sourceDescriptions": [source], "workflows": list(workflows), **more}


def flow(*workflows: dict[str, Any], **more: Any) -> ArazzoDocument:
    """Returns that document, read."""
    return read(document(*workflows, **more), lambda _: API)


def answering(*answers: Any) -> tuple[Callable[[Request], Response], list[Request]]:
    """Returns a server that gives these answers (statuses or bodies) in turn, and the list of the requests it
    receives."""
    requests: list[Request] = []
    remaining = iter(answers)

    def carry(request: Request) -> Response:
        requests.append(request)
        answer = next(remaining)
        if isinstance(answer, int):
            return Response(answer)
        return Response(200, encode(answer), [("Content-Type", "application/json")])

    return carry, requests
