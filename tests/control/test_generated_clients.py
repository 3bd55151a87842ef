"""TypeScript clients, generated from the served documents: they type-check, and their calls succeed.

openapi-typescript generates the types, TypeScript checks and compiles a small program that calls each API through
openapi-fetch, and Node runs it against the mock. Versions are pinned by the lock file.
"""

from __future__ import annotations

import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.framework.processes import Unavailable, mock, npm

PROJECT = Path(__file__).parent / "typescript"
DOCUMENTS = ("netbird", "jackson", "vcf", "netfoundry", "scim", "control")
CALLED = {
    "createIdentityProvider",
    "getIdentityProvider",
    "createDirectory",
    "createUser",
    "listUsers",
    "listGroups",
    "listIdentityProviders",
    "listOrganizations",
    "getOrganization",
    "getHealth",
    "listExchanges",
}
SECONDS = 180


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with mock() as running:
        yield running


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript project with its packages installed, in a folder of its own."""
    folder = tmp_path_factory.mktemp("typescript") / "project"
    try:
        npm(PROJECT, folder, "ci", seconds=SECONDS)
    except Unavailable as error:
        pytest.skip(f"NO TypeScript client was generated from the served documents: {error}")
    return folder


def run(project: Path, *command: str) -> str:
    """Runs a command in the project and returns its output. Fails the test unless the command succeeds."""
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_a_program_generated_from_the_served_documents_type_checks_and_its_calls_succeed(
    url: str, project: Path
) -> None:
    for name in DOCUMENTS:
        with urllib.request.urlopen(f"{url}/_mock/openapi/{name}.json", timeout=30) as response:
            (project / f"{name}.json").write_bytes(response.read())
        run(project, "node_modules/.bin/openapi-typescript", f"{name}.json", "--output", f"{name}.d.ts")
    run(project, "node_modules/.bin/tsc", "--project", ".")
    lines = run(project, "node", "compiled/program.js", url).splitlines()
    assert {line.split()[0] for line in lines} == CALLED
