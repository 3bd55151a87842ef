"""The pages for people: every command and snippet in them is executed, and the output that they show is compared.

The blocks of a page run from top to bottom in a folder of their own, against one server. Only the server's address in
the text is replaced. A `console` block shows commands after `$ ` and their output, in which a line `...` stands for any
lines. `curl` fails if HTTP does, through its configuration file; a prompt is answered by Enter.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from mockserver.commands import check, demo, serve
from tests.commands.serving import Served, serving

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *(ROOT / page for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
ADDRESS = "127.0.0.1:8080"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 45
"""The longest time that a block may take: a reader would not wait for longer, either."""

NOT_RUN = {
    r"make [\w-]+": "builds an environment; here: the Makefile has the target",
    r"pip install -e ": "would change this environment; tests/registry/test_sixth_api.py installs into a folder",
    r"pip install ": "downloads; here: the package has the extra, and tests/test_github.py installs as the action does",
    r"mockserver serve\b": "does not end; tests/commands/test_serve*.py run servers; here: the options exist",
    r"mockserver (check|demo) .*https://": "needs the internet; tests/commands/test_demo.py and tests/contract_suite/ "
    "use deployments of their own; here: the options exist",
    r"pytest contract_tests\b": "is the suite that runs beside these tests",
    r"npx ": "needs npm; tests/flows/test_flows.py runs the same command",
    r"\.ci/": "installs several environments; CI runs it; here: the script exists",
}
"""Patterns of the commands that are not executed, each with the reason and with what is checked instead."""

ENDLESS = "curl -N"
"""A command that runs until it is stopped, here after two seconds. By then it has printed something."""

PROGRAMS = {"mockserver": "-m mockserver", "pytest": "-m pytest -p mockserver.client.pytest_plugin -p no:cacheprovider"}


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [text for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


def commands(block: str) -> list[str]:
    """Returns the commands of a block. A command ends with its line, except after a backslash or inside quotes."""
    complete: list[str] = []
    pending = ""
    for line in block.splitlines():
        pending += line
        if pending.endswith("\\"):
            pending = pending[:-1]
        elif pending.count("'") % 2 or pending.count('"') % 2:
            pending += "\n"
        else:
            complete.append(pending)
            pending = ""
    assert not pending, block
    return complete


def reason(command: str) -> str | None:
    """Returns the pattern in NOT_RUN that matches a command, if there is one."""
    return next((pattern for pattern in NOT_RUN if re.match(pattern, command)), None)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A running `mockserver serve`."""
    with serving() as served:
        yield served


@pytest.fixture
def server(served: Served) -> str:
    """HOST:PORT of that server."""
    return served.address


class Reader:
    """A reader who runs what a page shows, in a folder with the repository's `openapi/`."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server = folder, server
        home, programs = folder / "home", folder / "programs"
        home.mkdir()
        programs.mkdir()
        (home / ".curlrc").write_text("fail\nsilent\nshow-error\nmax-time = 20\n")
        for program, how in PROGRAMS.items():
            (programs / program).write_text(f'#!/bin/sh\nexec "{sys.executable}" {how} "$@"\n')
            (programs / program).chmod(0o755)
        self.here = folder / "here"
        self.here.mkdir()
        (self.here / "openapi").symlink_to(ROOT / "openapi")
        # PROGRAMS name the plugin, because pytest may not find it by its entry point, and must not load it twice.
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "MOCKSERVER"))}
        path = os.pathsep.join([os.fspath(programs), kept["PATH"]])
        self.environment = kept | {"HOME": os.fspath(home), "PATH": path, "PYTHONPATH": os.fspath(ROOT)}
        self.environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

    def run(self, command: list[str], seconds: int = SECONDS) -> subprocess.CompletedProcess[str]:
        """Runs a command. The exit status is 124 if it takes longer than `seconds`."""
        with subprocess.Popen(
            command,
            cwd=self.here,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                output = process.communicate("\n" * 200, timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGTERM)  # with the programs that the command has started
                return subprocess.CompletedProcess(command, 124, *process.communicate())
            return subprocess.CompletedProcess(command, process.returncode, *output)

    def shell(self, block: str) -> None:
        """Runs the commands of a block that can run here."""
        text = "\n".join(command for command in commands(block) if reason(command) is None)
        endless = ENDLESS in text
        bash = ["bash", "-euo", "pipefail", "-c", text.replace(ADDRESS, self.server)]
        done = self.run(bash, 2 if endless else SECONDS)
        assert done.returncode == (124 if endless else 0), f"{block}\n{done.stdout}\n{done.stderr}"
        assert done.stdout or not endless, f"{block}\nprinted nothing"

    def console(self, block: str, served: Served) -> None:
        """Runs the commands of a block one after the other and compares their output with what the block shows."""
        for command, expected in shown(block):
            if command == "mockserver serve":
                printed = "".join(served.printed)
            else:
                assert reason(command) is None, f"its output can't be compared: {command}"
                # A refusal is worth showing, too.
                here = command.replace(ADDRESS, self.server).replace("curl ", "curl --no-fail ")
                done = self.run(["bash", "-c", here])
                assert not done.stderr, done.stderr
                printed = done.stdout
            printed = printed.replace(self.server, ADDRESS)
            assert re.fullmatch(pattern(expected), printed.strip()), f"$ {command}\n{printed}"

    def python(self, snippet: str) -> None:
        """Runs a snippet, with pytest if it contains tests."""
        file = self.here / "test_snippet.py"
        file.write_text(snippet.replace(ADDRESS, self.server))
        command = [sys.executable, "-W", "error", os.fspath(file)]
        if "def test_" in snippet:
            command[3:3] = [*PROGRAMS["pytest"].split(), "-W", "error"]
        done = self.run(command)
        assert done.returncode == 0, f"{snippet}\n{done.stdout}\n{done.stderr}"


def shown(block: str) -> list[tuple[str, str]]:
    """Returns the commands of a `console` block, each with the output that the block shows."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert not parts[0], block
    return list(zip(parts[1::2], parts[2::2], strict=True))


def pattern(expected: str) -> str:
    """Returns a regular expression for output: `...` stands for any lines; request counts and seconds may differ."""
    lines = [r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in expected.strip().splitlines()]
    return re.sub(r"\d+\\ requests\\ in\\ \d+\\\.\d", r"\\d+ requests in \\d+\\.\\d", "".join(lines)).removesuffix(
        r"\n"
    )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_shows_works_as_shown(page: Path, served: Served, server: str, tmp_path: Path) -> None:
    reader = Reader(tmp_path, server)
    for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "sh":
            reader.shell(text)
        elif language == "console":
            reader.console(text, served)
        elif language == "python":
            reader.python(text)


def test_output_that_differs_from_the_page_is_noticed() -> None:
    block = "$ one\na\n...\nz: 7 requests in 1.5 s\n$ two\nb\n"
    (first, output), (second, _) = shown(block)
    assert (first, second) == ("one", "two")
    assert re.fullmatch(pattern(output), "a\nm\nn\nz: 12 requests in 20.1 s")
    assert not re.fullmatch(pattern(output), "a\nm\ny: 12 requests in 20.1 s")
    assert not re.fullmatch(pattern(output), "m\nz: 7 requests in 1.5 s")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_has_only_blocks_that_these_tests_check(page: Path) -> None:
    kinds = {kind for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert kinds <= {"sh", "console", "python", "yaml", ""}
    assert page.read_text(encoding="utf-8").count("\n```") == 2 * len(BLOCK.findall(page.read_text(encoding="utf-8")))


def left_out() -> list[str]:
    """Returns the commands of all pages that are not executed."""
    return [line for page in PAGES for block in blocks(page, "sh") for line in commands(block) if reason(line)]


def test_a_command_that_is_not_executed_names_targets_extras_and_options_that_exist() -> None:
    targets = re.findall(r"^([\w-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for command in left_out():
        program, *arguments = shlex.split(command, comments=True)
        if program == "make":
            assert arguments[0] in targets, command
        elif program == "pip" and "-e" not in arguments:
            assert re.findall(r"\[(\w+)\]", command)[0] in extras, command
        elif program == "mockserver":
            parse(*arguments)
        elif program.startswith(".ci/"):
            assert os.access(ROOT / program, os.X_OK), command


def parse(command: str, *arguments: str) -> None:
    """Raises an error for an option that the command does not have."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    {"serve": serve, "check": check, "demo": demo}[command].arguments(parser)
    parser.parse_args(arguments)


def test_each_reason_not_to_execute_a_command_is_needed() -> None:
    assert {reason(command) for command in left_out()} == set(NOT_RUN)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_links_of_a_page_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target


def test_the_steps_for_github_use_inputs_that_the_action_has() -> None:
    action = yaml.safe_load((ROOT / ".github/actions/mockserver-check/action.yml").read_text())
    steps = [step for page in PAGES for block in blocks(page, "yaml") for step in yaml.safe_load(block)]
    assert steps
    for step in steps:
        inside = re.fullmatch(r"OWNER/REPO/(.+)@REF", step["uses"])
        assert inside, "a path that begins with ./ is found in the reader's repository only"
        assert (ROOT / inside[1] / "action.yml").is_file()
        assert step["with"].keys() <= action["inputs"].keys()


def test_the_table_of_services_names_credentials_that_work(server: str, tmp_path: Path) -> None:
    reader = Reader(tmp_path, server)
    row = r"^\| `(\w+)` \|.*\| `(Authorization: .*)` \|$"
    rows = re.findall(row, (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [service for service, _ in rows] == ["netbird", "jackson", "vcf", "netfoundry"]
    paths = {
        "netbird": "/api/identity-providers",
        "jackson": "/api/v1/directory-sync?tenant=boxyhq&product=jackson",
        "vcf": "/v1/identity-providers",
        "netfoundry": "/identity/v1/organizations",
    }
    for service, credential in rows:
        done = reader.run(["curl", "-H", credential, f"http://{server}{paths[service]}"])
        assert done.returncode == 0, done.stderr
        json.loads(done.stdout)
