"""What a run has proven, for people and for programs. Every report is made from the same record."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from ..aim import Aim
from ..evidence import UNTESTED, Record
from . import exchange_formats, page, proofs, text
from .comparison import partings

FORMATS = {
    "report.json": lambda record: json.dumps(record, indent=1, ensure_ascii=False) + "\n",
    "report.md": text.markdown,
    "report.html": page.html,
    "junit.xml": exchange_formats.junit,
    "report.sarif": exchange_formats.sarif,
}
"""The files in a report's folder."""


def publish(config: pytest.Config, aim: Aim, seconds: float, exitstatus: int) -> bool:
    """Writes and prints the reports of a check; whether anything was proven at all."""
    assert aim.check is not None
    evidence = aim.evidence.get(aim.check)
    target = next((target for (service, _), target in aim.targets.items() if service == aim.check), None)
    if evidence is None or target is None:
        return False
    record = evidence.record(
        deployment=aim.urls.get(aim.check, "the mock, in this process"),
        seed=config.getoption("--contract-seed"),
        writes=target.writes,
        interrupted=exitstatus == pytest.ExitCode.INTERRUPTED,
        seconds=round(seconds, 1),
    )
    # A credential that came in by any way not thought of is still kept out of every report.
    record = json.loads(target.secrets.masked(json.dumps(record, ensure_ascii=False)))
    shown = text.summary(record)
    other: Path | None = config.getoption("--compare")
    if other:
        record["comparison"] = partings(json.loads(other.read_text(encoding="utf-8")), record)
        shown += text.comparison(record["comparison"], str(other))
    _print(shown)
    folder: Path | None = config.getoption("--report")
    if folder:
        _write(folder, record)
    if os.environ.get("GITHUB_ACTIONS"):
        _print(exchange_formats.workflow_commands(record))
    name = config.getoption("--record")
    if name and exitstatus == pytest.ExitCode.OK:
        proofs.keep(record, name)
    return any(row["state"] != UNTESTED for row in record["operations"])


def _write(folder: Path, record: Record) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in FORMATS.items():
        (folder / name).write_text(made(record), encoding="utf-8")


def _print(shown: str) -> None:
    sys.stdout.write(shown)
    sys.stdout.flush()
