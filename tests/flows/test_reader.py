"""Reading Arazzo documents: steps are bound to operations, and documents that cannot be played are refused."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.flows.arazzo import InvalidFlow
from mockserver.flows.reader import read
from tests.flows.documents import API, call, document, flow, step, workflow


def bound(operation: str, **source: Any) -> tuple[str, str]:
    """Returns the method and path of the operation that a step is bound to."""
    arazzo = document(workflow(step("one", operation)))
    arazzo["sourceDescriptions"][0].update(source)
    result = read(arazzo, lambda _: API).workflows["main"].steps[0].operation
    assert result is not None
    return result.method, result.path


def test_a_step_is_bound_to_its_operation_at_the_documents_first_server() -> None:
    assert bound("getThing") == ("GET", "/v1/things/{id}")
    assert bound("$sourceDescriptions.api.createThing") == ("POST", "/v1/things")


def test_a_source_can_choose_a_server_and_a_path_can_have_its_own() -> None:
    assert bound("getThing", **{"x-serverUrl": "$servers.1"}) == ("GET", "/t/{tenant}/things/{id}")
    assert bound("logIn", **{"x-serverUrl": "$servers.1"}) == ("POST", "/token")


def test_a_workflow_that_a_step_calls_is_no_entry_point() -> None:
    read_flow = flow(workflow(step("one"), name="inner"), workflow(call("two", "inner")), workflow(step("x"), name="z"))
    assert read_flow.entry_points == ("main", "z")


def test_a_steps_parameter_overrides_the_workflows() -> None:
    common = {"name": "Authorization", "in": "header", "value": "all"}
    own = {"name": "authorization", "in": "header", "value": "own"}
    steps = flow(workflow(step("one"), step("two", parameters=[own]), parameters=[common])).workflows["main"].steps
    assert [[it.value for it in one.parameters] for one in steps] == [["all"], ["own"]]


def test_references_to_components_are_followed() -> None:
    components = {
        "inputs": {"who": {"type": "object", "properties": {"token": {"type": "string", "default": "t"}}}},
        "parameters": {"id": {"name": "id", "in": "path", "value": 1}},
        "failureActions": {"stop": {"name": "stop", "type": "end"}},
    }
    parameters = [{"reference": "$components.parameters.id"}, {"reference": "$components.parameters.id", "value": 2}]
    one = step("one", "getThing", parameters=parameters, onFailure=[{"reference": "$components.failureActions.stop"}])
    result = flow(workflow(one, inputs={"$ref": "#/components/inputs/who"}), components=components)
    read_step = result.workflows["main"].steps[0]
    assert [it.value for it in read_step.parameters] == [2]
    assert read_step.on_failure[0].kind == "end"
    assert result.inputs()["token"]["default"] == "t"


@pytest.mark.parametrize(
    ("arazzo", "reason"),
    [
        (document(workflow(step("one", "nothing"))), "there is no operation nothing"),
        (document(workflow(step("one", "$sourceDescriptions.other.getThing"))), "there is no operation"),
        (document(workflow({"stepId": "one"})), "needs either an operationId or a workflowId"),
        (document(workflow(call("one", "nowhere"))), "there is no workflow nowhere"),
        (document(workflow(step("one"), dependsOn=["x"])), "dependsOn is not supported"),
        (
            document(workflow(step("one", onSuccess=[{"name": "a", "type": "goto", "stepId": "x"}]))),
            "which does not exist",
        ),
        (document(workflow(step("one", onFailure=[{"name": "a", "type": "goto", "workflowId": "x"}]))), "action a"),
        (document(workflow(step("one", successCriteria=[{"condition": "/a", "type": "xpath"}]))), "xpath"),
        (document(workflow(step("one", successCriteria=[{"condition": "a", "type": "regex"}]))), "needs a context"),
        ({}, "not an Arazzo document"),
        ({"info": {}, "sourceDescriptions": 5}, "not an Arazzo document"),
        (document({"steps": []}), "not an Arazzo document"),
    ],
)
def test_a_document_that_cannot_be_played_is_refused_when_it_is_read(arazzo: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidFlow, match=reason):
        read(arazzo, lambda _: API)
