"""Schemathesis in all its phases, with all its checks: examples, coverage, fuzzing and sequences along the links.

The mock is strict, so that the served document says everything. The seed is fixed here; the suite holds for any.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .deployment import SCHEMES
from .processes import mock

SEED = int(os.environ.get("CONTRACT_SEED", "1"))
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "15")
SECONDS = 300


@pytest.fixture(scope="module")
def strict_url() -> Iterator[str]:
    with mock("--strict") as url:
        yield url


@pytest.mark.parametrize("service", SCHEMES)
def test_schemathesis_finds_nothing(service: str, strict_url: str, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{strict_url}/_mock/openapi/{service}.json"),
        *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"),
        *("--seed", str(SEED), "--max-examples", EXAMPLES, "--continue-on-failure", "--no-color"),
        *("--header", f"Authorization: {SCHEMES[service]} mock-admin", "--header", f"X-Mock-World: fuzz-{service}"),
    ]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS)
    assert ran.returncode == 0, ran.stdout[-6_000:] + ran.stderr[-2_000:]
    assert "No issues found" in ran.stdout or "warning" in ran.stdout
