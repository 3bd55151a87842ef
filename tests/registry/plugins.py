"""Packages that register an API, installed into a folder without pip: a copy of the skeleton and its entry point."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mockserver.commands import new_api

PATIENCE = 60
"""Seconds that a command may take."""


@dataclass
class Plugin:
    """An installed package: `path` belongs on PYTHONPATH, `package` is the package's own folder."""

    path: Path
    package: Path

    def replace(self, file: str, old: str, new: str) -> None:
        """Replaces text in one of the package's files; the text must be there."""
        path = self.package / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def register(self, distribution: str, entries: dict[str, str]) -> None:
        """Installs a distribution with these entry points (name → module) beside the package."""
        metadata = self.path / f"{distribution.replace('-', '_')}-0.1.0.dist-info"
        metadata.mkdir(exist_ok=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 0.1.0\n")
        lines = [f"{name} = {module}" for name, module in entries.items()]
        (metadata / "entry_points.txt").write_text("\n".join(["[mockserver.services]", *lines, ""]))

    def mockserver(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the mock that knows this package."""
        return run(self.path, "-m", "mockserver", *arguments)


def run(path: Path, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs Python with a folder on its import path."""
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.fspath(path)}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment, cwd=folder
    )


def installed(folder: Path, name: str = "acme-iam") -> Plugin:
    """The skeleton under this name, whole and registered."""
    path = new_api.write(name, folder)
    module = name.replace("-", "_")
    plugin = Plugin(path, path / module)
    plugin.register(name, {name: module})
    return plugin
