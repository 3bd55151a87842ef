"""Reading Arazzo documents: what they are bound to, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.flows.arazzo import InvalidFlow, read
from tests.flows.documents import API, call, document, flow, step, workflow


def bound(operation: str, **source: Any) -> tuple[str, str]:
    """Method and path of a step's operation."""
    told = document(workflow(step("one", operation)))
    told["sourceDescriptions"][0].update(source)
    found = read(told, lambda _: API).workflows["main"].steps[0].operation
    assert found is not None
    return found.method, found.path


def test_a_step_is_bound_to_its_operation_at_the_documents_first_server() -> None:
    assert bound("getThing") == ("GET", "/v1/things/{id}")
    assert bound("$sourceDescriptions.api.createThing") == ("POST", "/v1/things")


def test_the_server_can_be_chosen_and_a_path_can_have_its_own() -> None:
    assert bound("getThing", **{"x-serverUrl": "$servers.1"}) == ("GET", "/t/{tenant}/things/{id}")
    assert bound("logIn", **{"x-serverUrl": "$servers.1"}) == ("POST", "/token")


def test_workflows_that_a_step_calls_are_not_played_for_themselves() -> None:
    read_flow = flow(workflow(step("one"), name="inner"), workflow(call("two", "inner")), workflow(step("x"), name="z"))
    assert read_flow.played == ("main", "z")


def test_parameters_of_the_workflow_hold_for_all_steps_unless_a_step_says_otherwise() -> None:
    common = {"name": "Authorization", "in": "header", "value": "all"}
    own = {"name": "authorization", "in": "header", "value": "own"}
    steps = flow(workflow(step("one"), step("two", parameters=[own]), parameters=[common])).workflows["main"].steps
    assert [[it.value for it in one.parameters] for one in steps] == [["all"], ["own"]]


def test_components_are_read_where_they_are_referred_to() -> None:
    components = {
        "inputs": {"who": {"type": "object", "properties": {"token": {"type": "string", "default": "t"}}}},
        "parameters": {"id": {"name": "id", "in": "path", "value": 1}},
        "failureActions": {"stop": {"name": "stop", "type": "end"}},
    }
    parameters = [{"reference": "$components.parameters.id"}, {"reference": "$components.parameters.id", "value": 2}]
    one = step("one", "getThing", parameters=parameters, onFailure=[{"reference": "$components.failureActions.stop"}])
    found = flow(workflow(one, inputs={"$ref": "#/components/inputs/who"}), components=components)
    read_step = found.workflows["main"].steps[0]
    assert [it.value for it in read_step.parameters] == [2]
    assert read_step.on_failure[0].kind == "end"
    assert found.inputs()["token"]["default"] == "t"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (document(workflow(step("one", "nothing"))), "no operation nothing"),
        (document(workflow(step("one", "$sourceDescriptions.other.getThing"))), "no operation"),
        (document(workflow({"stepId": "one"})), "wants an operationId or a workflowId"),
        (document(workflow(call("one", "nowhere"))), "no workflow nowhere"),
        (document(workflow(step("one"), dependsOn=["x"])), "instead of dependsOn"),
        (document(workflow(step("one", onSuccess=[{"name": "a", "type": "goto", "stepId": "x"}]))), "no step x"),
        (document(workflow(step("one", onFailure=[{"name": "a", "type": "goto", "workflowId": "x"}]))), "action a"),
        (document(workflow(step("one", successCriteria=[{"condition": "/a", "type": "xpath"}]))), "xpath"),
        (document(workflow(step("one", successCriteria=[{"condition": "a", "type": "regex"}]))), "wants a context"),
        ({}, "not an Arazzo document"),
        ({"info": {}, "sourceDescriptions": 5}, "not an Arazzo document"),
        (document({"steps": []}), "not an Arazzo document"),
    ],
)
def test_what_can_not_be_played_is_refused_when_it_is_read(told: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidFlow, match=reason):
        read(told, lambda _: API)
