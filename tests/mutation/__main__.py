"""`python -m tests.mutation [--service S] [--only TEXT] [--sample N]`: each mutant, and the check that killed it.

Exit status 0 where every mutant that can be noticed was, 1 where one survived, 2 where the suite could not be run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from .mutants import ANY, NOTHING, Mutant, mutants
from .verdicts import Verdict, judge


def main() -> int:
    options = _options()
    begun = time.monotonic()
    chosen = [it for it in mutants() if options.service in (None, it.service) and options.only in it.name]
    unbroken = [Mutant(service, ANY, NOTHING) for service in dict.fromkeys(it.service for it in chosen)]
    if options.sample:
        # One unbroken mock is enough to see that the checks do not simply all fail.
        chosen, unbroken = chosen[:: options.sample], unbroken[:1]
    every = [*unbroken, *chosen]
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        answers = list(pool.map(judge, [every[part :: options.jobs] for part in range(options.jobs)]))
    verdicts = sorted((verdict for _, some in answers for verdict in some), key=lambda it: it.mutant.name)
    failed = [it for it in verdicts if it.mutant in unbroken and it.killer]
    judged = [it for it in verdicts if it.mutant not in unbroken]
    for verdict in [*failed, *judged]:
        print(row(verdict))
    if failed or any(status for status, _ in answers) or len(judged) < len(chosen):
        print("\nThe suite could not be judged: the unbroken mock does not pass, or the checks could not be run.")
        return 2
    print(f"\n{summary(judged)}, in {time.monotonic() - begun:.0f} s")
    return 1 if any(survived(verdict) for verdict in judged) else 0


def survived(verdict: Verdict) -> bool:
    """Whether nobody noticed a mutant that can be noticed."""
    return not verdict.killer and not verdict.mutant.equivalent


def summary(verdicts: Sequence[Verdict]) -> str:
    """How many mutants the suite kills."""
    killed = sum(1 for it in verdicts if it.killer)
    alive = sum(1 for it in verdicts if survived(it))
    share = 100 * killed / max(killed + alive, 1)
    equivalent = len(verdicts) - killed - alive
    return f"{len(verdicts)} mutants: {killed} killed, {alive} survived, {equivalent} equivalent: {share:.1f} % killed"


def row(verdict: Verdict) -> str:
    """One line of the table."""
    mutant = verdict.mutant
    alive = f"equivalent: {mutant.equivalent}" if mutant.equivalent else "SURVIVED"
    return f"{mutant.name:<70} {verdict.killer.removeprefix('contract_tests/') or alive}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--service", help="only this service's mutants")
    parser.add_argument("--only", default="", metavar="TEXT", help="only mutants whose name has this text")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="every Nth only, without having the unbroken mock pass first"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
