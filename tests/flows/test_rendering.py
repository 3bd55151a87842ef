"""The lines that a demonstration prints."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver import Headers, Request, Response
from mockserver.core.messages import encode
from mockserver.flows.arazzo import Criterion
from mockserver.flows.player import StepResult
from mockserver.flows.rendering import MAX_BODY_LINES, ExchangeRenderer, pretty
from mockserver.flows.step_requests import StepRequest
from tests.flows.documents import flow, step, workflow

STEP = flow(workflow(step("one"))).workflows["main"].steps[0]
CHECKS = ((Criterion("$statusCode == 200", "", "simple"), True), (Criterion("^x", "$response.body", "regex"), False))


def lines(
    body: Any = None, answer: Any = None, target: str = "/things", changes: Any = (), names: Any = (), values: Any = ()
) -> list[str]:
    """Returns the lines for one exchange."""
    request = Request("POST", target, Headers({"Authorization": "Bearer the-credential", "Accept": "*/*"}))
    response = Response(201, b"" if answer is None else encode(answer))
    result = StepResult(STEP, StepRequest(request, {}, body), response, CHECKS, None)
    return ExchangeRenderer(names, values, colours=False).lines(result, changes)


def test_the_request_the_response_and_the_checks_are_printed() -> None:
    assert lines({"name": "Ann"}, {"id": 7}) == [
        "  → POST /things",
        "    Authorization: Bearer ***",
        '    {"name": "Ann"}',
        "  ← 201",
        '    {"id": 7}',
        "  ✓ $statusCode == 200",
        "  ✗ $response.body ^x",
    ]


def test_records_that_were_created_changed_and_deleted_are_printed() -> None:
    printed = {"status": "active", "many": list(range(1_000))}
    changes = [
        {"collection": "c", "id": "1", "before": None, "after": {"a": 1}},
        {"collection": "d", "id": "1", "before": {"s": printed}, "after": {"s": {**printed, "status": "inactive"}}},
        {"collection": "c", "id": "2", "before": {"a": 1, "b": 1}, "after": {"a": 2, "b": 1, "n": None}},
        {"collection": "c", "id": "3", "before": {"a": 1}, "after": None},
    ]
    assert lines(changes=changes)[5:] == [
        "  + c 1",
        "      a: 1",
        "  ~ d 1",
        '      s.status: "active" → "inactive"',
        "  ~ c 2",
        "      a: 1 → 2",
        "      n: (none) → null",
        "  - c 3",
    ]


def test_secrets_are_masked_by_name_in_bodies_queries_and_changes() -> None:
    change = {"collection": "c", "id": "1", "before": None, "after": {"own_secret": "abcdef-1", "password": "x"}}
    body = {"own_secret": "abcdef-2", "list": [{"token": "abcdef-3"}]}
    printed = "\n".join(lines(body, {"password": "p"}, "/t?token=abcdef-4&x=1", [change], names=["own_secret"]))
    assert "abcdef" not in printed
    assert "?token=***&x=1" in printed
    assert '"password": "***"' in printed
    assert "own_secret: " in printed


def test_a_secret_is_masked_wherever_its_value_appears_again() -> None:
    printed = "\n".join(lines({"token": "the-token"}, {"link": "https://x.example/the-token", "id": "the-credential"}))
    assert "the-token" not in printed
    assert "the-credential" not in printed
    assert "https://x.example/***" in printed


def test_given_secrets_are_masked_under_any_name() -> None:
    assert "hunter2-hunter2" not in "\n".join(lines({"note": "my hunter2-hunter2"}, values=["hunter2-hunter2", ""]))


@pytest.mark.parametrize("secret", ['a"quoted"secret', "a secret/with?signs", "ein großes Geheimnis"])
def test_a_secret_is_masked_within_json_and_within_urls(secret: str) -> None:
    printed = "\n".join(lines({"note": f"it is {secret}!"}, target=f"/x/{quote(secret, safe='')}", values=[secret]))
    assert '"note": "it is ***!"' in printed
    assert "→ POST /x/***" in printed


def test_a_secret_is_masked_before_a_long_value_is_cut() -> None:
    secret = "s" * 300
    change = {"collection": "c", "id": "1", "before": None, "after": {"link": f"https://x.example/{secret}"}}
    assert "sss" not in "\n".join(lines(changes=[change], values=[secret]))


@given(st.recursive(st.none() | st.text(), lambda it: st.lists(it) | st.dictionaries(st.text(), it), max_leaves=30))
def test_pretty_printing_keeps_the_value(value: Any) -> None:
    assert json.loads("\n".join(pretty(value))) == value


def test_short_values_stay_on_one_line_and_long_ones_take_several() -> None:
    long = "x" * 90
    assert list(pretty({"a": [1, 2], "b": [long, long]})) == [
        "{",
        '  "a": [1, 2],',
        '  "b": [',
        f'    "{long}",',
        f'    "{long}"',
        "  ]",
        "}",
    ]


@pytest.mark.parametrize("answer", ["\x1b[2Jgone", "\x9b2Jgone", {"name": "\x9b2Jgone"}, "\u202egone"])
def test_an_answer_cannot_steer_the_terminal(answer: Any) -> None:
    printed = "".join(lines(answer=answer))
    assert "gone" in printed
    assert printed.isprintable()


def test_long_bodies_are_cut() -> None:
    printed = lines(answer=["x" * 60] * 1_000)
    assert len(printed) < MAX_BODY_LINES + 10
    assert any("more lines" in line for line in printed)


def test_text_is_painted_only_where_there_are_colours() -> None:
    assert ExchangeRenderer([], [], colours=True).paint("red", "x") == "\x1b[31mx\x1b[0m"
    assert ExchangeRenderer([], [], colours=False).paint("red", "x") == "x"
