"""The package is typed for its users: mypy sees the types of the public names, and not `Any`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("mypy")
"""One process runs all of these tests, so that the cache of the first check serves the others."""

PROJECT = Path(__file__).resolve().parent / "typed_project" / "test_project.py"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of mypy's cache."""
    return tmp_path_factory.mktemp("cache")


def mypy(folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """Checks the project in a folder as its user would, with the installed package and no other configuration."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MYPY")}
    return subprocess.run(
        [*command, "--cache-dir", os.fspath(cache), "test_project.py"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_typed_project_passes_the_strict_checks_of_mypy(tmp_path: Path, cache: Path) -> None:
    shutil.copy(PROJECT, tmp_path)
    checked = mypy(tmp_path, cache)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ("from mockserver import MockServer\nMockServer(seeds=1)\n", 'Unexpected keyword argument "seeds"'),
        ("from mockserver import MockServre\n", 'has no attribute "MockServre"'),
        ("from mockserver import MockWorld\ndef use(world: MockWorld) -> None:\n    world.clocks\n", '"clocks"'),
    ],
    ids=["an unknown argument", "an unknown name", "an unknown attribute"],
)
def test_a_mistake_in_a_typed_project_is_an_error(mistake: str, message: str, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "test_project.py").write_text(mistake)
    checked = mypy(tmp_path, cache)
    assert checked.returncode == 1
    assert message in checked.stdout
