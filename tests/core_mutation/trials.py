"""Runs tests against a mutant: in a forked child process, in which the edited source takes the module's place.

The parent has pytest and hypothesis imported already, and nothing of the product, so that a child is ready at once and
imports the product afresh, the edited module among it.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import hypothesis.stateful  # noqa: F401  # so that no child has to import it
import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parents[2]
PROFILE = "no-shrinking"
"""Hypothesis settings that stop at the first counterexample: nobody reads it, so it need not be small."""
MEMORY = 4 << 30
"""Bytes of address space that a child may use: a mutant may loop for ever and collect things meanwhile."""

settings.register_profile(PROFILE, derandomize=True, deadline=None, phases=(Phase.explicit, Phase.generate))


class EditedModule(MetaPathFinder, Loader):
    """Imports one module from source code in memory."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(self, fullname: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Returns where to import the module from; None for all other modules."""
        return spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Runs the edited source as the module."""
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)


def passes(path: Path, source: str, tests: Sequence[str], seconds: float | None) -> bool:
    """Returns whether the tests pass with this source in the place of a module's own, within so many seconds."""
    process = get_context("fork").Process(target=_child, args=(path, source, tests))
    process.start()
    process.join(seconds)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode == 0


def _child(path: Path, source: str, tests: Sequence[str]) -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    sys.meta_path.insert(0, EditedModule(name, path, source))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
    os._exit(pytest.main([*options, f"--hypothesis-profile={PROFILE}", f"--rootdir={ROOT}", *tests]))
