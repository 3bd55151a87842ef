"""Runs of the contract suite against mutants: collected once, and for each mutant run until the first test fails."""

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

from .mutants import ANY, Mutant
from .mutated_mock import mutated

IMPORTED_BEFORE = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
"""This program imports the suite before pytest does. An assertion fails without being rewritten, too."""

SUITE = "contract_tests"
WEBHOOKS = "jackson/test_directory_sync.py"
"""The tests that receive webhooks over the network. All others run in this process."""

EVENTS = "jackson/test_events.py"
"""The tests that read the log of webhooks, over the network as well."""


@dataclass(frozen=True)
class Verdict:
    """`killer` is the first test that failed, or "" for a survivor."""

    mutant: Mutant
    killer: str


def run_against(mutants: Sequence[Mutant]) -> tuple[int, list[Verdict]]:
    """Runs the suite against mutants, and prints progress to stderr. Returns pytest's exit status and the verdicts."""
    verdicts: list[Verdict] = []

    def add(verdict: Verdict) -> None:
        verdicts.append(verdict)
        end = "" if verdict.killer else f" {verdict.mutant.name} passes\n"
        print("." + end, end="", file=sys.stderr, flush=True)

    with redirect_stdout(io.StringIO()) as output:
        arguments = [SUITE, "-q", "-p", "no:cacheprovider", "-W", IMPORTED_BEFORE]
        status = int(pytest.main(arguments, plugins=[MutationPlugin(mutants, add)]))
    if status:
        print(output.getvalue(), file=sys.stderr)
    return status, verdicts


class MutationPlugin:
    """A pytest plugin that replaces the ordinary run: for each mutant it runs the tests that may notice the fault."""

    def __init__(self, mutants: Sequence[Mutant], add: Callable[[Verdict], None]) -> None:
        self._mutants = mutants
        self._add = add

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for mutant in self._mutants:
            tests = sorted((item for item in session.items if may_notice(item, mutant)), key=_order(mutant))
            with mutated(mutant), _mutated_processes(mutant):
                self._add(_verdict(mutant, tests, session))
        return True


def may_notice(item: pytest.Item, mutant: Mutant) -> bool:
    """Returns whether a test may meet the fault of a mutant."""
    if mutant.delivery_change is not None:
        return WEBHOOKS in item.nodeid and "[mock]" in item.nodeid
    if mutant.operation == "listEvents" and EVENTS in item.nodeid:
        return True
    return "in-process" in item.nodeid and mutant.service in item.nodeid


def _order(mutant: Mutant) -> Callable[[pytest.Item], bool]:
    """Returns a key that puts the tests of the mutant's operation first, because most faults fail there."""
    return lambda item: mutant.operation == ANY or mutant.operation not in item.nodeid


def _verdict(mutant: Mutant, tests: Sequence[pytest.Item], session: pytest.Session) -> Verdict:
    for item in tests:
        # With the session as the next item, pytest tears down everything except the session's own fixtures.
        next_item: Any = session
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=next_item)):
            return Verdict(mutant, item.nodeid)
    return Verdict(mutant, "")


@contextmanager
def _mutated_processes(mutant: Mutant) -> Iterator[None]:
    """Makes mocks in processes of their own have the mutant's fault, too."""
    intact = processes.serving

    def serving(command: Sequence[str]) -> Any:
        python, _, module, *rest = command
        is_mock = module == "mockserver"
        return intact([python, "-m", "tests.mutation.serving", mutant.name, *rest] if is_mock else command)

    with patch.object(processes, "serving", serving):
        yield
