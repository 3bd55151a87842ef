"""Schemathesis against the mock, in all its phases (examples, coverage, fuzzing, stateful) and with all its checks.

The mock runs with `--strict`, so that the served document is the whole contract. Where an operation may refuse a
request that obeys the document, the document says so itself (`x-refused-beyond-schema`).

The seed is fixed so that runs can be repeated; the suite passes with any other. Most requests come from the coverage
phase, whose number does not depend on `CONTRACT_EXAMPLES`. A few random ones for each operation try combinations that
the coverage phase leaves out, and a higher `CONTRACT_EXAMPLES` tries more.
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
"""All services, with the one that takes longest first."""

SEED = os.environ.get("CONTRACT_SEED", "1")
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "5")
SECONDS = 900
STREAM_SECONDS = 1
"""How long to wait for an operation that may return a stream."""

EXPECTED_STATUSES = ["2xx", "3xx", "401", "403", "404", "409", "429"]
"""The statuses that a request which obeys the document may get from every operation."""

Completed = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Completed]]]:
    """Schemathesis's results for each service. There is one process more than processors, because some of them wait."""
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        yield {it: pool.submit(run_schemathesis, it, tmp_path_factory.mktemp(it)) for it in SERVICES}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("service", SERVICES)
def test_schemathesis_finds_nothing(service: str, results: Mapping[str, Future[Completed]]) -> None:
    completed = results[service].result()
    assert completed.returncode == 0, completed.stdout[-6_000:] + completed.stderr[-2_000:]


def run_schemathesis(service: str, folder: Path) -> Completed:
    """Runs schemathesis against a mock of its own, because the run for the control plane would disturb all others."""
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
    """Returns a schemathesis.toml for the served document.

    It expects the refusals that the document announces with `x-refused-beyond-schema`, and shortens the timeout of an
    operation that may return a stream, which can stay silent for long.
    """
    lines = []
    for operation in (it for item in document["paths"].values() for it in item.values() if "responses" in it):
        settings: dict[str, Any] = {}
        if "x-refused-beyond-schema" in operation:
            statuses = [*EXPECTED_STATUSES, *operation["x-refused-beyond-schema"]]
            settings["checks.positive_data_acceptance.expected-statuses"] = statuses
        if "text/event-stream" in operation["responses"].get("200", {}).get("content", {}):
            settings["request-timeout"] = STREAM_SECONDS
        if settings:
            lines += ["[[operations]]", f'include-operation-id = "{operation["operationId"]}"']
            lines += [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    return "\n".join(lines)
