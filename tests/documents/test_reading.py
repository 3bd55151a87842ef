"""Requests are read into values that obey the document, or refused. No input makes the reading fail otherwise."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.messages import Headers, Request
from mockserver.core.problems import (
    InvalidInput,
    MalformedRequest,
    PayloadTooLarge,
    Problem,
    UnsupportedMedia,
    Violation,
)
from mockserver.documents.reading import (
    read_body,
    read_headers,
    read_parameters,
    read_path,
    read_query,
    undescribed_inputs,
    undescribed_refusal,
)
from mockserver.documents.spec import Operation, operations

TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 1, "maximum": 10}


def parameter(name: str, where: str, schema: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": schema, **more}


BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": TEXT, "count": COUNT, "inner": {"type": "object"}},
}
PARAMETERS = [
    parameter("id", "path", {"type": "integer", "minimum": 1}, required=True),
    parameter("count", "query", {**COUNT, "default": 3}),
    parameter("flag", "query", {"type": "boolean"}),
    parameter("kind", "query", {"type": "array", "items": {"enum": ["a", "b"]}}),
    parameter("text", "query", TEXT),
    parameter("X-Kind", "header", {"enum": ["a", "b"]}),
]
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/things/{id}": {
            "put": {
                "operationId": "put",
                "parameters": PARAMETERS,
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": BODY},
                        "application/x-www-form-urlencoded": {"schema": BODY},
                    },
                },
                "responses": {"200": {"description": "Good."}},
            },
            "patch": {
                "operationId": "patch",
                "parameters": [
                    parameter("id", "path", TEXT, required=True),
                    parameter("must", "query", TEXT, required=True),
                    parameter("X-Must", "header", TEXT, required=True),
                ],
                "requestBody": {"content": {"application/json": {"schema": BODY}}},
                "responses": {"200": {"description": "Good."}},
            },
        }
    },
}
PUT, PATCH = operations("test", DOCUMENT)


def request(body: bytes = b"", media_type: str | None = None, **headers: str) -> Request:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if media_type is not None:
        given["Content-Type"] = media_type
    return Request("PUT", "/things/1", Headers(given), body)


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_a_query_is_read_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import urlencode

    expected: dict[str, list[str]] = {}
    for name, value in pairs:
        expected.setdefault(name, []).append(value)
    assert read_query(urlencode(pairs)) == expected


@given(st.text())
def test_any_query_is_read_or_malformed(text: str) -> None:
    try:
        read_query(text)
    except MalformedRequest:
        assert "%" in text


@pytest.mark.parametrize("text", ["a=%", "%zz=1", "a=%ff", "a=%c3%28"])
def test_a_query_that_can_not_be_decoded_is_malformed(text: str) -> None:
    with pytest.raises(MalformedRequest):
        read_query(text)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"count": 3}),
        ("count=7", {"count": 7}),
        ("count=7&count=8", {"count": 7}),
        ("flag=true", {"count": 3, "flag": True}),
        ("kind=a,b&kind=a", {"count": 3, "kind": ["a", "b", "a"]}),
        ("text=a+b%20c", {"count": 3, "text": "a b c"}),
        ("unknown=1", {"count": 3}),
    ],
)
def test_query_parameters_are_read_by_their_types_with_defaults(query: str, expected: dict[str, Any]) -> None:
    assert read_parameters(PUT, read_query(query)) == expected


@pytest.mark.parametrize(
    "query",
    [
        "count=0",
        "count=11",
        "count=x",
        "count=",
        "count=1.0",
        "count=+1",
        "count=\uff11",
        "flag=1",
        "flag=TRUE",
        "kind=c",
    ],
)
def test_a_query_parameter_that_breaks_its_schema_is_named(query: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_parameters(PUT, read_query(query))
    violation = refusal.value.violations[0]
    assert (violation.where, violation.name) == ("query", query.partition("=")[0])


def test_required_parameters_that_are_missing_are_named() -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_parameters(PATCH, {})
    assert [(violation.name, violation.keyword) for violation in refusal.value.violations] == [("must", "required")]
    with pytest.raises(InvalidInput) as refusal:
        read_headers(PATCH, request())
    assert [(violation.name, violation.keyword) for violation in refusal.value.violations] == [("X-Must", "required")]


def test_path_and_header_parameters_are_read_by_their_types() -> None:
    assert read_path(PUT, ["7"]) == {"id": 7}
    assert read_headers(PUT, request(X_KIND="a")) == {"X-Kind": "a"}
    for value in ("0", "x", "-1", "9" * 30, ""):
        with pytest.raises(InvalidInput):
            read_path(PUT, [value])
    with pytest.raises(InvalidInput):
        read_headers(PUT, request(X_Kind="c"))


@pytest.mark.parametrize(
    ("operation", "sent", "expected"),
    [
        (PUT, request(b'{"name": "a"}'), {"name": "a"}),
        (PUT, request(b'{"name": "a"}', "application/json"), {"name": "a"}),
        (PUT, request(b'{"name": "a"}', "Application/JSON; charset=utf-8"), {"name": "a"}),
        (PUT, request(b"name=a+b%21", "application/x-www-form-urlencoded"), {"name": "a b!"}),
        (PATCH, request(), None),
        (PATCH, request(b"", "text/plain"), None),
    ],
)
def test_a_body_is_read_by_its_media_type(operation: Operation, sent: Request, expected: Any) -> None:
    assert read_body(operation, sent) == (expected, ())


@pytest.mark.parametrize(
    ("operation", "sent", "refusal"),
    [
        (PUT, request(), MalformedRequest),
        (PUT, request(b"{"), MalformedRequest),
        (PUT, request(b"{}", "text/plain"), UnsupportedMedia),
        (PUT, request(b"{}", "text/plain;application/json"), UnsupportedMedia),
        (PUT, request(b"{}", ""), UnsupportedMedia),
        (PUT, request(b"{}"), InvalidInput),
        (PUT, request(b'{"name": "a", "count": 0}'), InvalidInput),
        (PUT, request(b"\xff=1", "application/x-www-form-urlencoded"), MalformedRequest),
        (PUT, request(b"name=%ff", "application/x-www-form-urlencoded"), MalformedRequest),
        (PUT, request(b"&".join([b"a=1"] * 101), "application/x-www-form-urlencoded"), MalformedRequest),
        (PATCH, request(b"[]"), InvalidInput),
    ],
)
def test_a_body_that_is_not_as_documented_is_refused(
    operation: Operation, sent: Request, refusal: type[Problem]
) -> None:
    with pytest.raises(refusal):
        read_body(operation, sent)


def test_a_body_that_the_transport_could_not_read_is_refused_for_its_reason() -> None:
    unreadable = request(b"")
    unreadable.unreadable = PayloadTooLarge(10)
    with pytest.raises(PayloadTooLarge):
        read_body(PUT, unreadable)


def test_a_service_may_put_names_into_the_spelling_of_the_document() -> None:
    def respell(operation: Operation, value: Any) -> Any:
        return {name.lower(): item for name, item in value.items()}

    assert read_body(PUT, request(b'{"NAME": "a"}'), respell) == ({"name": "a"}, ())


@given(st.binary(), st.text(), st.sampled_from([PUT, PATCH]))
def test_any_body_of_any_media_type_is_read_or_refused(body: bytes, media_type: str, operation: Operation) -> None:
    for sent in (request(body, media_type), request(body, "application/json")):
        with suppress(MalformedRequest, InvalidInput, UnsupportedMedia):
            read_body(operation, sent)


def test_undescribed_inputs_are_listed_and_named_in_the_refusal_of_a_strict_world() -> None:
    value, pointers = read_body(PUT, request(b'{"name": "a", "nmae": 1}', "application/json"))
    assert value == {"name": "a", "nmae": 1}
    inputs = undescribed_inputs(PUT, {"count": ["1"], "verbose": ["1"]}, pointers)
    assert inputs == ["query verbose", "body /nmae"]
    assert undescribed_refusal(inputs).violations == [
        Violation("query", "verbose", "additionalProperties", "verbose", "verbose is not a known query parameter"),
        Violation("body", "/nmae", "additionalProperties", "nmae", "nmae is not a known body parameter"),
    ]
