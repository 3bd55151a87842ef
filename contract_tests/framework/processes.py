"""Servers in processes of their own: the mock as people start it, and Jackson's real engine under Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

POLIS = Path(__file__).resolve().parent.parent / "deployments" / "polis"
DOCUMENTED = Path(__file__).resolve().parent.parent / "documented" / "jackson.json"
INSTALL_SECONDS = 300


class Unavailable(Exception):
    """A program can't be installed on this machine. The message says why; a test that needs the program is skipped."""


class StartFailed(Exception):
    """A server is installed but does not start. That is always a failure, never a reason to skip a test."""


@contextmanager
def serving(command: Sequence[str]) -> Iterator[str]:
    """Runs a server and yields its URL, which the server prints as `ready URL`. Raises StartFailed if it does not."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith("ready "):
                    yield line.split()[1]
                    return
            raise StartFailed(f"{command[0]} ended with status {process.wait()} before it was ready")
        finally:
            process.terminate()


@contextmanager
def mock(*options: str) -> Iterator[str]:
    """Runs the mock on a free port and yields its URL."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--access-log", "off", *options]
    with serving(command) as url:
        yield url


@contextmanager
def polis() -> Iterator[str]:
    """Runs the real engine behind the documented routes, with the examples' data, and yields its URL.

    npm installs the engine on first use. Raises Unavailable if that fails.
    """
    node = shutil.which("node")
    if node is None:
        raise Unavailable("node is not installed")
    with serving([node, os.fspath(_installed() / "server.js"), os.fspath(DOCUMENTED)]) as url:
        yield url


def _installed() -> Path:
    """Returns the folder in which the engine is installed: a cache, because npm adds hundreds of packages."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "idp-mockserver"
    home = cache / "polis"
    if not home.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as folder:
            npm(POLIS, Path(folder), "install", "--no-package-lock")
            with suppress(OSError):  # another process was faster
                Path(folder).rename(home)
    shutil.copytree(POLIS, home, dirs_exist_ok=True)
    return home


def npm(source: Path, folder: Path, *arguments: str, seconds: float = INSTALL_SECONDS) -> None:
    """Copies a package to a folder and runs npm there. Raises Unavailable if npm is missing, slow or fails."""
    program = shutil.which("npm")
    if program is None:
        raise Unavailable("npm is not installed")
    shutil.copytree(source, folder, dirs_exist_ok=True)
    command = [program, *arguments, "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=seconds, text=True)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"npm {arguments[0]} took more than {seconds} s") from None
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"npm {arguments[0]} failed: {error.stderr.strip()[-300:]}") from None
