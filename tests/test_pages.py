"""The pages for people: every command and every snippet in them is executed, against a server as people start it.

A page's blocks run from the top to the bottom, by bash in one folder of their own, on one server. Of the text only the
server's address is another. `curl` fails where HTTP does, by its configuration file; who is asked presses Enter.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from contract_tests.framework.processes import mock
from mockserver.commands import check, demo, serve

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ADDRESS = "127.0.0.1:8080"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 45
"""After which a block is too slow for its reader, too."""

NOT_RUN = {
    r"make \w+": "makes an environment and installs; here: the Makefile has the target",
    r"pip install -e ": "would change this environment; tests/registry/test_sixth_api.py installs into a folder",
    r"pip install ": "downloads; here: the package has the extra, and tests/test_github.py installs as the action does",
    r"mockserver serve\b": "would not end; tests/commands/test_serve*.py run servers; here: the options are right",
    r"mockserver (check|demo) .*https://": "is for the internet; tests/commands/test_demo.py and "
    "tests/contract_suite/ play and check deployments of their own; here: the options are right",
    r"pytest contract_tests\b": "is the suite that runs beside these tests",
    r"npx ": "wants npm; tests/flows/test_flows.py runs the same command",
}
"""Commands that are left out, and why."""

ENDLESS = "curl -N"
"""What goes on until its reader stops it: here after two seconds, by when it has said something and not failed."""

PROGRAMS = {"mockserver": "-m mockserver", "pytest": "-m pytest -p mockserver.client.pytest_plugin -p no:cacheprovider"}


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [text for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


def commands(block: str) -> list[str]:
    """A block's commands, each on one line; what is quoted or goes on after a backslash belongs together."""
    found: list[str] = []
    pending = ""
    for line in block.splitlines():
        pending += line
        if pending.endswith("\\"):
            pending = pending[:-1]
        elif pending.count("'") % 2 or pending.count('"') % 2:
            pending += "\n"
        else:
            found.append(pending)
            pending = ""
    assert not pending, block
    return found


def reason(command: str) -> str | None:
    """The pattern by which a command is left out."""
    return next((pattern for pattern in NOT_RUN if re.match(pattern, command)), None)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """HOST:PORT of a server that runs as people start it."""
    with mock() as url:
        yield url.partition("://")[2]


class Reader:
    """Somebody who does what a page says, in a folder that holds what the repository does."""

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
        # The plugin is given by name: where the package is installed it would be found a second time.
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "MOCKSERVER"))}
        path = os.pathsep.join([os.fspath(programs), kept["PATH"]])
        self.environment = kept | {"HOME": os.fspath(home), "PATH": path, "PYTHONPATH": os.fspath(ROOT)}
        self.environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

    def run(self, command: list[str], seconds: int = SECONDS) -> subprocess.CompletedProcess[str]:
        """Its outcome; 124 where it went on for longer than that."""
        return subprocess.run(
            ["timeout", str(seconds), *command],
            cwd=self.here,
            env=self.environment,
            input="\n" * 200,
            capture_output=True,
            text=True,
            check=False,
        )

    def shell(self, block: str) -> None:
        """Runs the commands of a block that can run here."""
        text = "\n".join(command for command in commands(block) if reason(command) is None)
        endless = ENDLESS in text
        bash = ["bash", "-euo", "pipefail", "-c", text.replace(ADDRESS, self.server)]
        done = self.run(bash, 2 if endless else SECONDS)
        assert done.returncode == (124 if endless else 0), f"{block}\n{done.stdout}\n{done.stderr}"
        assert done.stdout or not endless, f"{block}\nsaid nothing"

    def python(self, snippet: str) -> None:
        """Runs a snippet: by pytest where it has tests."""
        file = self.here / "test_snippet.py"
        file.write_text(snippet.replace(ADDRESS, self.server))
        command = [sys.executable, "-W", "error", os.fspath(file)]
        if "def test_" in snippet:
            command[3:3] = [*PROGRAMS["pytest"].split(), "-W", "error"]
        done = self.run(command)
        assert done.returncode == 0, f"{snippet}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_all_that_a_page_says_can_be_done(page: Path, server: str, tmp_path: Path) -> None:
    reader = Reader(tmp_path, server)
    for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "sh":
            reader.shell(text)
        elif language == "python":
            reader.python(text)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_has_no_block_of_a_language_that_nobody_checks(page: Path) -> None:
    kinds = {kind for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert kinds <= {"sh", "python", "yaml", ""}
    assert page.read_text(encoding="utf-8").count("\n```") == 2 * len(BLOCK.findall(page.read_text(encoding="utf-8")))


def left_out() -> list[str]:
    return [it for page in PAGES for block in blocks(page, "sh") for it in commands(block) if reason(it)]


def test_what_is_not_run_is_right_as_far_as_that_can_be_seen() -> None:
    targets = re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for command in left_out():
        program, *arguments = shlex.split(command, comments=True)
        if program == "make":
            assert arguments[0] in targets, command
        elif program == "pip" and "-e" not in arguments:
            assert re.findall(r"\[(\w+)\]", command)[0] in extras, command
        elif program == "mockserver":
            parse(*arguments)


def parse(command: str, *arguments: str) -> None:
    """Fails for options that the command does not have."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    {"serve": serve, "check": check, "demo": demo}[command].arguments(parser)
    parser.parse_args(arguments)


def test_each_reason_not_to_run_a_command_is_needed() -> None:
    assert {reason(command) for command in left_out()} == set(NOT_RUN)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target


def test_the_steps_for_github_give_the_action_what_it_takes() -> None:
    action = yaml.safe_load((ROOT / ".github/actions/mockserver-check/action.yml").read_text())
    steps = [step for page in PAGES for block in blocks(page, "yaml") for step in yaml.safe_load(block)]
    assert steps
    for step in steps:
        assert (ROOT / step["uses"] / "action.yml").is_file()
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
