"""`mockserver check` finds out who lies, hurts nobody, leaves nothing behind and tells no secret."""

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
from tests.contract_suite.checking import COMMAND, ENVIRONMENT, Checked, check, command
from tests.contract_suite.deployments import CREDENTIAL, Fake, serving, with_body

LEAKED = "leaked-secret-of-a-directory"


def told_lies(request: Request, honest: Response) -> Response:
    """One lie for each operation that is asked."""
    path = request.target.partition("?")[0].removeprefix("/api/v1/directory-sync")
    success = honest.status < 300
    if request.method == "GET" and path == "" and success:
        return with_body(honest, lambda body: body["data"][0].update(password=LEAKED))
    if request.method == "GET" and path == "/users" and success:
        return with_body(honest, lambda body: body["data"][0].pop("email"))
    if request.method == "GET" and path == "/groups" and success:
        return with_body(honest, lambda body: body["data"][0].update(name=7))
    if path == "/product":
        return Response(418, honest.body, honest.headers)
    if path == "/events" and success:
        return Response(200, honest.body, [("Content-Type", "text/html")])
    if path.endswith("/members") and honest.status == 401:
        return Response(200, b'{"data": [], "error": null}', [("Content-Type", "application/json")])
    if request.method == "POST" and honest.status in (400, 401):
        return with_body(honest, lambda body: body["error"].update(message=f"not {request.headers}"))
    return honest


@pytest.fixture(scope="module")
def lied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    """A check of a deployment that lies, in a GitHub workflow."""
    with serving(Fake(told_lies)) as fake:
        yield check(tmp_path_factory.mktemp("lied"), *command(fake), GITHUB_ACTIONS="true")


@pytest.fixture(scope="module")
def honest() -> Iterator[Fake]:
    with serving(Fake()) as fake:
        yield fake


@pytest.mark.parametrize(
    ("cause", "operation"),
    [
        (("extra field", "200 /data/*/password"), "listDirectories"),
        (("missing field", "200 /data/*/email"), "listUsers"),
        (("other type", "200 /data/*/name"), "listGroups"),
        (("other status", "418"), "listDirectoriesByProduct"),
        (("other header", "200 Content-Type: text/html"), "listEvents"),
        (("other behaviour", "not so: a request without a credential is refused"), "listGroupMembers"),
    ],
)
def test_every_lie_is_found_out_by_its_cause(lied: Checked, cause: tuple[str, str], operation: str) -> None:
    assert lied.status == 1, lied.printed
    assert operation in lied.drift()[cause]


def test_no_lie_is_found_where_none_is_told(honest: Fake, tmp_path: Path) -> None:
    checked = check(tmp_path, *command(honest))
    assert (checked.status, checked.drift()) == (0, {}), checked.printed


def test_a_difference_comes_with_a_command_that_shows_it(lied: Checked) -> None:
    shown = {it["where"]: it["curl"] for it in lied.report()["drift"]}["200 /data/*/email"]
    assert re.match("curl -i -X GET 'http://127.0.0.1:[0-9]+/api/v1/directory-sync/users[?]", shown)
    assert '"Authorization: Api-Key $CREDENTIAL"' in shown


def test_no_secret_is_reported(lied: Checked) -> None:
    reports = [path.read_text(encoding="utf-8") for path in lied.folder.iterdir()]
    assert len(reports) == 5
    for text in (lied.printed, *reports):
        assert CREDENTIAL not in text
        assert LEAKED not in text


def test_accepted_differences_fail_no_longer_and_others_do(lied: Checked, tmp_path: Path) -> None:
    entries = [f"- {{kind: '{kind}', where: '{where}', why: reviewed}}\n" for kind, where in lied.drift()]
    few, all_of_them = tmp_path / "few.yaml", tmp_path / "all.yaml"
    few.write_text("".join(entries[1:]))
    all_of_them.write_text("".join(entries))
    with serving(Fake(told_lies)) as fake:
        some = check(tmp_path / "some", *command(fake, "--accept", str(few)))
        none = check(tmp_path / "none", *command(fake, "--accept", str(all_of_them)))
    assert (some.status, len(some.drift())) == (1, 1)
    assert (none.status, none.drift()) == (0, {})


def test_what_is_made_is_named_and_removed(tmp_path: Path) -> None:
    made: list[str] = []

    def seen(request: Request, response: Response) -> Response:
        if request.method == "POST" and response.status == 201:
            made.append(response.json()["data"]["name"])
        return response

    with serving(Fake(seen)) as fake:
        before = fake.directories()
        check(tmp_path, *command(fake))
        assert fake.directories() == before
    assert made
    assert all(re.fullmatch("contract-[0-9a-f]{6}-[0-9]+", name) for name in made)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    made: list[Any] = []

    def seen(request: Request, response: Response) -> Response:
        if request.method == "POST" and response.status == 201:
            made.append(response)
            process.send_signal(number)
        return response

    with serving(Fake(seen)) as fake:
        before = fake.directories()
        with subprocess.Popen(command(fake), env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
            printed, _ = process.communicate(timeout=60)
        assert made
        assert (process.returncode, fake.directories()) == (2, before)
    assert "INTERRUPTED" in printed


def test_clean_removes_what_a_killed_run_left(tmp_path: Path) -> None:
    def seen(request: Request, response: Response) -> Response:
        if request.method == "POST" and response.status == 201:
            process.kill()
        return response

    with serving(Fake(seen)) as fake:
        before = fake.directories()
        with subprocess.Popen(command(fake), env=ENVIRONMENT, stdout=subprocess.DEVNULL) as process:
            process.wait(60)
        assert len(fake.directories()) == len(before) + 1
        cleaned = check(tmp_path, *command(fake, "--clean"))
        assert (cleaned.status, fake.directories()) == (0, before)
    assert cleaned.printed.startswith("removed: /api/v1/directory-sync/")


def test_clean_that_may_not_look_does_not_say_that_nothing_was_left(tmp_path: Path) -> None:
    with serving(Fake()) as fake:
        cleaned = check(tmp_path, *command(fake, "--clean"), CHECKED_CREDENTIAL="not-the-credential")
    assert cleaned.status == 2
    assert "could not be removed: /api/v1/directory-sync" in cleaned.printed
    assert "nothing was left behind" not in cleaned.printed


def test_no_more_is_asked_than_the_rate_allows(honest: Fake, tmp_path: Path) -> None:
    honest.asked.clear()
    began = time.monotonic()
    checked = check(tmp_path, *command(honest, "--rate", "10", "--within", "2s"))
    assert len(honest.asked) <= 10 * (time.monotonic() - began) + 2
    assert "the time was up (--within)" in checked.printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "no service 'nobody': there are jackson, netbird,"),
        (["jackson", "--url", "http://127.0.0.1:9", "--credential-env", "CHECKED_CREDENTIAL"], "can't be reached"),
        (["jackson", "--url", "ftp://127.0.0.1"], "begins with http:// or https://"),
        (["jackson", "--url", f"http://me:{CREDENTIAL}@127.0.0.1"], "put no credential into the URL"),
        (["jackson", "--url", "{fake}"], "wants a credential"),
        (["jackson", "--url", "{fake}", "--credential-env", "NO_SUCH"], "no environment variable NO_SUCH"),
        (["jackson", "--url", "{fake}", "--credential-file", "/no/such"], "can't be read"),
        (["jackson", "--within", "soon"], "--within wants a time such as 60s"),
        (["jackson", "--accept", "/no/such"], "can't be read"),
        (["jackson", "--clean"], "--clean needs --url"),
    ],
)
def test_what_can_not_be_run_says_why(honest: Fake, tmp_path: Path, arguments: list[str], said: str) -> None:
    checked = check(tmp_path, *COMMAND, *(it.format(fake=honest.url) for it in arguments))
    assert (checked.status, said in checked.printed) == (2, True), checked.printed
    assert CREDENTIAL not in checked.printed
    assert "Traceback" not in checked.printed


def test_a_deployment_that_knows_nobody_conforms_to_nothing(tmp_path: Path) -> None:
    with serving(Fake(lambda _, __: Response(503))) as fake:
        checked = check(tmp_path, *command(fake))
    assert checked.status == 1
    assert {row["state"] for row in checked.report()["operations"]} == {"failed"}
