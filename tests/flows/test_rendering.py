"""What the audience reads."""

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
from mockserver.flows.rendering import MOST_LINES, ExchangeRenderer, laid_out
from mockserver.flows.step_requests import StepRequest
from tests.flows.documents import flow, step, workflow

STEP = flow(workflow(step("one"))).workflows["main"].steps[0]
CHECKS = ((Criterion("$statusCode == 200", "", "simple"), True), (Criterion("^x", "$response.body", "regex"), False))


def lines(
    body: Any = None, answer: Any = None, target: str = "/things", changes: Any = (), names: Any = (), values: Any = ()
) -> list[str]:
    """An exchange as it is shown."""
    request = Request("POST", target, Headers({"Authorization": "Bearer the-credential", "Accept": "*/*"}))
    response = Response(201, b"" if answer is None else encode(answer))
    played = StepResult(STEP, StepRequest(request, {}, body), response, CHECKS, None)
    return ExchangeRenderer(names, values, colours=False).played(played, changes)


def test_request_answer_and_checks_are_shown() -> None:
    assert lines({"name": "Ann"}, {"id": 7}) == [
        "  → POST /things",
        "    Authorization: Bearer ***",
        '    {"name": "Ann"}',
        "  ← 201",
        '    {"id": 7}',
        "  ✓ $statusCode == 200",
        "  ✗ $response.body ^x",
    ]


def test_changes_are_shown_as_what_came_went_and_differs() -> None:
    shown = {"status": "active", "many": list(range(1_000))}
    changes = [
        {"collection": "c", "id": "1", "before": None, "after": {"a": 1}},
        {"collection": "d", "id": "1", "before": {"s": shown}, "after": {"s": {**shown, "status": "inactive"}}},
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
    shown = "\n".join(lines(body, {"password": "p"}, "/t?token=abcdef-4&x=1", [change], names=["own_secret"]))
    assert "abcdef" not in shown
    assert "?token=***&x=1" in shown
    assert '"password": "***"' in shown
    assert "own_secret: " in shown


def test_a_secret_that_was_seen_is_masked_wherever_it_turns_up_again() -> None:
    shown = "\n".join(lines({"token": "the-token"}, {"link": "https://x.example/the-token", "id": "the-credential"}))
    assert "the-token" not in shown
    assert "the-credential" not in shown
    assert "https://x.example/***" in shown


def test_given_secrets_are_masked_under_any_name() -> None:
    assert "hunter2-hunter2" not in "\n".join(lines({"note": "my hunter2-hunter2"}, values=["hunter2-hunter2", ""]))


@pytest.mark.parametrize("secret", ['a"quoted"secret', "a secret/with?signs", "ein großes Geheimnis"])
def test_a_secret_is_masked_however_it_is_written(secret: str) -> None:
    shown = "\n".join(lines({"note": f"it is {secret}!"}, target=f"/x/{quote(secret, safe='')}", values=[secret]))
    assert '"note": "it is ***!"' in shown
    assert "→ POST /x/***" in shown


def test_a_secret_is_masked_before_a_long_value_is_cut() -> None:
    secret = "s" * 300
    change = {"collection": "c", "id": "1", "before": None, "after": {"link": f"https://x.example/{secret}"}}
    assert "sss" not in "\n".join(lines(changes=[change], values=[secret]))


@given(st.recursive(st.none() | st.text(), lambda it: st.lists(it) | st.dictionaries(st.text(), it), max_leaves=30))
def test_a_body_is_laid_out_as_the_same_json(value: Any) -> None:
    assert json.loads("\n".join(laid_out(value))) == value


def test_short_values_stay_on_one_line_and_long_ones_are_spread_out() -> None:
    long = "x" * 90
    assert list(laid_out({"a": [1, 2], "b": [long, long]})) == [
        "{",
        '  "a": [1, 2],',
        '  "b": [',
        f'    "{long}",',
        f'    "{long}"',
        "  ]",
        "}",
    ]


@pytest.mark.parametrize("answer", ["\x1b[2Jgone", "\x9b2Jgone", {"name": "\x9b2Jgone"}, "\u202egone"])
def test_an_answer_can_not_steer_the_terminal(answer: Any) -> None:
    shown = "".join(lines(answer=answer))
    assert "gone" in shown
    assert shown.isprintable()


def test_long_bodies_are_cut() -> None:
    shown = lines(answer=["x" * 60] * 1_000)
    assert len(shown) < MOST_LINES + 10
    assert any("more lines" in line for line in shown)


def test_colours_are_for_terminals() -> None:
    assert ExchangeRenderer([], [], colours=True).paint("red", "x") == "\x1b[31mx\x1b[0m"
    assert ExchangeRenderer([], [], colours=False).paint("red", "x") == "x"
