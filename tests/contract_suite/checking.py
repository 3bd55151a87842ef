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
class Checked:
    """What came of a check: its exit status, all it printed, and its report."""

    status: int
    printed: str
    folder: Path

    def report(self) -> Any:
        """The JSON report."""
        return json.loads((self.folder / "report.json").read_text(encoding="utf-8"))

    def drift(self) -> dict[tuple[str, str], list[str]]:
        """(kind, where) → operations of all that differs and is not accepted."""
        found = [it for it in self.report()["drift"] if it["accepted"] is None]
        return {(it["kind"], it["where"]): it["operations"] for it in found}


def command(fake: Fake, *options: str) -> list[str]:
    """The command that checks a fake."""
    return [*COMMAND, "jackson", "--url", fake.url, "--credential-env", "CHECKED_CREDENTIAL", *options]


def check(folder: Path, *arguments: str, **variables: str) -> Checked:
    """Runs a check to its end, somewhere else than in the checkout's folder."""
    environment = {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}
    done = subprocess.run(
        [*arguments, "--report", str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Checked(done.returncode, done.stdout + done.stderr, folder)
