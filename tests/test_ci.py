"""The check of wheels that CI runs, with a script in place of uv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NO_WHEEL = "Because orjson==3.10.0 has no usable wheels and idp-mockserver depends on it, they are unsatisfiable."


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script and what it reads."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in (".ci/wheels.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def check(checkout: Path, uv: str = "") -> tuple[int, list[str]]:
    """Returns the exit status and the lines of the check. `uv` is the body of a shell script."""
    if uv:
        program = checkout / ".venv" / "bin" / "uv"
        program.write_text(f"#!/bin/sh\n{uv}\n")
        program.chmod(0o755)
    # Without -I and a copied interpreter, the script would find the uv of this environment.
    python = checkout / "python"
    python.symlink_to(os.path.realpath(sys.executable))
    done = subprocess.run(
        [python, checkout / ".ci" / "wheels.py"],
        env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()


def test_wheels_for_everything_pass(checkout: Path) -> None:
    status, lines = check(checkout, "exit 0")
    assert status == 0
    assert lines[0] == "wheels: Python 3.11: all on Linux x86-64, Linux arm64, macOS arm64, Windows x86-64"


def test_a_wheel_that_is_missing_fails_and_is_named(checkout: Path) -> None:
    only = f"case \"$*\" in *3.13*windows*) echo '{NO_WHEEL}' >&2; exit 1;; esac"
    status, lines = check(checkout, only)
    assert status == 1
    assert "wheels: Python 3.13: Windows x86-64: no wheel of orjson==3.10.0" in lines


def test_a_python_that_is_not_supported_yet_may_miss_wheels(checkout: Path) -> None:
    status, lines = check(checkout, f"case \"$*\" in *3.15*) echo '{NO_WHEEL}' >&2; exit 1;; esac")
    assert status == 0
    assert lines[-1].startswith("wheels: Python 3.15 (not supported yet): Linux x86-64: no wheel of orjson==3.10.0; ")


@pytest.mark.parametrize("uv", ["", "echo 'the index does not answer' >&2; exit 2"], ids=["no uv", "no index"])
def test_what_can_not_be_checked_is_reported_as_such(uv: str, checkout: Path) -> None:
    status, lines = check(checkout, uv)
    assert status == 77
    assert lines[0].startswith("wheels: NOT CHECKED, ")
