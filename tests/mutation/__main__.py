"""`python -m tests.mutation [--service S] [--only TEXT] [--sample N]`: shows for each mutant the test that killed it.

The exit status is 0 if every mutant that can be noticed was killed, 1 if one survived, 2 if the suite could not be run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from .mutants import ANY, NOTHING, Mutant, mutants
from .suite_runs import Verdict, run_against


def main() -> int:
    options = _options()
    started = time.monotonic()
    chosen = [it for it in mutants() if options.service in (None, it.service) and options.only in it.name]
    intact = [Mutant(service, ANY, NOTHING) for service in dict.fromkeys(it.service for it in chosen)]
    if options.sample:
        # One intact mock is enough to see that the tests do not simply fail always.
        chosen, intact = chosen[:: options.sample], intact[:1]
    every = [*intact, *chosen]
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        parts = list(pool.map(run_against, [every[part :: options.jobs] for part in range(options.jobs)]))
    verdicts = sorted((verdict for _, some in parts for verdict in some), key=lambda it: it.mutant.name)
    failed_intact = [it for it in verdicts if it.mutant in intact and it.killer]
    of_mutants = [it for it in verdicts if it.mutant not in intact]
    for verdict in [*failed_intact, *of_mutants]:
        print(row(verdict))
    if failed_intact or any(status for status, _ in parts) or len(of_mutants) < len(chosen):
        print("\nNo result: the intact mock does not pass, or the suite could not be run.")
        return 2
    print(f"\n{summary(of_mutants)}, in {time.monotonic() - started:.0f} s")
    return 1 if any(survived(verdict) for verdict in of_mutants) else 0


def survived(verdict: Verdict) -> bool:
    """Returns whether no test has noticed a fault that can be noticed."""
    return not verdict.killer and not verdict.mutant.equivalent


def summary(verdicts: Sequence[Verdict]) -> str:
    """Returns how many mutants the suite kills."""
    killed = sum(1 for it in verdicts if it.killer)
    alive = sum(1 for it in verdicts if survived(it))
    share = 100 * killed / max(killed + alive, 1)
    equivalent = len(verdicts) - killed - alive
    return f"{len(verdicts)} mutants: {killed} killed, {alive} survived, {equivalent} equivalent: {share:.1f} % killed"


def row(verdict: Verdict) -> str:
    """Returns one line of the table."""
    mutant = verdict.mutant
    alive = f"equivalent: {mutant.equivalent}" if mutant.equivalent else "SURVIVED"
    return f"{mutant.name:<70} {verdict.killer.removeprefix('contract_tests/') or alive}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--service", help="run only this service's mutants")
    parser.add_argument("--only", default="", metavar="TEXT", help="run only mutants whose name contains this text")
    parser.add_argument("--sample", type=int, metavar="N", help="run only every Nth mutant, and one intact mock")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="run N processes at once")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
