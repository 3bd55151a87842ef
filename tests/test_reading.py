"""Requests are read into values that obey the document, or refused; nothing that is sent is ever a bug of ours."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.messages import Headers, Request
from mockserver.problems import InvalidInput, MalformedRequest, PayloadTooLarge, Problem, UnsupportedMedia
from mockserver.reading import (
    MAX_DEPTH,
    ignored,
    parse,
    read_body,
    read_headers,
    read_parameters,
    read_path,
    read_query,
    unknown,
)
from mockserver.spec import Operation, operations

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


def sent(value: object) -> bytes:
    return json.dumps(value).encode()


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_read_as_it_was_written(value: Any) -> None:
    assert parse(sent(value)) == value
    assert parse(json.dumps(value, ensure_ascii=False, indent=1).encode()) == value


@pytest.mark.parametrize("text", ["300.0", "3e2", "3.00E+2", "[300.0]", '{"a": {"b": [1.5, 300.0]}}'])
def test_a_whole_number_is_an_int_however_it_is_written(text: str) -> None:
    read = json.dumps(parse(text.encode()))
    assert "300" in read
    assert "300." not in read


@pytest.mark.parametrize("number", [1.5, 1e300, -1e300, 2.0**60])
def test_other_numbers_stay_what_they_are(number: float) -> None:
    assert parse(sent([number])) == [number]


REPEATED = [
    '{"a": 1, "a": 2}',
    '{"a": 1, "\\u0061": 2}',
    '{"x": {"a": 1, "b": 2, "a": 3}}',
    '[{"a": "\\":", "a": 2}]',
    '{"a": 1.0, "a": 2}',
    '{"": 1, "": 2}',
]


@pytest.mark.parametrize("text", REPEATED)
def test_a_name_that_comes_twice_is_malformed(text: str) -> None:
    with pytest.raises(MalformedRequest, match="twice"):
        parse(text.encode())


@pytest.mark.parametrize(
    "text", ['{"a": "b\\": \\"a\\": "}', '{"a\\"": 1, "a": 2}', '[":", "\\":"]', '{"a" : 1, "b"\n:2}']
)
def test_what_only_looks_like_a_second_name_is_none(text: str) -> None:
    assert parse(text.encode()) == json.loads(text)


MALFORMED = [
    b"",
    b"{",
    b"{]",
    b'{"a": }',
    b"{'a': 1}",
    b'{"a": 1,}',
    b"NaN",
    b"Infinity",
    b'"\xff"',
    b"\xff\xfe{\x00}\x00",
    b'\xef\xbb\xbf{"a": 1}',
    b'"\\ud800"',
    b'"\x00"',
    b"\x00",
    b"1" * 5000,
    b"1e999999",
    b"[" * 100_000,
    b"[" * 1000 + b"]" * 1000,
    b'{"a":' * 100 + b"1" + b"}" * 100,
    b"// comment\n1",
]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body[:20]))
def test_what_is_no_json_text_or_too_deep_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedRequest):
        parse(body)


def test_nesting_is_allowed_up_to_the_limit() -> None:
    assert parse(b"[" * MAX_DEPTH + b"0.5" + b"]" * MAX_DEPTH)
    with pytest.raises(MalformedRequest, match="nested"):
        parse(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


PIECES = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b":", b",", b"\\", b"1", b"e", b".", b"-", b"a", b"\xff", b" ", b"\\u"]
)


@given(st.binary() | st.lists(PIECES).map(b"".join) | VALUES.map(sent))
def test_any_bytes_are_a_value_or_malformed(body: bytes) -> None:
    try:
        value = parse(body)
    except MalformedRequest:
        return
    assert value == json.loads(body)


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
    assert [(it.name, it.keyword) for it in refusal.value.violations] == [("must", "required")]
    with pytest.raises(InvalidInput) as refusal:
        read_headers(PATCH, request())
    assert [(it.name, it.keyword) for it in refusal.value.violations] == [("X-Must", "required")]


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
    assert read_body(operation, sent) == expected


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
def test_a_body_that_can_not_be_taken_is_refused(operation: Operation, sent: Request, refusal: type[Problem]) -> None:
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

    assert read_body(PUT, request(b'{"NAME": "a"}'), respell) == {"name": "a"}


@given(st.binary(), st.text(), st.sampled_from([PUT, PATCH]))
def test_any_body_of_any_type_is_read_or_refused(body: bytes, media_type: str, operation: Operation) -> None:
    for sent in (request(body, media_type), request(body, "application/json")):
        with suppress(MalformedRequest, InvalidInput, UnsupportedMedia):
            read_body(operation, sent)


def test_what_nobody_reads_is_found_and_named_in_the_refusal_of_a_strict_server() -> None:
    sent = request(b"", "application/json")
    found = ignored(PUT, sent, {"count": ["1"], "verbose": ["1"]}, {"name": "a", "nmae": 1})
    assert found == ["query verbose", "body /nmae"]
    violations = unknown(found).violations
    assert [(it.where, it.name, it.keyword) for it in violations] == [
        ("query", "verbose", "additionalProperties"),
        ("body", "nmae", "additionalProperties"),
    ]
