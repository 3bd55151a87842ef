"""The mutants are what they should be, and a sample of them is killed; `python -m tests.mutation` runs them all."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from contract_tests.framework.documents import operations
from mockserver import MockServer, Request
from mockserver.core.messages import Headers

from .answers import CHANGES
from .behaviours import BEHAVIOURS
from .broken import broken
from .deliveries import DELIVERIES
from .mutants import ANY, NOTHING, Mutant, mutants

EVERY = list(mutants())
ROOT = Path(__file__).resolve().parents[2]
PROVIDERS = "/api/identity-providers"
ADMINISTRATOR = Headers({"Authorization": "Token mock-admin"})


def test_there_are_enough_and_every_service_has_its_share() -> None:
    assert len(EVERY) >= 150
    assert len({mutant.name for mutant in EVERY}) == len(EVERY)
    assert min(Counter(mutant.service for mutant in EVERY).values()) >= 30


@pytest.mark.parametrize("mutant", EVERY, ids=lambda it: it.name)
def test_every_line_says_something_about_an_operation_that_there_is(mutant: Mutant) -> None:
    assert mutant.operation == ANY or mutant.operation in operations(mutant.service)
    assert mutant.delivery is not None or callable(mutant.breaking())


def test_every_way_to_break_the_mock_is_used() -> None:
    words = [mutant.words.partition(": ")[2] or mutant.words for mutant in EVERY]
    used = {text.split()[1] if text.startswith("delivers ") else text.split()[0] for text in words}
    assert used | {NOTHING} == {*CHANGES, *BEHAVIOURS, *DELIVERIES}


def test_a_line_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no such change"):
        Mutant("netbird", "listIdentityProviders", "explodes").breaking()


def test_a_mock_is_broken_for_a_while_and_then_whole_again() -> None:
    server = MockServer()
    whole = server.handle(Request("GET", PROVIDERS, ADMINISTRATOR))
    with broken(Mutant("netbird", "listIdentityProviders", "rename /0/name")):
        assert "nameX" in server.handle(Request("GET", PROVIDERS, ADMINISTRATOR)).json()[0]
    assert server.handle(Request("GET", PROVIDERS, ADMINISTRATOR)).body == whole.body


def test_a_sample_of_the_mutants_is_killed() -> None:
    command = [sys.executable, "-m", "tests.mutation", "--sample", "20", "--jobs", "1"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2_000:]
