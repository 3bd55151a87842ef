"""A response obeys the document: an answer that does not is a bug, also in a refusal."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from mockserver.core.messages import Answer, Response
from mockserver.core.problems import Conflict, InternalError, InvalidInput, MalformedRequest, Problem, Refused
from mockserver.documents.spec import Operation, operations
from mockserver.engine.answering import BrokenContract, checked_response, refusal_response, render
from mockserver.engine.service import Service

OBJECT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
XML, JSON, TEXT = "application/xml", "application/json", "text/plain"


def content(*media_types: str, schema: Any = OBJECT) -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema} for media_type in media_types}}


DOCUMENT: dict[str, Any] = {
    "paths": {
        "/a": {
            "get": {
                "operationId": "get",
                "responses": {
                    "200": content(XML, JSON),
                    "201": {**content(JSON), "headers": {"Location": {"required": True}, "ETag": {}}},
                    "202": {"content": {TEXT: {}}},
                    "203": content(TEXT, schema={"type": "string", "maxLength": 3}),
                    "204": {"description": "Empty."},
                    "205": {"headers": {"X-One": {"required": True}, "X-Two": {"required": True}}},
                    "409": content(JSON),
                    "422": content(JSON),
                },
            },
            "put": {"operationId": "put", "responses": {"204": {}, "400": content(JSON)}},
        }
    }
}
GET, PUT = operations("test", DOCUMENT)


def checked(answer: Answer, operation: Operation = GET, suffix: str = "") -> Response:
    return checked_response(answer, operation, suffix)


def test_an_answer_without_a_status_has_the_success_status_and_its_first_media_type() -> None:
    response = checked(Answer({"id": "1"}, headers=(("A", "b"),)), suffix="; charset=UTF-8")
    assert response == Response(200, b'{"id":"1"}', [("Content-Type", f"{XML}; charset=UTF-8"), ("A", "b")])


def test_an_answer_with_another_status_is_json() -> None:
    response = checked(Answer({"id": "1"}, 409))
    assert response == Response(409, b'{"id":"1"}', [("Content-Type", JSON)])


def test_an_answer_may_name_its_media_type() -> None:
    assert checked(Answer({"id": "1"}, content_type=JSON)).headers == [("Content-Type", JSON)]


def test_an_answer_of_bytes_is_sent_as_it_is() -> None:
    assert checked(Answer(b"\xff", 202, content_type=TEXT)).body == b"\xff"
    assert checked(Answer(b"abc", 203, content_type=TEXT)).body == b"abc"


def test_a_response_without_content_has_neither_body_nor_content_type() -> None:
    assert checked(Answer({"id": "1"}, 204, (("A", "b"),))) == Response(204, b"", [("A", "b")])


def test_a_stream_is_passed_on() -> None:
    def stream(_: Any) -> Any:
        return None

    assert checked(Answer({"id": "1"}, stream=stream)).stream is stream


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer({"id": "1"}, 418), "get answers 418, which its document does not know"),
        (Answer(b"x", 200, content_type=TEXT), "get answers text/plain to 200, which its document does not know"),
        (Answer({"id": 1}), "get answers 200 with .*must be of type string"),
        (Answer({}, 409), "get answers 409 with .*id is required"),
        (Answer(b"abcd", 203, content_type=TEXT), "get answers 203 with .*must not be longer than 3 characters"),
        (Answer({"id": "1"}, 201), "get answers 201 without the header location"),
        (Answer({"id": "1"}, 201, (("ETag", "x"),)), "get answers 201 without the header location"),
        (Answer(None, 205, (("X-One", "1"),)), "get answers 205 without the header x-two"),
    ],
)
def test_an_answer_that_the_document_does_not_allow_is_a_broken_contract(answer: Answer, reason: str) -> None:
    with pytest.raises(BrokenContract, match=reason):
        checked(answer)


def test_required_headers_are_found_in_upper_or_lower_case() -> None:
    assert checked(Answer({"id": "1"}, 201, (("LOCATION", "/a"),))).status == 201
    assert checked(Answer(None, 205, (("x-one", "1"), ("x-two", "2")))).status == 205


def service(body: Any = None, status: int | None = None) -> Service:
    """A service that renders every problem with this body, or else with an id that tells what it was given."""

    def problem(problem: Problem, operation: Operation | None) -> Answer:
        name = f"{type(problem).__name__} {problem.message} {problem.path} {problem.at} {operation and operation.id}"
        bug = isinstance(problem, InternalError)
        return Answer({"id": name} if body is None or bug else body, None if bug else status, (("A", "b"),))

    return Service("test", {}, lambda _: None, problem, media_suffix="; x")


def conflict(kind: type[Problem] = Conflict, message: str = "no") -> Problem:
    refusal = kind(message)
    refusal.path, refusal.at = "/a", 7
    return refusal


def test_a_refusal_is_rendered_by_the_service_and_obeys_the_document() -> None:
    response = refusal_response(service(), conflict(), GET)
    assert response == Response(409, b'{"id":"Conflict no /a 7 get"}', [("Content-Type", f"{JSON}; x"), ("A", "b")])


def test_the_service_may_choose_another_status() -> None:
    assert refusal_response(service(status=422), conflict(), GET).status == 422


@pytest.mark.parametrize("refusal", [Conflict("no"), Refused("no"), Problem("no", status=499)])
def test_a_refusal_that_the_document_does_not_allow_is_a_bug(
    refusal: Problem, caplog: pytest.LogCaptureFixture
) -> None:
    refusal.path, refusal.at = "/a", 7
    with caplog.at_level(logging.ERROR, "mockserver"):
        response = refusal_response(service({"id": 1}), refusal, GET)
    assert (response.status, response.json()) == (500, {"id": "InternalError BrokenContract /a 7 get"})
    assert response.header("Content-Type") == f"{JSON}; x"
    ((name, level, message),) = caplog.record_tuples
    assert (name, level) == ("mockserver", logging.ERROR)
    assert message.startswith("bug in a refusal of get: get answers")


@pytest.mark.parametrize("refusal", [MalformedRequest("no"), InvalidInput([])])
def test_a_400_that_any_operation_may_meet_need_not_be_documented(refusal: Problem) -> None:
    assert refusal_response(service({"any": 1}), refusal, GET).status == 400
    assert refusal_response(service({"any": 1}), refusal, PUT).status == 500
    assert refusal_response(service({"any": 1}, status=422), refusal, GET).status == 500


def test_a_400_of_a_service_has_to_be_documented() -> None:
    assert refusal_response(service(), Refused("no"), GET).status == 500
    assert refusal_response(service(), Refused("no"), PUT).status == 400


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_of_the_server_is_not_checked(status: int) -> None:
    response = refusal_response(service({"any": 1}), Problem("no", status=status), GET)
    assert (response.status, response.json()) == (status, {"any": 1})


def test_a_refusal_before_an_operation_was_found_is_not_checked() -> None:
    response = refusal_response(service({"any": 1}), Problem("no", status=404), None)
    assert (response.status, response.json()) == (404, {"any": 1})
    assert response.headers == [("Content-Type", f"{JSON}; x"), ("A", "b")]


def test_rendering_checks_nothing() -> None:
    text = Answer(b"x", 418, (("A", "b"),), TEXT)
    assert render(text, 500, "") == Response(418, b"x", [("Content-Type", TEXT), ("A", "b")])
    assert render(Answer([1]), 500, "; x") == Response(500, b"[1]", [("Content-Type", f"{JSON}; x")])
