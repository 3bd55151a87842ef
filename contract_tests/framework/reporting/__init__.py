"""The reports of a run. All of them are made from the same JSON report."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from ..evidence import UNTESTED, Report
from ..run import Run
from . import ci_formats, ledger, page, text
from .comparison import compare

FORMATS = {
    "report.json": lambda report: json.dumps(report, indent=1, ensure_ascii=False) + "\n",
    "report.md": text.markdown,
    "report.html": page.html,
    "junit.xml": ci_formats.junit,
    "report.sarif": ci_formats.sarif,
}
"""The files in the folder that `--report` names."""


def publish(config: pytest.Config, run: Run, seconds: float, exitstatus: int) -> bool:
    """Prints and writes the reports of a check. Returns whether any operation was tested."""
    report = _report(config, run, seconds, exitstatus)
    if report is None:
        return False
    printed = text.summary(report)
    other: Path | None = config.getoption("--compare")
    if other:
        report["comparison"] = compare(json.loads(other.read_text(encoding="utf-8")), report)
        printed += text.comparison(report["comparison"], str(other))
    _print(printed)
    folder: Path | None = config.getoption("--report")
    if folder:
        _write(folder, report)
    if os.environ.get("GITHUB_ACTIONS"):
        _print(ci_formats.workflow_commands(report))
    name = config.getoption("--record")
    if name and exitstatus == pytest.ExitCode.OK:
        ledger.update(report, name)
    return any(row["state"] != UNTESTED for row in report["operations"])


def _report(config: pytest.Config, run: Run, seconds: float, exitstatus: int) -> Report | None:
    """Returns the report of a check; None if not even its deployment was reached."""
    assert run.check is not None
    evidence = run.evidence.get(run.check)
    deployment = next((it for (service, _), it in run.deployments.items() if service == run.check), None)
    if evidence is None or deployment is None:
        return None
    report = evidence.report(
        deployment=run.urls.get(run.check, "the mock, in this process"),
        seed=config.getoption("--contract-seed"),
        writes=deployment.writes,
        interrupted=exitstatus == pytest.ExitCode.INTERRUPTED,
        seconds=round(seconds, 1),
    )
    # The evidence is masked as it comes in. Masking the whole report catches a secret that came in any other way.
    masked: Report = json.loads(deployment.secrets.mask(json.dumps(report, ensure_ascii=False)))
    return masked


def _write(folder: Path, report: Report) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, render in FORMATS.items():
        (folder / name).write_text(render(report), encoding="utf-8")


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
