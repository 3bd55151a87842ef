"""Reads an Arazzo document and binds each of its steps to an operation of an OpenAPI document.

Everything that would stop a play is found here, before the first request: unknown operations, workflows and steps, and
the parts of Arazzo that are not supported (`dependsOn`, actions that lead to another workflow, XPath criteria).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from mockserver.flows.arazzo import (
    ArazzoDocument,
    ArazzoParameter,
    BoundOperation,
    Criterion,
    Document,
    InvalidFlow,
    Step,
    StepAction,
    StepBody,
    Workflow,
)

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SOURCE_PREFIX = "$sourceDescriptions."
SERVER_PREFIX = "$servers."


def read(document: Document, open_service: Callable[[str], Document]) -> ArazzoDocument:
    """Returns the document as Python values. `open_service` returns the OpenAPI document of a service.

    Raises InvalidFlow.
    """
    try:
        return _Reader(document, open_service).document()
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise InvalidFlow(f"not an Arazzo document: {type(error).__name__} {error}") from None


class _Reader:
    """Reads one document. The methods take the part of the document that they read, as plain JSON, in `definition`."""

    def __init__(self, document: Document, open_service: Callable[[str], Document]) -> None:
        self._document = document
        self._components: Mapping[str, Any] = document.get("components", {})
        self._operations: dict[str, dict[str, BoundOperation]] = {
            source["name"]: {operation.id: operation for operation in _operations(source, open_service)}
            for source in document["sourceDescriptions"]
        }

    def document(self) -> ArazzoDocument:
        workflows = {it["workflowId"]: self._workflow(it) for it in self._document["workflows"]}
        steps = [step for workflow in workflows.values() for step in workflow.steps]
        for step in steps:
            if step.workflow and step.workflow not in workflows:
                raise InvalidFlow(f"step {step.id}: there is no workflow {step.workflow}")
        info = self._document["info"]
        services = frozenset(step.operation.service for step in steps if step.operation)
        return ArazzoDocument(info["title"], info.get("summary", ""), workflows, services)

    def _workflow(self, definition: Document) -> Workflow:
        name = definition["workflowId"]
        if "dependsOn" in definition:
            raise InvalidFlow(f"workflow {name}: dependsOn is not supported, call the other workflow by a step")
        common = [self._parameter(it) for it in definition.get("parameters", ())]
        actions = {key: definition.get(key, ()) for key in ("successActions", "failureActions")}
        steps = tuple(self._step(it, common, actions) for it in definition["steps"])
        names = [step.id for step in steps]
        for action in (action for step in steps for action in (*step.on_success, *step.on_failure)):
            if action.kind == "goto" and action.target not in names:
                raise InvalidFlow(f"workflow {name}: an action goes to the step {action.target}, which does not exist")
        return Workflow(
            id=name,
            summary=definition.get("summary", ""),
            description=definition.get("description", ""),
            inputs=self._resolved(definition.get("inputs", {})),
            steps=steps,
            outputs=definition.get("outputs", {}),
        )

    def _step(
        self, definition: Document, common: Sequence[ArazzoParameter], actions: Mapping[str, Sequence[Document]]
    ) -> Step:
        operation = self._operation(definition["operationId"]) if "operationId" in definition else None
        workflow = definition.get("workflowId", "")
        if (operation is None) == (not workflow):
            raise InvalidFlow(f"step {definition['stepId']}: needs either an operationId or a workflowId")
        own = [self._parameter(it) for it in definition.get("parameters", ())]
        # The workflow's parameters are for operations; a step that calls a workflow passes on only its own.
        parameters = {(it.name.lower(), it.location): it for it in (*(common if operation else ()), *own)}
        return Step(
            id=definition["stepId"],
            description=definition.get("description", ""),
            operation=operation,
            workflow=workflow,
            parameters=tuple(parameters.values()),
            body=_body(definition["requestBody"]) if "requestBody" in definition else None,
            criteria=_criteria(definition.get("successCriteria", ())),
            on_success=tuple(self._action(it) for it in definition.get("onSuccess", actions["successActions"])),
            on_failure=tuple(self._action(it) for it in definition.get("onFailure", actions["failureActions"])),
            outputs=definition.get("outputs", {}),
        )

    def _operation(self, name: str) -> BoundOperation:
        """Returns the operation `getUser` of the only source, or `$sourceDescriptions.scim.getUser` of one of
        several."""
        source, _, operation_id = name.removeprefix(SOURCE_PREFIX).rpartition(".")
        operation = self._operations.get(source or next(iter(self._operations)), {}).get(operation_id)
        if operation is None or (not source and len(self._operations) > 1):
            raise InvalidFlow(f"there is no operation {name}")
        return operation

    def _parameter(self, definition: Document) -> ArazzoParameter:
        own_value = {"value": definition["value"]} if "value" in definition else {}
        merged = {**self._reusable(definition), **own_value}
        return ArazzoParameter(merged["name"], merged.get("in", ""), merged["value"])

    def _action(self, definition: Document) -> StepAction:
        merged = self._reusable(definition)
        if "workflowId" in merged or (merged["type"] == "retry" and "stepId" in merged):
            raise InvalidFlow(f"action {merged['name']}: only goto can name a step, and no action can name a workflow")
        return StepAction(
            kind=merged["type"],
            target=merged.get("stepId", ""),
            pause=merged.get("retryAfter", 0),
            limit=merged.get("retryLimit", 1),
            criteria=_criteria(merged.get("criteria", ())),
        )

    def _reusable(self, definition: Document) -> Document:
        """Follows a reference such as `$components.parameters.administrator`; returns other definitions unchanged."""
        if "reference" not in definition:
            return definition
        _, kind, name = definition["reference"].split(".")
        component: Document = self._components[kind][name]
        return component

    def _resolved(self, schema: Document) -> Document:
        """Follows a `$ref` such as `#/components/inputs/administrator`; returns other schemas unchanged."""
        if "$ref" not in schema:
            return schema
        component: Document = self._components["inputs"][schema["$ref"].rpartition("/")[2]]
        return component


def _operations(source: Document, open_service: Callable[[str], Document]) -> Iterator[BoundOperation]:
    service = PurePosixPath(source["url"]).stem
    document = open_service(service)
    number = int(source.get("x-serverUrl", SERVER_PREFIX + "0").removeprefix(SERVER_PREFIX))
    mount = document.get("servers", [{"url": "/"}])[number]
    for path, item in document["paths"].items():
        for method in (it for it in item if it in METHODS):
            servers = item[method].get("servers") or item.get("servers") or [mount]
            url = servers[0]["url"].rstrip("/") + path
            yield BoundOperation(source["name"], service, item[method].get("operationId", ""), method.upper(), url)


def _body(definition: Document) -> StepBody:
    replacements = tuple((it["target"], it["value"]) for it in definition.get("replacements", ()))
    return StepBody(definition.get("contentType", ""), definition["payload"], replacements)


def _criteria(definitions: Sequence[Document]) -> tuple[Criterion, ...]:
    return tuple(_criterion(it) for it in definitions)


def _criterion(definition: Document) -> Criterion:
    condition = definition["condition"]
    kind = definition.get("type", "simple")
    kind = kind if isinstance(kind, str) else kind["type"]
    if kind not in ("simple", "regex", "jsonpath"):
        raise InvalidFlow(f"criterion {condition}: the type {kind} is not supported")
    if kind != "simple" and "context" not in definition:
        raise InvalidFlow(f"criterion {condition}: the type {kind} needs a context")
    return Criterion(condition, definition.get("context", ""), kind)
