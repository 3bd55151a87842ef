"""`mockserver check` finds false responses, harms no deployment, leaves nothing behind and reveals no secret."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver import Request, Response
from tests.contract_suite.checking import COMMAND, ENVIRONMENT, FinishedCheck, check, command
from tests.contract_suite.deployments import CREDENTIAL, Fake, serving, with_body

LEAKED = "leaked-secret-of-a-directory"


def falsify(request: Request, response: Response) -> Response:
    """Falsifies the responses of each operation in one way."""
    path = request.target.partition("?")[0].removeprefix("/api/v1/directory-sync")
    success = response.status < 300
    if request.method == "GET" and path == "" and success:
        return with_body(response, lambda body: body["data"][0].update(password=LEAKED))
    if request.method == "GET" and path == "/users" and success:
        return with_body(response, lambda body: body["data"][0].pop("email"))
    if request.method == "GET" and path == "/groups" and success:
        return with_body(response, lambda body: body["data"][0].update(name=7))
    if path == "/product":
        return Response(418, response.body, response.headers)
    if path == "/events" and success:
        return Response(200, response.body, [("Content-Type", "text/html")])
    if path.endswith("/members") and response.status == 401:
        return Response(200, b'{"data": [], "error": null}', [("Content-Type", "application/json")])
    if request.method == "POST" and response.status in (400, 401):
        return with_body(response, lambda body: body["error"].update(message=f"not {request.headers}"))
    return response


@pytest.fixture(scope="module")
def falsified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedCheck]:
    """A check of a deployment with false responses, in a GitHub workflow."""
    with serving(Fake(falsify)) as fake:
        yield check(tmp_path_factory.mktemp("falsified"), *command(fake), GITHUB_ACTIONS="true")


@pytest.fixture(scope="module")
def honest() -> Iterator[Fake]:
    """A deployment with only right responses."""
    with serving(Fake()) as fake:
        yield fake


@pytest.mark.parametrize(
    ("difference", "operation"),
    [
        (("extra field", "200 /data/*/password"), "listDirectories"),
        (("missing field", "200 /data/*/email"), "listUsers"),
        (("other type", "200 /data/*/name"), "listGroups"),
        (("other status", "418"), "listDirectoriesByProduct"),
        (("other header", "200 Content-Type: text/html"), "listEvents"),
        (("other behaviour", "not so: a request without a credential is refused"), "listGroupMembers"),
    ],
)
def test_every_false_response_is_reported_as_a_difference(
    falsified: FinishedCheck, difference: tuple[str, str], operation: str
) -> None:
    assert falsified.status == 1, falsified.printed
    assert operation in falsified.differences()[difference]


def test_a_right_deployment_has_no_differences(honest: Fake, tmp_path: Path) -> None:
    checked = check(tmp_path, *command(honest))
    assert (checked.status, checked.differences()) == (0, {}), checked.printed


def test_a_difference_comes_with_a_curl_command_that_shows_it(falsified: FinishedCheck) -> None:
    curl = {it["where"]: it["curl"] for it in falsified.report()["drift"]}["200 /data/*/email"]
    assert re.match("curl -i -X GET 'http://127.0.0.1:[0-9]+/api/v1/directory-sync/users[?]", curl)
    assert '"Authorization: Api-Key $CREDENTIAL"' in curl


def test_no_secret_is_reported(falsified: FinishedCheck) -> None:
    reports = [path.read_text(encoding="utf-8") for path in falsified.folder.iterdir()]
    assert len(reports) == 5
    for text in (falsified.printed, *reports):
        assert CREDENTIAL not in text
        assert LEAKED not in text


def test_only_differences_that_are_not_accepted_fail(falsified: FinishedCheck, tmp_path: Path) -> None:
    entries = [f"- {{kind: '{kind}', where: '{where}', why: reviewed}}\n" for kind, where in falsified.differences()]
    all_but_one, all_of_them = tmp_path / "all_but_one.yaml", tmp_path / "all.yaml"
    all_but_one.write_text("".join(entries[1:]))
    all_of_them.write_text("".join(entries))
    with serving(Fake(falsify)) as fake:
        one_left = check(tmp_path / "one", *command(fake, "--accept", str(all_but_one)))
        none_left = check(tmp_path / "none", *command(fake, "--accept", str(all_of_them)))
    assert (one_left.status, len(one_left.differences())) == (1, 1)
    assert (none_left.status, none_left.differences()) == (0, {})


def test_what_a_run_creates_has_the_suite_s_name_and_is_removed(tmp_path: Path) -> None:
    names: list[str] = []

    def observe(request: Request, response: Response) -> Response:
        if request.method == "POST" and response.status == 201:
            names.append(response.json()["data"]["name"])
        return response

    with serving(Fake(observe)) as fake:
        before = fake.directories()
        check(tmp_path, *command(fake))
        assert fake.directories() == before
    assert names
    assert all(re.fullmatch("contract-[0-9a-f]{6}-[0-9]+", name) for name in names)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    creations: list[Any] = []

    def observe(request: Request, response: Response) -> Response:
        if request.method == "POST" and response.status == 201:
            creations.append(response)
            process.send_signal(number)
        return response

    with serving(Fake(observe)) as fake:
        before = fake.directories()
        with subprocess.Popen(command(fake), env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
            printed, _ = process.communicate(timeout=60)
        assert creations
        assert (process.returncode, fake.directories()) == (2, before)
    assert "INTERRUPTED" in printed


def test_clean_removes_what_a_killed_run_has_left_behind(tmp_path: Path) -> None:
    def observe(request: Request, response: Response) -> Response:
        if request.method == "POST" and response.status == 201:
            process.kill()
        return response

    with serving(Fake(observe)) as fake:
        before = fake.directories()
        with subprocess.Popen(command(fake), env=ENVIRONMENT, stdout=subprocess.DEVNULL) as process:
            process.wait(60)
        assert len(fake.directories()) == len(before) + 1
        cleaned = check(tmp_path, *command(fake, "--clean"))
        assert (cleaned.status, fake.directories()) == (0, before)
    assert cleaned.printed.startswith("removed: /api/v1/directory-sync/")


def test_clean_without_permission_does_not_claim_that_nothing_was_left_behind(tmp_path: Path) -> None:
    with serving(Fake()) as fake:
        cleaned = check(tmp_path, *command(fake, "--clean"), CHECKED_CREDENTIAL="not-the-credential")
    assert cleaned.status == 2
    assert "could not be removed: /api/v1/directory-sync" in cleaned.printed
    assert "nothing was left behind" not in cleaned.printed


def test_no_more_requests_are_sent_than_the_rate_allows(honest: Fake, tmp_path: Path) -> None:
    honest.requests.clear()
    started = time.monotonic()
    checked = check(tmp_path, *command(honest, "--rate", "10", "--within", "2s"))
    assert len(honest.requests) <= 10 * (time.monotonic() - started) + 2
    assert "the time was up (--within)" in checked.printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody"], "no service 'nobody': there are jackson, netbird,"),
        (["jackson", "--url", "http://127.0.0.1:9", "--credential-env", "CHECKED_CREDENTIAL"], "can't be reached"),
        (["jackson", "--url", "ftp://127.0.0.1"], "begins with http:// or https://"),
        (["jackson", "--url", f"http://me:{CREDENTIAL}@127.0.0.1"], "put no credential into the URL"),
        (["jackson", "--url", "{fake}"], "needs a credential"),
        (["jackson", "--url", "{fake}", "--credential-env", "NO_SUCH"], "no environment variable NO_SUCH"),
        (["jackson", "--url", "{fake}", "--credential-file", "/no/such"], "can't be read"),
        (["jackson", "--within", "soon"], "--within takes a time such as 60s"),
        (["jackson", "--accept", "/no/such"], "can't be read"),
        (["jackson", "--clean"], "--clean needs --url"),
    ],
)
def test_a_check_that_can_not_run_says_why(honest: Fake, tmp_path: Path, arguments: list[str], message: str) -> None:
    checked = check(tmp_path, *COMMAND, *(it.format(fake=honest.url) for it in arguments))
    assert (checked.status, message in checked.printed) == (2, True), checked.printed
    assert CREDENTIAL not in checked.printed
    assert "Traceback" not in checked.printed


def test_a_deployment_that_always_fails_does_not_conform(tmp_path: Path) -> None:
    with serving(Fake(lambda _, __: Response(503))) as fake:
        checked = check(tmp_path, *command(fake))
    assert checked.status == 1
    assert {row["state"] for row in checked.report()["operations"]} == {"failed"}
