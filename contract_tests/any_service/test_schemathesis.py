"""Schemathesis in all its phases, with all its checks: examples, coverage, fuzzing and sequences along the links.

The mock is strict, so that the served document says everything. What an operation may refuse though it obeys the
document is excused only where the document itself says so (`x-refused-beyond-schema`). The seed is fixed; the suite
holds for any. Most cases come from the coverage phase, whatever the number of examples; a handful of random ones for
each operation reaches what it does not combine, and `CONTRACT_EXAMPLES` asks for more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..framework.documents import credential_header, operations, services
from ..framework.processes import mock

SERVICES = sorted((*services(), "control"), key=lambda service: -len(operations(service)))
"""All, the one that takes longest first."""
SEED = os.environ.get("CONTRACT_SEED", "1")
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "5")
SECONDS = 900
LISTENED = 1
"""Seconds."""
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "429"]
"""What may become of a request that obeys the document, besides what the document excuses."""


Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Run]]]:
    """The run for each service, begun together; one more at a time than there are processors, as some wait."""
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        yield {service: pool.submit(run, service, tmp_path_factory.mktemp(service)) for service in SERVICES}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("service", SERVICES)
def test_schemathesis_finds_nothing(service: str, runs: Mapping[str, Future[Run]]) -> None:
    ran = runs[service].result()
    assert ran.returncode == 0, ran.stdout[-6_000:] + ran.stderr[-2_000:]


def run(service: str, folder: Path) -> Run:
    """Runs schemathesis on a server of its own: what it does to the control plane must disturb no other run."""
    with mock("--strict") as url:
        document = f"{url}/_mock/openapi/{service}.json"
        (folder / "schemathesis.toml").write_text(configuration(httpx.get(document).json()))
        credential = credential_header(service, "mock-admin") if service in services() else {}
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", document, "--checks", "all"),
            *("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", EXAMPLES, "--seed", SEED),
            *("--continue-on-failure", "--no-color", "--header", "X-Mock-World: fuzz"),
            *(part for header in credential.items() for part in ("--header", ": ".join(header))),
        ]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)


def configuration(document: dict[str, Any]) -> str:
    """A schemathesis.toml: of each operation so marked it expects the refusals that its schemas can't express, and it
    listens only briefly to an operation that may answer with a stream, for that may say nothing for long."""
    lines = []
    for operation in (it for item in document["paths"].values() for it in item.values() if "responses" in it):
        settings: dict[str, Any] = {}
        if "x-refused-beyond-schema" in operation:
            expected = [*ACCEPTED, *operation["x-refused-beyond-schema"]]
            settings["checks.positive_data_acceptance.expected-statuses"] = expected
        if "text/event-stream" in operation["responses"].get("200", {}).get("content", {}):
            settings["request-timeout"] = LISTENED
        if settings:
            lines += ["[[operations]]", f'include-operation-id = "{operation["operationId"]}"']
            lines += [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    return "\n".join(lines)
