"""The log of a directory's webhooks: what was sent, and whether it was received."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from ..framework.processes import mock
from ..framework.receiver import Receiver
from .directory_sync import SECRET, DirectorySync


@pytest.fixture
def sync() -> Iterator[DirectorySync]:
    with mock() as url, Receiver(SECRET) as receiver:
        yield DirectorySync(url, receiver)


def test_sent_webhooks_are_logged_newest_first(sync: DirectorySync) -> None:
    sync.update({"log_webhook_events": True})
    for name in ("ann", "bob", "eve"):
        sync.new_user(name)
    sent = [it.event for it in sync.receiver.wait(3)]
    deadline = time.monotonic() + 5
    while len(sync.read("/events")) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    logged = sync.read("/events")
    assert [it["payload"] for it in logged] == sent[::-1]
    assert {(it["delivered"], it["status_code"]) for it in logged} == {(True, 200)}
    assert sync.read("/events", "&pageOffset=1&pageLimit=1") == logged[1:2]
