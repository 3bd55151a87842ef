"""The requests that steps send."""

from __future__ import annotations

from typing import Any

from mockserver.flows.step_requests import StepRequest, build_request
from tests.flows.documents import flow, step, workflow

SCOPE = {"inputs": {"who": "a/b c", "list": ["x", "y z"], "id": 7, "state": {"clock": {"offset": 0}}}}


def sent(operation: str, **more: Any) -> StepRequest:
    """Returns the request of a step that calls this operation."""
    one = flow(workflow(step("one", operation, **more))).workflows["main"].steps[0]
    assert one.operation is not None
    return build_request(one, one.operation, SCOPE)


def parameter(name: str, where: str, value: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "value": value}


def test_path_parameters_are_escaped() -> None:
    parameters = [parameter("id", "path", "$inputs.who")]
    assert sent("getThing", parameters=parameters).request.target == "/v1/things/a%2Fb%20c"


def test_query_parameters_are_escaped_and_a_list_repeats_its_parameter() -> None:
    parameters = [parameter("q", "query", "$inputs.list"), parameter("n", "query", "$inputs.id")]
    assert sent("listThings", parameters=parameters).request.target == "/v1/things?q=x&q=y%20z&n=7"


def test_headers_and_cookies_are_sent() -> None:
    parameters = [parameter("X-Id", "header", "$inputs.id"), parameter("a", "cookie", 1), parameter("b", "cookie", "c")]
    request = sent("listThings", parameters=parameters).request
    assert request.headers["x-id"] == "7"
    assert request.headers["Cookie"] == "a=1; b=c"
    assert request.body == b""
    assert "Content-Type" not in request.headers


def test_a_body_is_json_unless_its_content_type_says_otherwise() -> None:
    request = sent("createThing", requestBody={"payload": {"n": "$inputs.id"}}).request
    assert (request.headers["Content-Type"], request.body) == ("application/json", b'{"n":7}')
    body = {"contentType": "application/scim+json", "payload": "$inputs.id"}
    assert sent("createThing", requestBody=body).request.body == b"7"


def test_a_form_is_encoded() -> None:
    body = {"contentType": "application/x-www-form-urlencoded", "payload": {"who": "$inputs.who", "n": 1}}
    assert sent("createThing", requestBody=body).request.body == b"who=a%2Fb+c&n=1"


def test_text_is_sent_unchanged() -> None:
    body = {"contentType": "text/plain", "payload": "hello {$inputs.id}"}
    assert sent("createThing", requestBody=body).request.body == b"hello 7"


def test_replacements_change_the_body_but_not_the_inputs() -> None:
    body = {"payload": "$inputs.state", "replacements": [{"target": "/clock/offset", "value": "$inputs.id"}]}
    assert sent("createThing", requestBody=body).body == {"clock": {"offset": 7}}
    assert SCOPE["inputs"]["state"] == {"clock": {"offset": 0}}
