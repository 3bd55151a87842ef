"""JSON text is parsed exactly as it was written, or refused."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.problems import MalformedRequest
from mockserver.documents.json_text import MAX_DEPTH, parse
from tests.hostile.work import steps


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
def test_any_other_number_keeps_its_value(number: float) -> None:
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
def test_a_repeated_name_is_malformed(text: str) -> None:
    with pytest.raises(MalformedRequest, match="twice"):
        parse(text.encode())


@pytest.mark.parametrize(
    "text", ['{"a": "b\\": \\"a\\": "}', '{"a\\"": 1, "a": 2}', '[":", "\\":"]', '{"a" : 1, "b"\n:2}']
)
def test_text_that_only_looks_like_a_repeated_name_is_accepted(text: str) -> None:
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
def test_text_that_is_not_json_or_nested_too_deeply_is_malformed(body: bytes) -> None:
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


def test_finding_a_repeated_name_takes_steps_in_proportion_to_the_names() -> None:
    def refuse(count: int) -> None:
        names = [f'"{number}":1' for number in range(count)]
        with pytest.raises(MalformedRequest, match="names '0' twice"):
            parse(f"{{{','.join([*names, names[0]])}}}".encode())

    assert steps(lambda: refuse(20_000)) < 2.5 * steps(lambda: refuse(10_000))
    started = process_time()
    refuse(90_000)  # 0.1 s; a search for each name in a list of all took minutes
    assert process_time() - started < 2


def test_a_refusal_shows_only_the_beginning_of_a_long_name() -> None:
    with pytest.raises(MalformedRequest, match=r"names 'a{100}\.\.\.' twice"):
        parse(sent({"a" * 1_000: 1})[:-1] + b"," + sent({"a" * 1_000: 1})[1:])
