"""Faults cost nothing to speak of where there are none: the speed law holds with them present and unused."""

from __future__ import annotations

import time
from collections.abc import Callable

from multidict import CIMultiDict, CIMultiDictProxy

from mockserver import MockServer, Request
from mockserver.worlds import faults

SLICES = 60
CALLS = 500


def cost(work: Callable[[], object]) -> float:
    """The processor seconds of a call, in the quickest slice: the one that nothing else disturbed."""
    best = float("inf")
    for _ in range(SLICES):
        started = time.thread_time()
        for _ in range(CALLS):
            work()
        best = min(best, time.thread_time() - started)
    return best / CALLS


def test_asking_for_faults_where_there_are_none_is_a_small_part_of_a_request_in_the_core() -> None:
    server = MockServer(scenario="empty", services=["netbird"])
    # As the network gives them.
    headers = CIMultiDictProxy(CIMultiDict({"Host": "127.0.0.1", "Authorization": "Token any", "Accept": "*/*"}))
    request = Request("GET", "/api/identity-providers", headers)
    assert server.handle(request).status == 200
    state = server.worlds.get("default").state
    asked = cost(lambda: headers.get(faults.HEADER) is not None or faults.any_rules(state))
    answered = cost(lambda: server.handle(request))
    assert asked / answered < 0.08
