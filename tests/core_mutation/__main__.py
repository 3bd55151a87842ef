"""`python -m tests.core_mutation [--only TEXT] [--list]`: breaks the core's code in small ways and runs its unit tests.

Prints each mutant that no test noticed, and a count per module. `survivors.yaml` lists those that behave as the
original does, each with the reason. Exit status 0 where every other mutant was killed, 1 where one survived or the list
names one that is gone or was killed, 2 where the tests fail on the code as it is.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from .mutants import SourceMutant, mutants
from .trials import ROOT, passes

HERE = Path(__file__).parent


def main() -> int:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.core_mutation", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="only mutants with this text in their names")
    parser.add_argument("--list", action="store_true", help="print the names of the mutants and run nothing")
    options = parser.parse_args()
    os.chdir(ROOT)
    begun, wrong, total = time.monotonic(), 0, [0, 0, 0]
    for module, tests in subjects():
        chosen = [it for it in mutants(module, source_of(module)) if options.only in it.name]
        if options.list:
            print(*[mutant.name for mutant in chosen], sep="\n")
        elif chosen:
            counts = run(module, tests, chosen)
            if counts is None:
                return 2
            total = [before + now for before, now in zip(total, counts[:3], strict=True)]
            wrong += counts[1] + counts[3]
    if options.list:
        return 0
    print(f"\n{summary(*total)}, in {time.monotonic() - begun:.0f} s")
    return 1 if wrong else 0


def subjects() -> Iterator[tuple[str, list[str]]]:
    """Yields each module to break, by its path in `mockserver/`, with the tests that have to notice."""
    for package, tests in yaml.safe_load((HERE / "subjects.yaml").read_text(encoding="utf-8")).items():
        for module, some in tests.items():
            yield f"{package}/{module}", [f"tests/{test}" for test in some]


def source_of(module: str) -> str:
    """Returns the source code of a module."""
    return (ROOT / "mockserver" / module).read_text(encoding="utf-8")


def equivalents() -> dict[str, str]:
    """Returns the mutants that behave as the original does, with the reasons."""
    return {
        f"{module} {mutant}": reason
        for module, some in yaml.safe_load((HERE / "survivors.yaml").read_text(encoding="utf-8")).items()
        for mutant, reason in some.items()
    }


def run(module: str, tests: list[str], chosen: list[SourceMutant]) -> tuple[int, int, int, int] | None:
    """Tries the mutants of a module and prints the survivors.

    Returns how many were killed, survived, are equivalent, and were killed though listed as equivalent; None where the
    tests fail on the code as it is.
    """
    path, excused = ROOT / "mockserver" / module, equivalents()
    begun = time.monotonic()
    if not passes(path, source_of(module), tests, None):
        print(f"{module}: {' '.join(tests)} fail without any mutant")
        return None
    limit = 5 + 4 * (time.monotonic() - begun)
    killed = survived = equivalent = mistaken = 0
    for mutant in chosen:
        if not passes(path, mutant.source, tests, limit):
            killed += 1
            if mutant.name in excused:
                mistaken += 1
                print(f"KILLED, though listed as equivalent: {mutant.name}", flush=True)
        elif mutant.name in excused:
            equivalent += 1
        else:
            survived += 1
            print(f"SURVIVED {mutant.name}", flush=True)
    print(f"{module}: {summary(killed, survived, equivalent)}", flush=True)
    return killed, survived, equivalent, mistaken


def summary(killed: int, survived: int, equivalent: int) -> str:
    """Returns the counts as one line."""
    share = 100 * killed / max(killed + survived, 1)
    return (
        f"{killed + survived + equivalent} mutants: {killed} killed, {survived} survived, {equivalent} equivalent: "
        f"{share:.1f} % killed"
    )


if __name__ == "__main__":
    sys.exit(main())
