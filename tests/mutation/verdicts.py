"""Plays the contract suite against mutants: collected once, and for each mutant run until the first check fails."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest
from _pytest.runner import runtestprotocol

from contract_tests.framework import processes

from .broken import broken
from .mutants import ANY, Mutant

IMPORTED_BEFORE = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
"""This program imports the suite before pytest does; asserts need no rewriting to fail."""

SUITE = "contract_tests"
WEBHOOKS = "jackson/test_flow.py"
"""What listens to webhooks, over the network; everything else is played within this process."""

EVENTS = "jackson/test_events.py"
"""What reads the log of what became of them, over the network too."""


@dataclass(frozen=True)
class Verdict:
    """`killer` is the check that failed first, "" for a survivor."""

    mutant: Mutant
    killer: str


def judge(mutants: Sequence[Mutant]) -> tuple[int, list[Verdict]]:
    """pytest's exit status and the suite's verdicts. Each is told on stderr as it comes, for who waits."""
    verdicts: list[Verdict] = []

    def told(verdict: Verdict) -> None:
        verdicts.append(verdict)
        end = "" if verdict.killer else f" {verdict.mutant.name} passes\n"
        print("." + end, end="", file=sys.stderr, flush=True)

    with redirect_stdout(io.StringIO()) as said:
        arguments = [SUITE, "-q", "-p", "no:cacheprovider", "-W", IMPORTED_BEFORE]
        status = int(pytest.main(arguments, plugins=[Trial(mutants, told)]))
    if status:
        print(said.getvalue(), file=sys.stderr)
    return status, verdicts


class Trial:
    """A pytest plugin that runs the checks that concern a mutant, once for each mutant, in place of all once."""

    def __init__(self, mutants: Sequence[Mutant], told: Callable[[Verdict], None]) -> None:
        self._mutants = mutants
        self._told = told

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for mutant in self._mutants:
            checks = sorted((item for item in session.items if concerns(item, mutant)), key=_urgency(mutant))
            with broken(mutant), _served(mutant):
                self._told(_verdict(mutant, checks, session))
        return True


def concerns(item: pytest.Item, mutant: Mutant) -> bool:
    """Whether a check can meet a mutant."""
    if mutant.delivery is not None:
        return WEBHOOKS in item.nodeid and "[mock]" in item.nodeid
    if mutant.operation == "listEvents" and EVENTS in item.nodeid:
        return True
    return "in-process" in item.nodeid and mutant.service in item.nodeid


def _urgency(mutant: Mutant) -> Callable[[pytest.Item], bool]:
    """Checks that name the operation come first: most mutants end there."""
    return lambda item: mutant.operation == ANY or mutant.operation not in item.nodeid


def _verdict(mutant: Mutant, checks: Sequence[pytest.Item], session: pytest.Session) -> Verdict:
    for item in checks:
        # The session in place of a next item: everything is torn down but what lives as long as the session.
        after: Any = session
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=after)):
            return Verdict(mutant, item.nodeid)
    return Verdict(mutant, "")


@contextmanager
def _served(mutant: Mutant) -> Iterator[None]:
    """Within it, mocks in processes of their own are this mutant."""
    genuine = processes.serving

    def serving(command: Sequence[str]) -> Any:
        python, _, module, *rest = command
        return genuine(
            [python, "-m", "tests.mutation.serving", mutant.name, *rest] if module == "mockserver" else command
        )

    with patch.object(processes, "serving", serving):
        yield
