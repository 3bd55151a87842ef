#!/usr/bin/env python3
"""Proves that every dependency has wheels for each supported Python on Linux, macOS and Windows.

uv resolves the package as if on each of these machines, without running them: once as pinned by `constraints.txt`, for
the server and for the extras that users install. The supported versions are the classifiers in `pyproject.toml`. The
version after the last one is reported, too, so that it can be supported as soon as nothing is missing.

Exit status: 0 if nothing is missing, 1 if a wheel is missing, 77 if it could not be determined.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux arm64": "aarch64-manylinux_2_28",
    "macOS arm64": "aarch64-apple-darwin",
    "Windows x86-64": "x86_64-pc-windows-msvc",
}
EXTRAS = ("respx", "generate", "check")
MISSING = re.compile(r"Because (\S+) has no (?:usable )?wheels")
UNKNOWN = 77
"""The exit status that test harnesses take for "skipped"."""


def uv() -> str | None:
    """Returns the path of uv: beside this Python, in `.venv`, or on the PATH."""
    beside = os.pathsep.join([os.fspath(Path(sys.executable).parent), os.fspath(ROOT / ".venv" / "bin")])
    return shutil.which("uv", path=beside) or shutil.which("uv")


def supported() -> list[str]:
    """Returns the Python versions that `pyproject.toml` names, in ascending order."""
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    versions = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", text) for text in classifiers]
    return sorted((match[1] for match in versions if match), key=lambda version: int(version[2:]))


def resolve(program: str, version: str, platform: str) -> str | None:
    """Returns None if all wheels exist, or else what is missing. Raises RuntimeError if uv can't tell."""
    command = [program, "pip", "compile", "--quiet", "--no-config", "--only-binary", ":all:", "--no-annotate"]
    command += ["--python-version", version, "--python-platform", platform, "--constraint", "constraints.txt"]
    for extra in EXTRAS:
        command += ["--extra", extra]
    done = subprocess.run([*command, "pyproject.toml"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    missing = MISSING.search(done.stderr)
    if missing is None:
        raise RuntimeError(done.stderr.strip())
    return missing[1]


def main() -> int:
    """Prints one line per version and returns the exit status."""
    program = uv()
    if program is None:
        print("wheels: NOT CHECKED, uv is not installed")
        return UNKNOWN
    versions = supported()
    upcoming = f"3.{int(versions[-1][2:]) + 1}"
    failed = False
    with ThreadPoolExecutor(8) as pool:  # uv mostly waits for the package index
        started = {
            version: {name: pool.submit(resolve, program, version, platform) for name, platform in PLATFORMS.items()}
            for version in [*versions, upcoming]
        }
    for version, resolutions in started.items():
        try:
            missing = {name: resolution.result() for name, resolution in resolutions.items()}
        except RuntimeError as error:
            print(f"wheels: NOT CHECKED, uv can't resolve the dependencies for Python {version}:\n{error}")
            return UNKNOWN
        gaps = "; ".join(f"{name}: no wheel of {package}" for name, package in missing.items() if package)
        note = " (not supported yet)" if version == upcoming else ""
        print(f"wheels: Python {version}{note}: {gaps or 'all on ' + ', '.join(PLATFORMS)}")
        failed = failed or (bool(gaps) and version != upcoming)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
