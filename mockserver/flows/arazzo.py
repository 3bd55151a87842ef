"""An Arazzo document as Python values: workflows of steps, each bound to the operation that it calls.

`mockserver.flows.reader` makes these values. All of them are immutable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mockserver.core.messages import Json

Document: TypeAlias = Mapping[str, Any]


class InvalidFlow(ValueError):
    """An Arazzo document that cannot be played. The message says where the mistake is and what it is."""


@dataclass(frozen=True)
class BoundOperation:
    """The operation that a step calls.

    `path` is relative to the server's URL; it includes the mount and its variables.
    """

    source: str
    service: str
    id: str
    method: str
    path: str


@dataclass(frozen=True)
class ArazzoParameter:
    """The value of one parameter of an operation, or of one input of a workflow.

    `location` is path, query, header or cookie; it is empty for the input of a workflow.
    """

    name: str
    location: str
    value: Json


@dataclass(frozen=True)
class StepBody:
    """The body that a step sends.

    `replacements` are pairs of a JSON pointer into the payload and the new value there.
    """

    content_type: str
    payload: Json
    replacements: tuple[tuple[str, Json], ...]


@dataclass(frozen=True)
class Criterion:
    """A condition that a response meets or fails.

    `kind` is simple, regex or jsonpath. A regex or jsonpath condition is applied to the value of the expression
    `context`.
    """

    condition: str
    context: str
    kind: str


@dataclass(frozen=True)
class StepAction:
    """What happens after a step if all criteria of the action are met.

    `kind` is end (the workflow ends), goto (the step named `target` is next) or retry (the same step is played again,
    at most `limit` times, each time after `pause` seconds).
    """

    kind: str
    target: str
    pause: float
    limit: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Step:
    """One call: of an operation, or of another workflow in the document."""

    id: str
    description: str
    operation: BoundOperation | None
    workflow: str
    parameters: tuple[ArazzoParameter, ...]
    body: StepBody | None
    criteria: tuple[Criterion, ...]
    on_success: tuple[StepAction, ...]
    on_failure: tuple[StepAction, ...]
    outputs: Mapping[str, Json]


@dataclass(frozen=True)
class Workflow:
    """A list of steps. `inputs` is the JSON schema of the workflow's inputs."""

    id: str
    summary: str
    description: str
    inputs: Document
    steps: tuple[Step, ...]
    outputs: Mapping[str, Json]

    def index(self, step: str) -> int:
        """Returns the position of the step with this id."""
        return [it.id for it in self.steps].index(step)


@dataclass(frozen=True)
class ArazzoDocument:
    """A whole document. `services` are the services whose operations its steps call."""

    title: str
    summary: str
    workflows: Mapping[str, Workflow]
    services: frozenset[str]

    @property
    def entry_points(self) -> tuple[str, ...]:
        """The workflows that are played on their own: those that no step calls."""
        called = {step.workflow for workflow in self.workflows.values() for step in workflow.steps}
        return tuple(name for name in self.workflows if name not in called)

    def inputs(self) -> dict[str, Document]:
        """Returns the schema of every input of the entry points, by name."""
        return {
            name: schema
            for workflow in self.entry_points
            for name, schema in self.workflows[workflow].inputs.get("properties", {}).items()
        }
