"""`mockserver demo`, as it is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contract_tests.framework.processes import mock
from mockserver.commands.demo import CREDENTIAL
from mockserver.commands.main import main
from mockserver.core.messages import Request, Response
from mockserver.server import MockServer
from tests.toy.relay import relayed


@pytest.fixture
def credentials() -> list[str | None]:
    """What the deployment was sent as Authorization."""
    return []


@pytest.fixture
def product(credentials: list[str | None]) -> Iterator[str]:
    """The URL of a deployment that is no mock, and knows its administrator only."""
    server = MockServer(auth="strict")

    def answer(request: Request) -> Response:
        """As the APIs do: without a control plane and the mock's headers."""
        credentials.append(request.headers.get("Authorization"))
        response = server.handle(replace(request, target=request.target.replace("/_mock/", "/unknown/")))
        response.headers = [(name, value) for name, value in response.headers if not name.startswith("X-Mock")]
        return response

    with relayed(answer) as url:
        yield url


@pytest.fixture(autouse=True)
def _no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CREDENTIAL, raising=False)


def answering(monkeypatch: pytest.MonkeyPatch, answers: Sequence[str]) -> list[str]:
    """Somebody at the keyboard who answers so, and then no more; gives the prompts."""
    prompts: list[str] = []
    left = iter(answers)

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        answer = next(left, None)
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", ask)
    return prompts


def test_the_flows_are_listed_with_their_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--list"]) == 0
    told = capsys.readouterr().out
    assert "netbird-google: NetBird, Google Workspace with prefixes\n" in told
    assert "    customer: The Google Workspace customer. (default: C01abc23d)\n" in told
    assert "mock-admin" not in told


def test_a_flow_is_shown_with_what_it_changes_and_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "netbird-okta"]) == 0
    told = capsys.readouterr().out
    assert "  + netbird.okta-scim-idp 2\n" in told
    assert '  ~ netbird.okta-scim-idp 2\n      auth_token: "***" → "***"\n' in told
    assert "nbs_" not in told.replace("^nbs_", "")
    assert "mock-admin" not in told


def test_steps_wait_and_can_be_taken_back(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    prompts = answering(monkeypatch, ["", "", "b", "", "q"])
    assert main(["demo", "netbird-google", "--step"]) == 0
    told = capsys.readouterr().out
    assert ["back" in prompt for prompt in prompts] == [False, True, True, True, True]
    assert told.count("  + netbird.google-idp 2\n") == 1
    assert told.count("2. sync-by-prefix\n") == 2
    assert told.count("  + netbird.logs 4\n") == 2


def test_a_step_back_over_a_moved_clock_moves_it_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, [*[""] * 21, "b", "b", *[""] * 4])
    assert main(["demo", "netfoundry-invitation", "--step"]) == 0
    told = capsys.readouterr().out
    first, second, _ = re.findall(r'PATCH .*\n(?:.*\n){3} +{"now": "([^"]+)"', told)
    assert datetime.fromisoformat(second) - datetime.fromisoformat(first) < timedelta(hours=1)
    assert told.count('"state": "Expired"') == 2


def test_the_first_step_can_not_be_taken_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = answering(monkeypatch, ["b", "", "b", "b"])
    assert main(["demo", "netbird-google", "--step"]) == 0
    assert len(prompts) == 5
    assert capsys.readouterr().out.count("1. create\n") == 2


def test_an_input_changes_what_is_played(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "netbird-google", "--input", "prefix=Sal"]) == 0
    assert "1 of 2 groups matched by prefixes Sal" in capsys.readouterr().out


def test_a_real_deployment_is_played_on_with_a_credential_from_the_environment(
    product: str, credentials: list[str | None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEAM_TOKEN", "mock-admin")
    assert main(["demo", "netbird-google", "--url", product, "--credential-env", "TEAM_TOKEN"]) == 0
    told = capsys.readouterr().out
    assert credentials == [None] + ["Token mock-admin"] * 8
    assert "mock-admin" not in told
    assert "  + " not in told


def test_on_a_real_deployment_steps_are_not_taken_back(product: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CREDENTIAL, "mock-admin")
    prompts = answering(monkeypatch, ["", "b", "q"])
    assert main(["demo", "netbird-google", "--step", "--url", product]) == 0
    assert not any("back" in prompt for prompt in prompts)


def test_what_a_deployment_does_otherwise_is_shown_and_ends_the_play(
    product: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(CREDENTIAL, "an-unknown-credential")
    assert main(["demo", "netbird-google", "--url", product]) == 1
    told = capsys.readouterr().out
    assert "  ← 401\n" in told
    assert "  ✗ $statusCode == 200\n" in told
    assert "2. " not in told
    assert "an-unknown-credential" not in told


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nothing"], "there is no flow 'nothing', only jackson-okta"),
        (["--url", "http://127.0.0.1:9"], "with --url, name one flow"),
        (["netbird-google", "--url", "http://127.0.0.1:9"], "does not answer"),
        (["netbird-google", "--url", "ftp://x"], "is no http:// or https:// URL"),
        (["netbird-google", "--input", "nothing=1"], "the names are token, customer"),
        (["netbird-google", "--input", "prefix"], "takes NAME=VALUE, not 'prefix'"),
        (["netbird-google", "--input", "key=x"], "key is a secret"),
        (["netbird-google", "--input-env", "key=NO_SUCH_VARIABLE"], "no environment variable NO_SUCH_VARIABLE"),
        (["netbird-google", "--credential-env", "NO_SUCH_VARIABLE"], "no environment variable NO_SUCH_VARIABLE"),
    ],
)
def test_what_can_not_be_played_is_said(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", *arguments]) == 2
    assert reason in capsys.readouterr().err


def test_a_real_deployment_wants_a_credential(
    product: str, credentials: list[str | None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "netbird-google", "--url", product]) == 2
    assert f"environment variable {CREDENTIAL}" in capsys.readouterr().err
    assert credentials == [None]


def test_a_flow_that_moves_time_plays_on_a_mock_only(product: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "netfoundry-invitation", "--url", product]) == 2
    assert "plays on a mock only" in capsys.readouterr().err


def test_a_guarded_control_plane_is_entered_with_a_token_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONTROL", "the-control-token")
    with mock("--control-token", "the-control-token") as url:
        play = ["demo", "netfoundry-invitation", "--url", url]
        assert main(play) == 2
        assert "the control plane answers 401" in capsys.readouterr().err
        assert main([*play, "--control-token-env", "CONTROL"]) == 0
    assert "the-control-token" not in capsys.readouterr().out
