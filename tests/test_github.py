"""The GitHub action and the example workflow: their shell steps are run, as a runner would, in a folder of their own.

What would be installed is not: in place of `python3 -m venv` a recorder stands that tells what it was asked.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
ACTION = ROOT / ".github" / "actions" / "mockserver-check" / "action.yml"
WORKFLOW = ROOT / ".github" / "workflows" / "contract.yml"

MOCKSERVER = f'#!/bin/sh\nexec env PYTHONPATH="{ROOT}" "{sys.executable}" -m mockserver "$@"\n'
RECORDER = '#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/recorded"\n'
VENV = f"""#!/bin/sh
[ "$1 $2" = "-m venv" ] || exit 1
mkdir -p "$3/bin"
printf '%s\\n' '{RECORDER.splitlines()[0]}' '{RECORDER.splitlines()[1]}' > "$3/bin/python"
chmod +x "$3/bin/python"
"""


class Runner:
    """Runs steps one after the other: what one puts into `GITHUB_ENV` and `GITHUB_PATH`, the next ones have."""

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
        """The step's exit status; `expressions` are the values of its `${{ ... }}`, dots as two underscores."""
        given = {name: _filled(value, expressions) for name, value in step.get("env", {}).items()}
        environment = {**self.environment, "PATH": ":".join(self.path), **given}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        with subprocess.Popen(
            command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        ) as process:
            self.groups.append(process.pid)
            status = process.wait(timeout=120)
        for line in self.said("GITHUB_ENV"):
            name, _, value = line.partition("=")
            self.environment[name] = value
        self.path = [*self.said("GITHUB_PATH"), *self.path[-3:]]
        return status

    def said(self, name: str) -> list[str]:
        """The lines of one of the runner's files."""
        return (self.folder / name).read_text().splitlines()

    def stop(self) -> None:
        """Ends what steps left running."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGTERM)


def _filled(value: Any, expressions: Mapping[str, str]) -> str:
    return re.sub(r"\${{ ([\w.-]+) }}", lambda it: expressions[it[1].replace(".", "__").replace("-", "_")], str(value))


def steps(document: Mapping[str, Any]) -> dict[str, Any]:
    """The steps of a job or action that run a shell, by name."""
    return {step["name"]: step for step in document["steps"] if "run" in step}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def inputs(**given: str) -> dict[str, str]:
    """The action's inputs with their defaults."""
    known = load(ACTION)["inputs"]
    values = {name.replace("-", "_"): about.get("default", "") for name, about in known.items()}
    return {f"inputs__{name}": value for name, value in {**values, **given}.items()}


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    made = Runner(tmp_path, {"mockserver": MOCKSERVER})
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
    told = inputs(**{name.replace("-", "_"): value for name, value in given.items()})
    action = steps(load(ACTION)["runs"])
    path = os.fspath(ACTION.parent)
    assert [runner.run(action[name], github__action_path=path, **told) for name in action] == [0, 0, 0]
    assert (runner.folder / "mockserver-report" / "report.json").is_file()
    assert any("createDirectory" in line for line in runner.said("GITHUB_STEP_SUMMARY"))
    assert "mock-admin" not in (runner.folder / "mockserver-report" / "report.json").read_text()


def test_the_action_fails_where_nothing_answers(runner: Runner) -> None:
    told = inputs(service="jackson", url="http://127.0.0.1:9")
    assert runner.run(steps(load(ACTION)["runs"])["Check"], **told) == 2


def test_the_action_passes_its_inputs_on(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"mockserver": RECORDER})
    told = inputs(
        service="vcf", url="http://x", credential_env="KEY", allow_writes="true", within="9s", accept="a.yaml"
    )
    assert runner.run(steps(load(ACTION)["runs"])["Check"], **told) == 0
    options = (
        "--report mockserver-report --url http://x --credential-env KEY --allow-writes --within 9s --accept a.yaml"
    )
    assert runner.said("recorded") == [f"check vcf {options}"]


def test_the_action_installs_what_is_not_there(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"python3": VENV})
    told = inputs(service="vcf")
    assert runner.run(steps(load(ACTION)["runs"])["Install"], github__action_path=os.fspath(ACTION.parent), **told) == 0
    asked = runner.said("recorded")[0].split()
    assert asked[:3] == ["-m", "pip", "install"]
    assert Path(asked[asked.index("--constraint") + 1]).samefile(ROOT / "constraints.txt")
    assert Path(asked[-1].removesuffix("[check]")).samefile(ROOT)
    assert (Path(runner.path[0]) / "python").is_file()


@pytest.mark.parametrize("job", ["check", "mutation"])
def test_the_workflow_installs_in_an_environment_of_its_own(tmp_path: Path, job: str) -> None:
    runner = Runner(tmp_path, {"python3": VENV})
    assert runner.run(steps(load(WORKFLOW)["jobs"][job])["Install"]) == 0
    assert "--constraint constraints.txt" in runner.said("recorded")[0]
    assert (Path(runner.path[0]) / "python").is_file()


def test_the_nightly_job_runs_the_mutants(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"python": RECORDER})
    (name,) = (name for name in steps(load(WORKFLOW)["jobs"]["mutation"]) if name != "Install")
    assert runner.run(steps(load(WORKFLOW)["jobs"]["mutation"])[name]) == 0
    assert runner.said("recorded") == ["-m tests.mutation"]
