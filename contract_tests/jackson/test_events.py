"""The log of what a directory's webhook was told, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from ..framework.exchanges import Exchange
from ..framework.processes import mock
from ..framework.receiver import Receiver
from .test_flow import DIRECTORIES, KEY, SECRET, Flow, new_user


@pytest.fixture
def flow() -> Iterator[Flow]:
    with mock() as url, Receiver(SECRET) as receiver:
        yield Flow(url, receiver)


def test_what_was_told_is_logged_newest_first(flow: Flow) -> None:
    path = f"{DIRECTORIES}/{flow.directory['id']}"
    flow.answer(Exchange("PATCH", path, {"log_webhook_events": True}, KEY))
    for name in ("ann", "bob", "eve"):
        new_user(flow, name)
    told = [it.event for it in flow.receiver.wait(3)]
    deadline = time.monotonic() + 5
    while len(flow.read("/events")) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    logged = flow.read("/events")
    assert [it["payload"] for it in logged] == told[::-1]
    assert {(it["delivered"], it["status_code"]) for it in logged} == {(True, 200)}
    scope = f"directoryId={flow.directory['id']}&pageOffset=1&pageLimit=1"
    page = flow.answer(Exchange("GET", f"{DIRECTORIES}/events?{scope}", None, KEY))["data"]
    assert page == logged[1:2]
