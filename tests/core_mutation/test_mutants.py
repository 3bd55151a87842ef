"""The edits are the ones that operators.py describes, and the lists of modules and of survivors are up to date."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from .__main__ import equivalents, source_of, subjects
from .mutants import mutants
from .trials import ROOT

SOURCE = '''
"""A docstring."""
from __future__ import annotations
__all__ = ["clamp"]
LIMIT: int = 3

class Clamp:
    """Another."""
    __slots__ = ("low",)

    def __call__(self, number: int) -> int:
        assert number is not None
        if number < self.low and number:
            raise ValueError("too low to be true")
        return max(number, LIMIT)
'''


def test_each_operator_makes_its_edit_and_what_has_no_effect_stays() -> None:
    assert [mutant.name.removeprefix("clamp.py ") for mutant in mutants("clamp.py", SOURCE)] == [
        "module: 3 -> 4",
        "Clamp.__call__: number < self.low and number -> number",
        "Clamp.__call__: number < self.low and number -> number < self.low",
        "Clamp.__call__: number < self.low and number -> not (number < self.low and number)",
        "Clamp.__call__: number < self.low -> number <= self.low",
        "Clamp.__call__: raise ValueError('too low to be true') -> pass",
        "Clamp.__call__: return max(number, LIMIT) -> return None",
        "Clamp.__call__: max(number, LIMIT) -> min(number, LIMIT)",
    ]


def test_a_mutant_is_the_module_with_one_edit() -> None:
    original = ast.unparse(ast.parse(SOURCE)).splitlines()
    for mutant in mutants("clamp.py", SOURCE):
        lines = mutant.source.splitlines()
        assert len(lines) == len(original)
        assert sum(ours != theirs for ours, theirs in zip(lines, original, strict=True)) == 1


def test_equal_edits_in_one_function_have_different_names() -> None:
    names = [mutant.name for mutant in mutants("m.py", "def f():\n    return [1, 1]")]
    assert names == ["m.py f: return [1, 1] -> return None", "m.py f: 1 -> 2", "m.py f: 1 -> 2 (2)"]


def tried(tmp_path: Path, source: str, test: str) -> str:
    """Returns, as text, whether a test passes with this source as `mockserver.version`. Forks from a fresh process."""
    file = tmp_path / "test_edited.py"
    file.write_text(f"import mockserver.version as m\n\ndef test_it():\n    {test}\n")
    path = ROOT / "mockserver" / "version.py"
    code = f"""
        from pathlib import Path
        from tests.core_mutation.trials import passes
        print(passes(Path({str(path)!r}), {source!r}, [{str(file)!r}], 3))
    """
    return subprocess.check_output([sys.executable, "-c", dedent(code)], cwd=ROOT, text=True).strip()


def test_the_tests_run_against_the_edited_source(tmp_path: Path) -> None:
    assert tried(tmp_path, "VERSION = 'edited'", "assert m.VERSION == 'edited'") == "True"
    assert tried(tmp_path, "VERSION = 'edited'", "assert m.VERSION != 'edited'") == "False"


def test_a_mutant_that_never_ends_counts_as_noticed(tmp_path: Path) -> None:
    assert tried(tmp_path, "while True: pass", "pass") == "False"


def test_every_module_of_a_package_that_is_broken_has_its_tests() -> None:
    listed = {module for module, _ in subjects()}
    packages = {module.partition("/")[0] for module in listed}
    modules = {
        path.relative_to(ROOT / "mockserver").as_posix()
        for package in packages
        for path in (ROOT / "mockserver" / package).glob("*.py")
        if len(ast.parse(path.read_text()).body) > 1
    }
    assert listed == modules
    assert all((ROOT / test).exists() for _, tests in subjects() for test in tests)


def test_every_listed_survivor_is_a_mutant() -> None:
    names = {mutant.name for module, _ in subjects() for mutant in mutants(module, source_of(module))}
    assert set(equivalents()) <= names
