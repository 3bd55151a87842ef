"""Runs Redocly's Arazzo implementation against a mock, as a second opinion on the flows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contract_tests.framework.processes import npm
from mockserver.registry import resources
from mockserver.registry.entries import names

REDOCLY = Path(__file__).parent / "redocly"
INSTALL_SECONDS = 180
PLAY_SECONDS = 120
SERVICES = (*names(), "control")

QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
"""Keeps Redocly from calling anything but the mock: no telemetry, no check for a newer version."""


def ask(method: str, url: str, body: Any = None) -> Any:
    """Returns the JSON of the control plane's response."""
    payload = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, payload, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def fresh_world(url: str, name: str) -> None:
    """Creates a world in which every body labelled JSON is JSON, for Redocly insists on that."""
    ask("PUT", f"{url}/_mock/worlds/{name}", {"options": {"vcf.json-bodies": True}})


@contextmanager
def installed(folder: Path) -> Iterator[Path]:
    """Installs Redocly in a folder with npm and yields its command. Raises Unavailable where that is impossible."""
    npm(REDOCLY, folder, "ci", seconds=INSTALL_SECONDS)
    yield folder / "node_modules" / ".bin" / "redocly"


def written(url: str, world: str, folder: Path) -> Path:
    """Writes the flows and, beside them, the documents that this world serves. Returns the folder of the flows."""
    for service in SERVICES:
        served = ask("GET", f"{url}/_mock/w/{world}/_mock/openapi/{service}.json")
        (folder / f"{service}.yaml").write_text(json.dumps(served))
    shutil.copytree(resources.folder("openapi") / "flows", folder / "flows")
    return folder / "flows"


def run_redocly(command: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs Redocly once."""
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        timeout=PLAY_SECONDS,
        text=True,
        env=os.environ | QUIET,
    )
