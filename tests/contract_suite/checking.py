"""`mockserver check jackson`, run as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contract_suite.deployments import CREDENTIAL, Fake

COMMAND = [sys.executable, "-m", "mockserver", "check"]
ENVIRONMENT = {**os.environ, "CHECKED_CREDENTIAL": CREDENTIAL}


@dataclass
class FinishedCheck:
    """A finished check: its exit status, everything it printed, and the folder of its reports."""

    status: int
    printed: str
    folder: Path

    def report(self) -> Any:
        """Returns the JSON report."""
        return json.loads((self.folder / "report.json").read_text(encoding="utf-8"))

    def differences(self) -> dict[tuple[str, str], list[str]]:
        """Returns the differences that are not accepted: (kind, where) → operations."""
        unaccepted = [it for it in self.report()["drift"] if it["accepted"] is None]
        return {(it["kind"], it["where"]): it["operations"] for it in unaccepted}


def command(fake: Fake, *options: str) -> list[str]:
    """Returns the command that checks a fake deployment."""
    return [*COMMAND, "jackson", "--url", fake.url, "--credential-env", "CHECKED_CREDENTIAL", *options]


def check(folder: Path, *arguments: str, **variables: str) -> FinishedCheck:
    """Runs a check to its end. `variables` are added to the environment."""
    environment = {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}
    completed = subprocess.run(
        [*arguments, "--report", str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return FinishedCheck(completed.returncode, completed.stdout + completed.stderr, folder)
