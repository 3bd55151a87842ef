"""Plays a flow: one step after the other.

A `Position` is all there is to know of where a play stands, and is never changed: who keeps one can come back to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from mockserver.core.messages import Json, Request, Response
from mockserver.flows.arazzo import ArazzoDocument, BoundOperation, Criterion, InvalidFlow, Step, StepAction, Workflow
from mockserver.flows.criteria import holds
from mockserver.flows.expressions import Scope, Undefined, resolve
from mockserver.flows.step_requests import StepRequest, request_of

Carry: TypeAlias = Callable[[Request], Response]
"""Takes a request, its target relative to the deployment's URL, and gives the answer."""

MOST_STEPS = 1_000
"""Steps after which a flow is taken to go round in circles."""


@dataclass(frozen=True)
class Frame:
    """A workflow that is being played: `at` is the step that is next, `outputs` those of the steps so far."""

    workflow: Workflow
    inputs: Mapping[str, Json]
    at: int = 0
    outputs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    retries: int = 0

    @property
    def step(self) -> Step:
        return self.workflow.steps[self.at]


@dataclass(frozen=True)
class Position:
    """Where a play stands: workflows that are open, innermost last, those that wait, and those that are done."""

    frames: tuple[Frame, ...]
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
    """What came of a step. `checks` are its criteria and whether each was met; `next` is None where the play ends here.

    `pause` is how many seconds to wait before the next step.
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
    """Plays a flow with these inputs; those that are not given have their schema's default."""

    def __init__(self, flow: ArazzoDocument, inputs: Mapping[str, Json]) -> None:
        self._flow = flow
        self._inputs = inputs

    def start(self) -> Position:
        """The position before the first step. Raises InvalidFlow where an input is missing."""
        return self._settled(Position((), self._flow.played))

    def play(self, position: Position, carry: Carry) -> StepResult:
        """Plays the next step. Raises what `carry` does, InvalidFlow, and Undefined where it lacks a value."""
        if position.played >= MOST_STEPS:
            raise InvalidFlow(f"{MOST_STEPS} steps were played, and there is no end")
        step, before = position.step, _scope(position)
        operation = step.operation
        assert operation is not None, "positions stop at operations only"
        sent = request_of(step, operation, before)
        response = carry(sent.request)
        scope = {**before, **_exchanged(operation, sent, response)}
        checks, outputs = _judged(step, scope)
        passed = all(met for _, met in checks)
        action = _chosen(step.on_success if passed else step.on_failure, scope, position.frames[-1].retries)
        if not passed and action is None:
            return StepResult(step, sent, response, checks, None)
        after = self._settled(_moved(position, outputs, action))
        pause = action.pause if action else 0
        return StepResult(step, sent, response, checks, None if after.over else after, pause)

    def _settled(self, position: Position) -> Position:
        """Goes into and out of workflows until the next step is one that calls an operation, or all is done."""
        while not position.over:
            if not position.frames:
                first, *waiting = position.waiting
                position = replace(position, frames=(self._frame(first, self._inputs),), waiting=tuple(waiting))
                continue
            frame = position.frames[-1]
            if frame.at == len(frame.workflow.steps):
                position = _left(position)
            elif frame.step.workflow:
                scope = _scope(position)
                given = {it.name: resolve(it.value, scope) for it in frame.step.parameters}
                called = self._frame(frame.step.workflow, {**self._inputs, **given})
                position = replace(position, frames=(*position.frames, called))
            else:
                break
        return position

    def _frame(self, name: str, given: Mapping[str, Json]) -> Frame:
        workflow = self._flow.workflows[name]
        properties = workflow.inputs.get("properties", {})
        defaults = {key: schema["default"] for key, schema in properties.items() if "default" in schema}
        inputs = defaults | {key: value for key, value in given.items() if key in properties}
        missing = [key for key in workflow.inputs.get("required", ()) if key not in inputs]
        if missing:
            raise InvalidFlow(f"workflow {name} needs the input {missing[0]}")
        return Frame(workflow, inputs)


def _scope(position: Position) -> Scope:
    frame = position.frames[-1]
    steps = {name: {"outputs": outputs} for name, outputs in frame.outputs.items()}
    return {"inputs": frame.inputs, "steps": steps, "workflows": position.finished}


def _judged(step: Step, scope: Scope) -> tuple[tuple[tuple[Criterion, bool], ...], Mapping[str, Json]]:
    """Whether each criterion was met, and the outputs. An answer that lacks what an output wants is a failure too."""
    checks = tuple((criterion, holds(criterion, scope)) for criterion in step.criteria)
    if not all(met for _, met in checks):
        return checks, {}
    try:
        return checks, resolve(step.outputs, scope)
    except Undefined as missing:
        return (*checks, (Criterion(str(missing), "", "simple"), False)), {}


def _exchanged(operation: BoundOperation, sent: StepRequest, response: Response) -> Scope:
    headers = {name.lower(): value for name, value in response.headers}
    return {
        "url": sent.request.target,
        "method": operation.method,
        "statusCode": response.status,
        "request": sent.scope,
        "response": {"header": headers, "body": readable(response)},
    }


def readable(response: Response) -> Json:
    """A body as JSON where it is JSON, as text otherwise, None where there is none."""
    try:
        return response.json() if response.body else None
    except ValueError:
        return response.body.decode(errors="replace")


def _chosen(actions: tuple[StepAction, ...], scope: Scope, retries: int) -> StepAction | None:
    for action in actions:
        if action.kind == "retry" and retries >= action.limit:
            continue
        if all(holds(criterion, scope) for criterion in action.criteria):
            return action
    return None


def _moved(position: Position, outputs: Mapping[str, Json], action: StepAction | None) -> Position:
    """The position after a step: the next step, or where an action leads."""
    frame = position.frames[-1]
    if action is not None and action.kind == "retry":
        frame = replace(frame, retries=frame.retries + 1)
    else:
        at = frame.at + 1
        if action is not None:
            at = frame.workflow.index(action.target) if action.kind == "goto" else len(frame.workflow.steps)
        frame = replace(frame, at=at, outputs={**frame.outputs, frame.step.id: outputs}, retries=0)
    return replace(position, frames=(*position.frames[:-1], frame), played=position.played + 1)


def _left(position: Position) -> Position:
    """The position after the innermost workflow: its outputs become those of the step that called it."""
    *callers, frame = position.frames
    outputs = resolve(frame.workflow.outputs, _scope(position))
    finished = {**position.finished, frame.workflow.id: {"inputs": frame.inputs, "outputs": outputs}}
    if callers:
        caller = callers[-1]
        given = resolve(caller.step.outputs, {**_scope(replace(position, frames=tuple(callers))), "outputs": outputs})
        callers[-1] = replace(caller, at=caller.at + 1, outputs={**caller.outputs, caller.step.id: given})
    return replace(position, frames=tuple(callers), finished=finished)
