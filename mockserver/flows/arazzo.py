"""An Arazzo document, read: workflows of steps, each bound to the operation that it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from mockserver.core.messages import Json

Document: TypeAlias = Mapping[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SOURCE = "$sourceDescriptions."
SERVER = "$servers."


class InvalidFlow(ValueError):
    """An Arazzo document that can not be played; says where and why."""


@dataclass(frozen=True)
class BoundOperation:
    """What a step calls. `path` is relative to the deployment's URL, the mount and its variables included."""

    source: str
    service: str
    id: str
    method: str
    path: str


@dataclass(frozen=True)
class ArazzoParameter:
    """A value for an operation (`where` is path, query, header or cookie) or, with `where` empty, for a workflow."""

    name: str
    where: str
    value: Json


@dataclass(frozen=True)
class RequestBody:
    """What a step sends. `replacements` are JSON pointers into the payload and what comes there."""

    content_type: str
    payload: Json
    replacements: tuple[tuple[str, Json], ...]


@dataclass(frozen=True)
class Criterion:
    """A condition. `kind` is simple, regex or jsonpath; the latter two are about the value of `context`."""

    condition: str
    context: str
    kind: str


@dataclass(frozen=True)
class StepAction:
    """What follows a step if all criteria hold: `kind` is end, goto (the step `target`) or retry (after a pause)."""

    kind: str
    target: str
    pause: float
    limit: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Step:
    """One call: of an operation, or of another workflow of the document."""

    id: str
    description: str
    operation: BoundOperation | None
    workflow: str
    parameters: tuple[ArazzoParameter, ...]
    body: RequestBody | None
    criteria: tuple[Criterion, ...]
    on_success: tuple[StepAction, ...]
    on_failure: tuple[StepAction, ...]
    outputs: Mapping[str, Json]


@dataclass(frozen=True)
class Workflow:
    """Steps in order. `inputs` is the JSON schema of what they are given."""

    id: str
    summary: str
    description: str
    inputs: Document
    steps: tuple[Step, ...]
    outputs: Mapping[str, Json]

    def index(self, step: str) -> int:
        """Where a step stands."""
        return [it.id for it in self.steps].index(step)


@dataclass(frozen=True)
class ArazzoDocument:
    """A whole document. `services` are those whose operations it calls."""

    title: str
    summary: str
    workflows: Mapping[str, Workflow]
    services: frozenset[str]

    @property
    def played(self) -> tuple[str, ...]:
        """The workflows that are played for themselves: those that no step calls."""
        called = {step.workflow for workflow in self.workflows.values() for step in workflow.steps}
        return tuple(name for name in self.workflows if name not in called)

    def inputs(self) -> dict[str, Document]:
        """The schema of every input of the workflows that are played."""
        return {
            name: schema
            for workflow in self.played
            for name, schema in self.workflows[workflow].inputs.get("properties", {}).items()
        }


def read(document: Document, open_service: Callable[[str], Document]) -> ArazzoDocument:
    """What a document says. `open_service` gives the OpenAPI document of a service. Raises InvalidFlow."""
    try:
        return _Reader(document, open_service).flow()
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise InvalidFlow(f"not an Arazzo document: {type(error).__name__} {error}") from None


class _Reader:
    def __init__(self, document: Document, open_service: Callable[[str], Document]) -> None:
        self._document = document
        self._components: Mapping[str, Any] = document.get("components", {})
        self._operations: dict[str, dict[str, BoundOperation]] = {}
        for source in document["sourceDescriptions"]:
            found = {it.id: it for it in _operations(source, open_service)}
            self._operations[source["name"]] = found

    def flow(self) -> ArazzoDocument:
        workflows = {it["workflowId"]: self._workflow(it) for it in self._document["workflows"]}
        steps = [step for workflow in workflows.values() for step in workflow.steps]
        for step in steps:
            if step.workflow and step.workflow not in workflows:
                raise InvalidFlow(f"step {step.id}: no workflow {step.workflow}")
        info = self._document["info"]
        services = frozenset(step.operation.service for step in steps if step.operation)
        return ArazzoDocument(info["title"], info.get("summary", ""), workflows, services)

    def _workflow(self, told: Document) -> Workflow:
        if "dependsOn" in told:
            raise InvalidFlow(f"workflow {told['workflowId']}: call a workflow by a step instead of dependsOn")
        common = [self._parameter(it) for it in told.get("parameters", ())]
        actions = {name: told.get(name, ()) for name in ("successActions", "failureActions")}
        steps = tuple(self._step(it, common, actions) for it in told["steps"])
        names = [step.id for step in steps]
        for action in (action for step in steps for action in (*step.on_success, *step.on_failure)):
            if action.kind == "goto" and action.target not in names:
                raise InvalidFlow(f"workflow {told['workflowId']}: no step {action.target} to go to")
        return Workflow(
            told["workflowId"],
            told.get("summary", ""),
            told.get("description", ""),
            self._resolved(told.get("inputs", {})),
            steps,
            told.get("outputs", {}),
        )

    def _step(
        self, told: Document, common: Sequence[ArazzoParameter], actions: Mapping[str, Sequence[Document]]
    ) -> Step:
        operation = self._operation(told["operationId"]) if "operationId" in told else None
        workflow = told.get("workflowId", "")
        if (operation is None) == (not workflow):
            raise InvalidFlow(f"step {told['stepId']}: it wants an operationId or a workflowId")
        own = [self._parameter(it) for it in told.get("parameters", ())]
        parameters = {(it.name.lower(), it.where): it for it in (*(common if operation else ()), *own)}
        return Step(
            told["stepId"],
            told.get("description", ""),
            operation,
            workflow,
            tuple(parameters.values()),
            _body(told["requestBody"]) if "requestBody" in told else None,
            _criteria(told.get("successCriteria", ())),
            tuple(self._action(it) for it in told.get("onSuccess", actions["successActions"])),
            tuple(self._action(it) for it in told.get("onFailure", actions["failureActions"])),
            told.get("outputs", {}),
        )

    def _operation(self, name: str) -> BoundOperation:
        """`getUser` where there is one source, `$sourceDescriptions.scim.getUser` where there are several."""
        source, _, operation = name.removeprefix(SOURCE).rpartition(".")
        found = self._operations.get(source or next(iter(self._operations)), {}).get(operation)
        if found is None or (not source and len(self._operations) > 1):
            raise InvalidFlow(f"no operation {name}")
        return found

    def _parameter(self, told: Document) -> ArazzoParameter:
        merged = {**self._reusable(told), **({"value": told["value"]} if "value" in told else {})}
        return ArazzoParameter(merged["name"], merged.get("in", ""), merged["value"])

    def _action(self, told: Document) -> StepAction:
        merged = self._reusable(told)
        if "workflowId" in merged or (merged["type"] == "retry" and "stepId" in merged):
            raise InvalidFlow(f"action {merged['name']}: only a goto leads to a step, and none to a workflow")
        return StepAction(
            merged["type"],
            merged.get("stepId", ""),
            merged.get("retryAfter", 0),
            merged.get("retryLimit", 1),
            _criteria(merged.get("criteria", ())),
        )

    def _reusable(self, told: Document) -> Document:
        """What `reference: $components.parameters.administrator` stands for."""
        if "reference" not in told:
            return told
        _, kind, name = told["reference"].split(".")
        found: Document = self._components[kind][name]
        return found

    def _resolved(self, schema: Document) -> Document:
        """What `$ref: '#/components/inputs/administrator'` stands for."""
        if "$ref" not in schema:
            return schema
        found: Document = self._components["inputs"][schema["$ref"].rpartition("/")[2]]
        return found


def _operations(source: Document, open_service: Callable[[str], Document]) -> Iterator[BoundOperation]:
    service = PurePosixPath(source["url"]).stem
    document = open_service(service)
    number = int(source.get("x-serverUrl", SERVER + "0").removeprefix(SERVER))
    mount = document.get("servers", [{"url": "/"}])[number]
    for path, item in document["paths"].items():
        for method in (it for it in item if it in METHODS):
            servers = item[method].get("servers") or item.get("servers") or [mount]
            url = servers[0]["url"].rstrip("/") + path
            yield BoundOperation(source["name"], service, item[method].get("operationId", ""), method.upper(), url)


def _body(told: Document) -> RequestBody:
    replacements = tuple((it["target"], it["value"]) for it in told.get("replacements", ()))
    return RequestBody(told.get("contentType", ""), told["payload"], replacements)


def _criteria(told: Sequence[Document]) -> tuple[Criterion, ...]:
    return tuple(_criterion(it) for it in told)


def _criterion(told: Document) -> Criterion:
    kind = told.get("type", "simple")
    kind = kind if isinstance(kind, str) else kind["type"]
    if kind not in ("simple", "regex", "jsonpath"):
        raise InvalidFlow(f"criterion {told['condition']}: {kind} is not read here")
    if kind != "simple" and "context" not in told:
        raise InvalidFlow(f"criterion {told['condition']}: {kind} wants a context")
    return Criterion(told["condition"], told.get("context", ""), kind)
