"""What is proven of each operation for good: `proof/<service>.json`, which a check with `--record` updates.

    {"listUsers": {"example": ["mock"], "deployment": ["mock", "polis"]}}

names by which runs an operation's documented example was played, and on which deployments all of it held.
"""

from __future__ import annotations

import json
from pathlib import Path

from mockserver.registry.resources import home

from ..evidence import ACCEPTED, PROVEN, Record

Proof = dict[str, dict[str, list[str]]]


def kept(service: str) -> Proof:
    """The proof that is kept of a service: operationId → by what → names."""
    path = _path(service)
    found: Proof = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def keep(record: Record, name: str) -> None:
    """Keeps what a run has proven in place of what the last run by this name had."""
    proof = kept(record["service"])
    for row in record["operations"]:
        held = row["state"] in (PROVEN, ACCEPTED)
        played = row["aspects"]["example"]["state"] == PROVEN
        entry = proof.setdefault(row["id"], {})
        for by, shown in (("deployment", held), ("example", played)):
            names = set(entry.get(by, [])) - {name} | ({name} if shown else set())
            entry[by] = sorted(names)
    path = _path(record["service"])
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(dict(sorted(proof.items())), indent=1) + "\n"
    path.write_text(text, encoding="utf-8")


def _path(service: str) -> Path:
    return home(service).suite / "proof" / f"{service}.json"
