"""The GitHub action and the workflows: their shell steps run in a folder of their own, as on a runner of GitHub.

Nothing is installed. A script in place of `python3` creates environments whose `python` records its arguments and whose
`mockserver` is this one.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
ACTION = ROOT / ".github" / "actions" / "mockserver-check" / "action.yml"
WORKFLOW = ROOT / ".github" / "workflows" / "contract.yml"
TESTS = ROOT / ".github" / "workflows" / "tests.yml"

MOCKSERVER = f'#!/bin/sh\nexec env PYTHONPATH="{ROOT}" "{sys.executable}" -m mockserver "$@"\n'
RECORDER = '#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/recorded"\n'
INTRUDER = "#!/bin/sh\necho another program of this name >&2\nexit 3\n"


def interpreter(mockserver: str = MOCKSERVER) -> str:
    """Returns a script for `python3 -m venv FOLDER`. The environment has a recorder as `python`, and a `mockserver`."""
    lines = ["#!/bin/sh", '[ "$1 $2" = "-m venv" ] || exit 1', 'mkdir -p "$3/bin"']
    for name, text in {"python": RECORDER, "mockserver": mockserver}.items():
        lines += [f"cat > \"$3/bin/{name}\" <<'END'", text.rstrip("\n"), "END", f'chmod +x "$3/bin/{name}"']
    return "\n".join(lines) + "\n"


class Runner:
    """Runs steps one after the other. Later steps see what a step adds to `GITHUB_ENV` and `GITHUB_PATH`."""

    def __init__(self, folder: Path, programs: Mapping[str, str], **environment: str) -> None:
        self.folder = folder
        self.path = [os.fspath(folder / "programs"), "/usr/bin", "/bin"]
        self.environment = {"RUNNER_TEMP": os.fspath(folder), **environment}
        self.groups: list[int] = []
        for name in ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"):
            (folder / name).touch()
            self.environment[name] = os.fspath(folder / name)
        (folder / "programs").mkdir()
        for name, text in programs.items():
            (folder / "programs" / name).write_text(text)
            (folder / "programs" / name).chmod(0o755)

    def run(self, step: Mapping[str, Any], **expressions: str) -> int:
        """Returns the exit status of a step. `expressions` has the values of `${{ ... }}`, with `__` for each dot."""
        given = {name: _filled(value, expressions) for name, value in step.get("env", {}).items()}
        environment = {**self.environment, "PATH": ":".join(self.path), **given}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        with subprocess.Popen(
            command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        ) as process:
            self.groups.append(process.pid)
            status = process.wait(timeout=120)
        for line in self.lines("GITHUB_ENV"):
            name, _, value = line.partition("=")
            self.environment[name] = value
        self.path = [*self.lines("GITHUB_PATH"), *self.path[-3:]]
        return status

    def lines(self, name: str) -> list[str]:
        """Returns the lines of one of the runner's files."""
        return (self.folder / name).read_text().splitlines()

    def stop(self) -> None:
        """Ends the processes that steps have left running."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGTERM)


def _filled(value: Any, expressions: Mapping[str, str]) -> str:
    return re.sub(
        r"\${{ ([\w.-]+) }}", lambda match: expressions[match[1].replace(".", "__").replace("-", "_")], str(value)
    )


def steps(document: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the steps of a job or an action that run a shell, by name."""
    return {step["name"]: step for step in document["steps"] if "run" in step}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def inputs(**given: str) -> dict[str, str]:
    """Returns the inputs of the action, with defaults for those that are not given."""
    known = load(ACTION)["inputs"]
    values = {name.replace("-", "_"): about.get("default", "") for name, about in known.items()}
    return {f"inputs__{name}": value for name, value in {**values, **given}.items()}


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    made = Runner(tmp_path, {"mockserver": MOCKSERVER, "python3": interpreter()})
    yield made
    made.stop()


def test_the_workflow_starts_the_mock_and_the_action_checks_it(runner: Runner) -> None:
    job = load(WORKFLOW)["jobs"]["check"]
    assert runner.run(steps(job)["Start the mock"]) == 0
    assert runner.environment["MOCK_URL"].startswith("http://127.0.0.1:")
    (use,) = (step for step in job["steps"] if step.get("uses", "").startswith("./"))
    assert (ROOT / use["uses"] / "action.yml").samefile(ACTION)
    runner.environment.update(use["env"])
    given = {name: _filled(value, {"matrix__service": "jackson", "env__MOCK_URL": runner.environment["MOCK_URL"]})
             for name, value in use["with"].items()}  # fmt: skip
    values = inputs(**{name.replace("-", "_"): value for name, value in given.items()})
    action = steps(load(ACTION)["runs"])
    path = os.fspath(ACTION.parent)
    assert [runner.run(action[name], github__action_path=path, **values) for name in action] == [0, 0, 0]
    assert (runner.folder / "mockserver-report" / "report.json").is_file()
    assert any("createDirectory" in line for line in runner.lines("GITHUB_STEP_SUMMARY"))
    assert "mock-admin" not in (runner.folder / "mockserver-report" / "report.json").read_text()


def installed(runner: Runner, **given: str) -> int:
    """Runs the action's steps up to the check, and returns the exit status of the check."""
    action, values = steps(load(ACTION)["runs"]), inputs(**given)
    assert runner.run(action["Install"], github__action_path=os.fspath(ACTION.parent), **values) == 0
    return runner.run(action["Check"], **values)


def test_the_action_fails_if_nothing_answers(runner: Runner) -> None:
    assert installed(runner, service="jackson", url="http://127.0.0.1:9") == 2


def test_the_action_passes_its_inputs_to_the_check(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"python3": interpreter(mockserver=RECORDER)})
    given = {"credential_env": "KEY", "allow_writes": "true", "within": "9s", "accept": "a.yaml"}
    assert installed(runner, service="vcf", url="http://x", **given) == 0
    options = (
        "--report mockserver-report --url http://x --credential-env KEY --allow-writes --within 9s --accept a.yaml"
    )
    assert runner.lines("recorded")[-1] == f"check vcf {options}"


def test_the_action_installs_its_own_version_and_uses_no_other_program_of_that_name(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"python3": interpreter(mockserver=RECORDER), "mockserver": INTRUDER})
    assert installed(runner, service="vcf") == 0
    asked = runner.lines("recorded")[0].split()
    assert asked[:3] == ["-m", "pip", "install"]
    assert Path(asked[asked.index("--constraint") + 1]).samefile(ROOT / "constraints.txt")
    assert Path(asked[-1].removesuffix("[check]")).samefile(ROOT)
    assert runner.lines("GITHUB_PATH") == []


@pytest.mark.parametrize("job", ["check", "mutation"])
def test_the_workflow_installs_in_an_environment_of_its_own(tmp_path: Path, job: str) -> None:
    runner = Runner(tmp_path, {"python3": interpreter()})
    assert runner.run(steps(load(WORKFLOW)["jobs"][job])["Install"]) == 0
    assert "--constraint constraints.txt" in runner.lines("recorded")[0]
    assert (Path(runner.path[0]) / "python").is_file()


def test_the_nightly_job_runs_the_mutants(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"python": RECORDER})
    (name,) = (name for name in steps(load(WORKFLOW)["jobs"]["mutation"]) if name != "Install")
    assert runner.run(steps(load(WORKFLOW)["jobs"]["mutation"])[name]) == 0
    assert runner.lines("recorded") == ["-m tests.mutation"]


def test_the_tests_run_with_every_supported_python_and_with_the_lowest_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    jobs = load(TESTS)["jobs"]
    assert jobs["tests"]["strategy"]["matrix"]["python"] == supported
    assert jobs["windows"]["strategy"]["matrix"]["python"] == supported
    assert project["requires-python"] == f">={supported[0]}"
    setup = next(step for step in jobs["lowest"]["steps"] if "setup-python" in step.get("uses", ""))
    assert setup["with"]["python-version"] == supported[0]


def test_the_workflow_of_the_tests_runs_make_targets_and_scripts_that_exist() -> None:
    targets = re.findall(r"^([\w./$()-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    commands = [step["run"] for job in load(TESTS)["jobs"].values() for step in job["steps"] if "run" in step]
    assert commands
    for command in commands:
        words = [word for word in shlex.split(command) if "=" not in word]
        if words[0] == "make":
            assert words[1].replace(".venv", "$(VENV)") in targets
        else:
            assert os.access(ROOT / words[-1], os.X_OK), command
