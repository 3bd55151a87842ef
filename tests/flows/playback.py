"""The flows, played under both interpreters against a mock in a process of its own."""

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

REDOCLY = Path(__file__).parent / "redocly"
INSTALL_SECONDS = 180
PLAY_SECONDS = 120
SERVICES = ("netbird", "jackson", "vcf", "netfoundry", "scim", "control")

QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
"""Nothing but the mock is called: no telemetry, no look for a newer version."""


def ask(method: str, url: str, body: Any = None) -> Any:
    """What the control plane answers."""
    payload = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, payload, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def fresh_world(url: str, name: str) -> None:
    """A world whose every answer of JSON is JSON, as a client needs that insists on it."""
    ask("PUT", f"{url}/_mock/worlds/{name}", {"options": {"vcf.json-bodies": True}})


@contextmanager
def installed(folder: Path) -> Iterator[Path]:
    """The second interpreter's command, installed by npm in this folder; Unavailable where that can't be."""
    npm(REDOCLY, folder, "ci", seconds=INSTALL_SECONDS)
    yield folder / "node_modules" / ".bin" / "redocly"


def written(url: str, world: str, folder: Path) -> Path:
    """A flow folder beside the documents as this world serves them, with URLs that lead into it."""
    for service in SERVICES:
        served = ask("GET", f"{url}/_mock/w/{world}/_mock/openapi/{service}.json")
        (folder / f"{service}.yaml").write_text(json.dumps(served))
    shutil.copytree(resources.folder("openapi") / "flows", folder / "flows")
    return folder / "flows"


def run_redocly(command: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One run of the second interpreter."""
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        timeout=PLAY_SECONDS,
        text=True,
        env=os.environ | QUIET,
    )
