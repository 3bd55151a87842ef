"""The proof ledger, `proof/<service>.json`: what earlier runs have proven. A check with `--record` updates it.

    {"listUsers": {"example": ["mock"], "deployment": ["mock", "polis"]}}

`example` names the runs in which the operation's documented example was right, and `deployment` the runs in which
everything that was tested of the operation was right. `client` names the vendors' clients whose tests
call the operation; a check keeps that entry. `mockserver operations` prints the ledger.
"""

from __future__ import annotations

import json
from pathlib import Path

from mockserver.registry.resources import home

from ..evidence import ACCEPTED, PROVEN, Report

Ledger = dict[str, dict[str, list[str]]]


def read(service: str) -> Ledger:
    """Returns the ledger of a service: operationId → `example` or `deployment` → the names of runs."""
    path = _path(service)
    ledger: Ledger = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return ledger


def update(report: Report, name: str) -> None:
    """Writes what a run has proven to the ledger, in place of what the last run of this name had proven."""
    ledger = read(report["service"])
    for row in report["operations"]:
        proven = {
            "deployment": row["state"] in (PROVEN, ACCEPTED),
            "example": row["aspects"]["example"]["state"] == PROVEN,
        }
        entry = ledger.setdefault(row["id"], {})
        for key, is_proven in proven.items():
            names = set(entry.get(key, [])) - {name} | ({name} if is_proven else set())
            entry[key] = sorted(names)
    path = _path(report["service"])
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(dict(sorted(ledger.items())), indent=1) + "\n"
    path.write_text(text, encoding="utf-8")


def _path(service: str) -> Path:
    return home(service).suite / "proof" / f"{service}.json"
