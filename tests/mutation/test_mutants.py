"""Every mutant is well formed, and a sample of them is killed. `python -m tests.mutation` runs all of them."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from contract_tests.framework.documents import operations
from mockserver import MockServer, Request
from mockserver.core.messages import Headers

from .behaviours import BEHAVIOURS
from .delivery_changes import DELIVERY_CHANGES
from .mutants import ANY, NOTHING, Mutant, mutants
from .mutated_mock import mutated
from .response_changes import CHANGES

EVERY = list(mutants())
ROOT = Path(__file__).resolve().parents[2]
PROVIDERS = "/api/identity-providers"
ADMINISTRATOR = Headers({"Authorization": "Token mock-admin"})


def test_there_are_many_mutants_and_each_service_has_its_share() -> None:
    assert len(EVERY) >= 150
    assert len({mutant.name for mutant in EVERY}) == len(EVERY)
    assert min(Counter(mutant.service for mutant in EVERY).values()) >= 30


@pytest.mark.parametrize("mutant", EVERY, ids=lambda it: it.name)
def test_every_mutant_names_an_operation_and_a_fault(mutant: Mutant) -> None:
    assert mutant.operation == ANY or mutant.operation in operations(mutant.service)
    assert mutant.delivery_change is not None or callable(mutant.fault())


def test_every_fault_is_used() -> None:
    words = [mutant.words.partition(": ")[2] or mutant.words for mutant in EVERY]
    used = {text.split()[1] if text.startswith("delivers ") else text.split()[0] for text in words}
    assert used | {NOTHING} == {*CHANGES, *BEHAVIOURS, *DELIVERY_CHANGES}


def test_a_mutant_with_unknown_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no such change"):
        Mutant("netbird", "listIdentityProviders", "explodes").fault()


def test_the_mock_is_intact_again_after_a_mutation() -> None:
    server = MockServer()
    intact = server.handle(Request("GET", PROVIDERS, ADMINISTRATOR))
    with mutated(Mutant("netbird", "listIdentityProviders", "rename /0/name")):
        assert "nameX" in server.handle(Request("GET", PROVIDERS, ADMINISTRATOR)).json()[0]
    assert server.handle(Request("GET", PROVIDERS, ADMINISTRATOR)).body == intact.body


def test_a_sample_of_the_mutants_is_killed() -> None:
    command = [sys.executable, "-m", "tests.mutation", "--sample", "20", "--jobs", "1"]
    completed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert completed.returncode == 0, completed.stdout + completed.stderr[-2_000:]
