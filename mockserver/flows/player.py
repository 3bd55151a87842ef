"""Plays an Arazzo document, one step at a time.

A `Position` holds everything about the progress of a play and is immutable: to go back, play on from an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from mockserver.core.messages import Json, Request, Response
from mockserver.flows.arazzo import ArazzoDocument, BoundOperation, Criterion, InvalidFlow, Step, StepAction, Workflow
from mockserver.flows.criteria import holds
from mockserver.flows.expressions import Scope, Undefined, resolve
from mockserver.flows.step_requests import StepRequest, build_request

Carry: TypeAlias = Callable[[Request], Response]
"""Sends a request, whose target is relative to the server's URL, and returns the response."""

MAX_STEPS = 1_000
"""After this many steps a flow is taken to be an endless loop."""


@dataclass(frozen=True)
class WorkflowFrame:
    """A workflow that is being played.

    `next_step` is the index of the next step, `outputs` holds the outputs of the steps so far, by step, and `retries`
    counts how often the next step was tried again.
    """

    workflow: Workflow
    inputs: Mapping[str, Json]
    next_step: int = 0
    outputs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    retries: int = 0

    @property
    def step(self) -> Step:
        return self.workflow.steps[self.next_step]


@dataclass(frozen=True)
class Position:
    """The progress of a play.

    `frames` is the stack of open workflows, the innermost last; `waiting` names the entry points not yet begun;
    `finished` holds the inputs and outputs of the workflows that have ended; `played` counts the steps.
    """

    frames: tuple[WorkflowFrame, ...]
    waiting: tuple[str, ...]
    finished: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    played: int = 0

    @property
    def over(self) -> bool:
        return not self.frames and not self.waiting

    @property
    def workflow(self) -> Workflow:
        return self.frames[-1].workflow

    @property
    def step(self) -> Step:
        return self.frames[-1].step


@dataclass(frozen=True)
class StepResult:
    """The result of playing a step.

    `checks` pairs each criterion with whether it was met. `next` is None where the play ends here. `pause` is the
    number of seconds to wait before the next step.
    """

    step: Step
    sent: StepRequest
    response: Response
    checks: tuple[tuple[Criterion, bool], ...]
    next: Position | None
    pause: float = 0

    @property
    def passed(self) -> bool:
        return all(met for _, met in self.checks)


class Player:
    """Plays a document with these inputs. An input that is missing has the default of its schema."""

    def __init__(self, flow: ArazzoDocument, inputs: Mapping[str, Json]) -> None:
        self._flow = flow
        self._inputs = inputs

    def start(self) -> Position:
        """Returns the position before the first step. Raises InvalidFlow where a required input is missing."""
        return self._advance(Position((), self._flow.entry_points))

    def play(self, position: Position, carry: Carry) -> StepResult:
        """Plays the next step.

        Raises InvalidFlow, Undefined where the request needs a value that no earlier step gave, and whatever `carry`
        raises.
        """
        if position.played >= MAX_STEPS:
            raise InvalidFlow(f"the flow did not end after {MAX_STEPS} steps")
        step, before = position.step, _scope(position)
        operation = step.operation
        assert operation is not None, "a position is always before a step that calls an operation"
        sent = build_request(step, operation, before)
        response = carry(sent.request)
        scope = {**before, **_exchange_scope(operation, sent, response)}
        checks, outputs = _evaluate_step(step, scope)
        passed = all(met for _, met in checks)
        action = _select_action(step.on_success if passed else step.on_failure, scope, position.frames[-1].retries)
        if not passed and action is None:
            return StepResult(step, sent, response, checks, None)
        after = self._advance(_after_step(position, outputs, action))
        pause = action.pause if action else 0
        return StepResult(step, sent, response, checks, None if after.over else after, pause)

    def _advance(self, position: Position) -> Position:
        """Enters and leaves workflows until the next step is one that calls an operation, or the play is over."""
        while not position.over:
            if not position.frames:
                first, *waiting = position.waiting
                position = replace(position, frames=(self._frame(first, self._inputs),), waiting=tuple(waiting))
                continue
            frame = position.frames[-1]
            if frame.next_step == len(frame.workflow.steps):
                position = _leave_workflow(position)
            elif frame.step.workflow:
                scope = _scope(position)
                arguments = {it.name: resolve(it.value, scope) for it in frame.step.parameters}
                called = self._frame(frame.step.workflow, {**self._inputs, **arguments})
                position = replace(position, frames=(*position.frames, called))
            else:
                break
        return position

    def _frame(self, name: str, arguments: Mapping[str, Json]) -> WorkflowFrame:
        workflow = self._flow.workflows[name]
        properties = workflow.inputs.get("properties", {})
        defaults = {key: schema["default"] for key, schema in properties.items() if "default" in schema}
        inputs = defaults | {key: value for key, value in arguments.items() if key in properties}
        missing = [key for key in workflow.inputs.get("required", ()) if key not in inputs]
        if missing:
            raise InvalidFlow(f"the workflow {name} needs the input {missing[0]}")
        return WorkflowFrame(workflow, inputs)


def body_value(response: Response) -> Json:
    """Returns the body of a response: parsed where it is JSON, as text where it is not, None where there is none."""
    try:
        return response.json() if response.body else None
    except ValueError:
        return response.body.decode(errors="replace")


def _scope(position: Position) -> Scope:
    frame = position.frames[-1]
    steps = {name: {"outputs": outputs} for name, outputs in frame.outputs.items()}
    return {"inputs": frame.inputs, "steps": steps, "workflows": position.finished}


def _evaluate_step(step: Step, scope: Scope) -> tuple[tuple[tuple[Criterion, bool], ...], Mapping[str, Json]]:
    """Returns whether each criterion was met, and the step's outputs.

    A response without a value that an output needs fails the step: an unmet criterion that says so is added.
    """
    checks = tuple((criterion, holds(criterion, scope)) for criterion in step.criteria)
    if not all(met for _, met in checks):
        return checks, {}
    try:
        return checks, resolve(step.outputs, scope)
    except Undefined as missing:
        return (*checks, (Criterion(str(missing), "", "simple"), False)), {}


def _exchange_scope(operation: BoundOperation, sent: StepRequest, response: Response) -> Scope:
    headers = {name.lower(): value for name, value in response.headers}
    return {
        "url": sent.request.target,
        "method": operation.method,
        "statusCode": response.status,
        "request": sent.scope,
        "response": {"header": headers, "body": body_value(response)},
    }


def _select_action(actions: tuple[StepAction, ...], scope: Scope, retries: int) -> StepAction | None:
    """Returns the first action whose criteria are met. A retry whose limit is used up is passed over."""
    for action in actions:
        if action.kind == "retry" and retries >= action.limit:
            continue
        if all(holds(criterion, scope) for criterion in action.criteria):
            return action
    return None


def _after_step(position: Position, outputs: Mapping[str, Json], action: StepAction | None) -> Position:
    """Returns the position after a step: at the next step of the workflow, or where the action leads."""
    frame = position.frames[-1]
    if action is not None and action.kind == "retry":
        frame = replace(frame, retries=frame.retries + 1)
    else:
        index = frame.next_step + 1
        if action is not None:
            index = frame.workflow.index(action.target) if action.kind == "goto" else len(frame.workflow.steps)
        frame = replace(frame, next_step=index, outputs={**frame.outputs, frame.step.id: outputs}, retries=0)
    return replace(position, frames=(*position.frames[:-1], frame), played=position.played + 1)


def _leave_workflow(position: Position) -> Position:
    """Returns the position after the innermost workflow, whose outputs go to the step that called it."""
    *callers, frame = position.frames
    outputs = resolve(frame.workflow.outputs, _scope(position))
    finished = {**position.finished, frame.workflow.id: {"inputs": frame.inputs, "outputs": outputs}}
    if callers:
        caller = callers[-1]
        scope = {**_scope(replace(position, frames=tuple(callers))), "outputs": outputs}
        step_outputs = resolve(caller.step.outputs, scope)
        all_outputs = {**caller.outputs, caller.step.id: step_outputs}
        callers[-1] = replace(caller, next_step=caller.next_step + 1, outputs=all_outputs)
    return replace(position, frames=tuple(callers), finished=finished)
