"""Playing: the order of steps, what they hand on, and where actions lead."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.flows.arazzo import ArazzoDocument, InvalidFlow
from mockserver.flows.expressions import Undefined
from mockserver.flows.player import Player, Position, StepResult
from tests.flows.documents import answering, call, flow, step, workflow


def play(told: ArazzoDocument, *answers: Any, **inputs: Any) -> list[StepResult]:
    """All that is played until the end."""
    carry, _ = answering(*answers)
    player = Player(told, inputs)
    position: Position | None = player.start()
    done = []
    while position is not None:
        done.append(player.play(position, carry))
        position = done[-1].next
    return done


def names(done: list[StepResult]) -> list[str]:
    return [it.step.id for it in done]


def test_steps_are_played_in_order_and_workflows_one_after_the_other() -> None:
    told = flow(workflow(step("a"), step("b"), name="first"), workflow(step("c"), name="second"))
    assert names(play(told, 200, 200, 200)) == ["a", "b", "c"]


def test_outputs_are_handed_on() -> None:
    create = step("create", "createThing", outputs={"id": "$response.body#/id"})
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "$steps.create.outputs.id"}])
    assert play(flow(workflow(create, get)), {"id": "x1"}, 200)[1].sent.request.target == "/v1/things/x1"


def test_a_failed_criterion_ends_the_play() -> None:
    done = play(flow(workflow(step("a"), step("b"), step("c"))), 200, 500, 200)
    assert names(done) == ["a", "b"]
    assert [it.passed for it in done] == [True, False]
    assert [met for _, met in done[1].checks] == [False]


def test_a_workflow_is_called_with_inputs_and_hands_its_outputs_back() -> None:
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
    done = play(flow(inner, workflow(calling, get, inputs=inputs)), {"id": "x2"}, 200, n=5)
    assert names(done) == ["make", "get"]
    assert done[0].sent.request.body == b'"L-5"'
    assert done[1].sent.request.target == "/v1/things/x2"


def test_inputs_have_defaults_and_required_ones_must_be_given() -> None:
    inputs = {"type": "object", "properties": {"id": {"default": "d"}, "must": {}}, "required": ["must"]}
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "{$inputs.id}{$inputs.must}"}])
    told = flow(workflow(get, inputs=inputs))
    assert play(told, 200, must="m")[0].sent.request.target == "/v1/things/dm"
    with pytest.raises(InvalidFlow, match="needs the input must"):
        play(told, 200)


def test_an_action_can_end_the_workflow_but_not_the_flow() -> None:
    over = {"name": "enough", "type": "end", "criteria": [{"condition": "$response.body#/ready == false"}]}
    told = flow(workflow(step("check", onSuccess=[over]), step("b")), workflow(step("c"), name="after"))
    assert names(play(told, {"ready": False}, 200)) == ["check", "c"]
    assert names(play(told, {"ready": True}, 200, 200)) == ["check", "b", "c"]


def test_an_action_can_go_to_another_step() -> None:
    back = {"name": "back", "type": "goto", "stepId": "a", "criteria": [{"condition": "$statusCode == 409"}]}
    told = flow(workflow(step("a"), step("b", onFailure=[back]), step("c")))
    assert names(play(told, 200, 409, 200, 200, 200)) == ["a", "b", "a", "b", "c"]
    assert names(play(told, 200, 500)) == ["a", "b"]


def test_a_step_is_tried_again_as_often_as_its_limit_and_with_its_pause() -> None:
    again = {"name": "again", "type": "retry", "retryAfter": 1.5, "retryLimit": 2}
    told = flow(workflow(step("a", onFailure=[again]), step("b")))
    done = play(told, 503, 503, 200, 200)
    assert names(done) == ["a", "a", "a", "b"]
    assert [it.pause for it in done] == [1.5, 1.5, 0, 0]
    assert names(play(told, 503, 503, 503, 503)) == ["a", "a", "a"]


def test_a_flow_that_goes_round_in_circles_is_stopped() -> None:
    told = flow(workflow(step("a", onSuccess=[{"name": "on", "type": "goto", "stepId": "a"}])))
    with pytest.raises(InvalidFlow, match="there is no end"):
        play(told, *[200] * 1_001)


def test_a_position_can_be_come_back_to() -> None:
    create = step("create", "createThing", outputs={"id": "$response.body#/id"})
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "$steps.create.outputs.id"}])
    carry, asked = answering({"id": 1}, 200, {"id": 2}, 200)
    player = Player(flow(workflow(create, get)), {})
    start = player.start()
    for _ in range(2):
        after = player.play(start, carry).next
        assert after is not None
        assert player.play(after, carry).next is None
    assert [it.target for it in asked] == ["/v1/things", "/v1/things/1", "/v1/things", "/v1/things/2"]


def test_a_step_that_speaks_of_what_is_not_known_says_so() -> None:
    get = step("get", "getThing", parameters=[{"name": "id", "in": "path", "value": "$steps.create.outputs.id"}])
    with pytest.raises(Undefined, match=r"\$steps.create.outputs.id"):
        play(flow(workflow(get)), 200)


def test_an_answer_without_what_an_output_wants_is_a_failure() -> None:
    make = step("make", "createThing", outputs={"id": "$response.body#/id"})
    (done,) = play(flow(workflow(make, step("b"))), {"other": 1}, 200)
    assert not done.passed
    assert "$response.body#/id stands for nothing" in done.checks[-1][0].condition


def test_a_body_that_is_no_json_is_text() -> None:
    made = step("a", outputs={"id": "$response.body"})
    told = flow(workflow(made, step("b", requestBody={"payload": "$steps.a.outputs.id"})))
    carry, asked = answering(200, 200)
    player = Player(told, {})

    def bare(request: Any) -> Any:
        response = carry(request)
        response.body = b"c4027bb8-3f2e"
        return response

    after = player.play(player.start(), bare).next
    assert after is not None
    player.play(after, bare)
    assert asked[1].body == b'"c4027bb8-3f2e"'
