"""Playing: the order of steps, the outputs they pass on, and the effect of actions."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.flows.arazzo import ArazzoDocument, InvalidFlow
from mockserver.flows.expressions import Undefined
from mockserver.flows.player import Player, Position, StepResult
from tests.flows.documents import answering, call, flow, step, workflow


def play(document: ArazzoDocument, *answers: Any, **inputs: Any) -> list[StepResult]:
    """Plays a document to its end and returns the result of every step."""
    carry, _ = answering(*answers)
    player = Player(document, inputs)
    position: Position | None = player.start()
    results = []
    while position is not None:
        results.append(player.play(position, carry))
        position = results[-1].next
    return results


def names(results: list[StepResult]) -> list[str]:
    return [it.step.id for it in results]


def test_steps_are_played_in_order_and_workflows_one_after_the_other() -> None:
    document = flow(workflow(step("a"), step("b"), name="first"), workflow(step("c"), name="second"))
    assert names(play(document, 200, 200, 200)) == ["a", "b", "c"]


def test_a_step_can_use_the_outputs_of_an_earlier_one() -> None:
    create = step("create", "createThing", outputs={"id": "$response.body#/id"})
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "$steps.create.outputs.id"}])
    assert play(flow(workflow(create, get)), {"id": "x1"}, 200)[1].sent.request.target == "/v1/things/x1"


def test_a_failed_criterion_ends_the_play() -> None:
    results = play(flow(workflow(step("a"), step("b"), step("c"))), 200, 500, 200)
    assert names(results) == ["a", "b"]
    assert [it.passed for it in results] == [True, False]
    assert [met for _, met in results[1].checks] == [False]


def test_a_called_workflow_takes_inputs_and_returns_outputs() -> None:
    inner = workflow(
        step("make", "createThing", requestBody={"payload": "$inputs.label"}, outputs={"id": "$response.body#/id"}),
        name="inner",
        inputs={"type": "object", "properties": {"label": {"type": "string"}}},
        outputs={"key": "$steps.make.outputs.id"},
    )
    calling = call(
        "invite", "inner", parameters=[{"name": "label", "value": "L-{$inputs.n}"}], outputs={"k": "$outputs.key"}
    )
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "$steps.invite.outputs.k"}])
    inputs = {"type": "object", "properties": {"n": {"type": "integer"}}}
    results = play(flow(inner, workflow(calling, get, inputs=inputs)), {"id": "x2"}, 200, n=5)
    assert names(results) == ["make", "get"]
    assert results[0].sent.request.body == b'"L-5"'
    assert results[1].sent.request.target == "/v1/things/x2"


def test_a_missing_input_has_its_default_unless_it_is_required() -> None:
    inputs = {"type": "object", "properties": {"id": {"default": "d"}, "must": {}}, "required": ["must"]}
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "{$inputs.id}{$inputs.must}"}])
    document = flow(workflow(get, inputs=inputs))
    assert play(document, 200, must="m")[0].sent.request.target == "/v1/things/dm"
    with pytest.raises(InvalidFlow, match="needs the input must"):
        play(document, 200)


def test_an_action_can_end_the_workflow_but_not_the_flow() -> None:
    over = {"name": "enough", "type": "end", "criteria": [{"condition": "$response.body#/ready == false"}]}
    document = flow(workflow(step("check", onSuccess=[over]), step("b")), workflow(step("c"), name="after"))
    assert names(play(document, {"ready": False}, 200)) == ["check", "c"]
    assert names(play(document, {"ready": True}, 200, 200)) == ["check", "b", "c"]


def test_an_action_can_go_to_another_step() -> None:
    back = {"name": "back", "type": "goto", "stepId": "a", "criteria": [{"condition": "$statusCode == 409"}]}
    document = flow(workflow(step("a"), step("b", onFailure=[back]), step("c")))
    assert names(play(document, 200, 409, 200, 200, 200)) == ["a", "b", "a", "b", "c"]
    assert names(play(document, 200, 500)) == ["a", "b"]


def test_a_step_is_retried_up_to_its_limit_and_after_its_pause() -> None:
    again = {"name": "again", "type": "retry", "retryAfter": 1.5, "retryLimit": 2}
    document = flow(workflow(step("a", onFailure=[again]), step("b")))
    results = play(document, 503, 503, 200, 200)
    assert names(results) == ["a", "a", "a", "b"]
    assert [it.pause for it in results] == [1.5, 1.5, 0, 0]
    assert names(play(document, 503, 503, 503, 503)) == ["a", "a", "a"]


def test_an_endless_flow_is_stopped() -> None:
    document = flow(workflow(step("a", onSuccess=[{"name": "on", "type": "goto", "stepId": "a"}])))
    with pytest.raises(InvalidFlow, match="did not end after 1000 steps"):
        play(document, *[200] * 1_001)


def test_a_play_can_go_back_to_an_earlier_position() -> None:
    create = step("create", "createThing", outputs={"id": "$response.body#/id"})
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "$steps.create.outputs.id"}])
    carry, requests = answering({"id": 1}, 200, {"id": 2}, 200)
    player = Player(flow(workflow(create, get)), {})
    start = player.start()
    for _ in range(2):
        after = player.play(start, carry).next
        assert after is not None
        assert player.play(after, carry).next is None
    assert [it.target for it in requests] == ["/v1/things", "/v1/things/1", "/v1/things", "/v1/things/2"]


def test_a_step_that_needs_an_unknown_value_raises_undefined() -> None:
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "$steps.create.outputs.id"}])
    with pytest.raises(Undefined, match=r"\$steps.create.outputs.id"):
        play(flow(workflow(get)), 200)


def test_a_response_that_lacks_the_value_of_an_output_fails_the_step() -> None:
    make = step("make", "createThing", outputs={"id": "$response.body#/id"})
    (result,) = play(flow(workflow(make, step("b"))), {"other": 1}, 200)
    assert not result.passed
    assert "$response.body#/id has no value" in result.checks[-1][0].condition


def test_a_body_that_is_not_json_is_text() -> None:
    made = step("a", outputs={"id": "$response.body"})
    document = flow(workflow(made, step("b", requestBody={"payload": "$steps.a.outputs.id"})))
    carry, requests = answering(200, 200)
    player = Player(document, {})

    def bare(request: Any) -> Any:
        response = carry(request)
        response.body = b"c4027bb8-3f2e"
        return response

    after = player.play(player.start(), bare).next
    assert after is not None
    player.play(after, bare)
    assert requests[1].body == b'"c4027bb8-3f2e"'
