"""Faults cost nothing where there are none: the speed law holds with them present and unused."""

from __future__ import annotations

import time

import pytest

from mockserver import Headers, MockServer, Request
from mockserver.engine import Engine

SLICES = 60
CALLS = 200


def test_a_request_of_a_world_without_faults_costs_what_it_would_cost_if_there_were_no_faults_at_all() -> None:
    server = MockServer(scenario="empty", services=["netbird"])
    request = Request("GET", "/api/identity-providers", Headers({"Authorization": "Token any"}))

    def slice_of_calls() -> float:
        started = time.thread_time()
        for _ in range(CALLS):
            server.handle(request)
        return time.thread_time() - started

    slice_of_calls()
    with_faults, without = [], []
    for _ in range(SLICES):
        with_faults.append(slice_of_calls())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Engine, "_faulted", lambda *_: None)
            without.append(slice_of_calls())
    # The quickest slices are those that nothing else disturbed.
    assert min(with_faults) / min(without) < 1.05
