"""Deliveries: order, tries, signatures, and who may be called."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.state.store import Record, State, Transaction, load
from mockserver.worlds import deliveries
from mockserver.worlds.deliveries import Outcome, Webhook

NOW = 1_700_000_000_123_456_789
REFUSED = Outcome(503)
TAKEN = Outcome(204)


class Box:
    """One world's state, changed by transactions."""

    def __init__(self) -> None:
        self.state: State = load([deliveries.COLLECTION], {})

    def records(self) -> Transaction:
        return Transaction(self.state, seed=1)

    def enqueue(self, payload: Json, queue: str = "one", log: Sequence[str] = ()) -> None:
        records = self.records()
        webhook = Webhook("jackson", queue, "http://127.0.0.1/hook", "s3cret", "X-Signature")
        deliveries.enqueue(records, NOW, webhook, payload, log)
        self.state = records.commit()

    def head(self, queue: str = "one") -> Record:
        record = deliveries.next_waiting(self.records(), queue)
        assert record is not None
        return record

    def play(self, outcome: Outcome, queue: str = "one", now: int = NOW) -> deliveries.Attempt:
        """Makes the queue's next attempt with this outcome."""
        records = self.records()
        made = deliveries.next_attempt(self.head(queue), now)
        deliveries.record_outcome(records, made, outcome, now)
        self.state = records.commit()
        return made

    def get(self, key: str) -> Record:
        record = self.records().get(deliveries.NAME, key)
        assert record is not None
        return record


def test_what_is_refused_by_the_receiver_is_tried_four_times_and_then_fails() -> None:
    box = Box()
    box.enqueue({"n": 1})
    key = box.head()["id"]
    for _ in range(3):
        box.play(REFUSED)
        assert box.get(key)["status"] == "waiting"
    box.play(REFUSED)
    record = box.get(key)
    assert (record["status"], record["reason"]) == ("failed", "the receiver answered 503")
    assert [attempt["status"] for attempt in record["attempts"]] == [503] * 4


def test_a_later_event_waits_until_the_earlier_one_is_settled() -> None:
    box = Box()
    box.enqueue({"n": 1})
    box.enqueue({"n": 2})
    box.play(REFUSED)
    assert box.head()["payload"] == {"n": 1}
    box.play(TAKEN)
    assert box.head()["payload"] == {"n": 2}


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.booleans()), max_size=30))
def test_each_queue_delivers_everything_once_and_in_order_whatever_receivers_answer(
    script: list[tuple[str, bool]],
) -> None:
    box = Box()
    sent: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    for number, (queue, _) in enumerate(script):
        box.enqueue(number, queue)
    for queue, taken in script * 4:
        if deliveries.next_waiting(box.records(), queue) is not None:
            record = box.head(queue)
            box.play(TAKEN if taken else REFUSED, queue)
            if box.get(record["id"])["status"] != "waiting":
                sent[queue].append(record["payload"])
    for queue, settled in sent.items():
        assert settled == [number for number, (of, _) in enumerate(script) if of == queue]
    assert deliveries.queues(box.records()) == set()


def test_the_signature_is_the_products_and_retries_repeat_it() -> None:
    box = Box()
    box.enqueue({"event": "user.created"})
    first, second = box.play(REFUSED), box.play(REFUSED, now=NOW + 3_000_000_000)
    moment = "1700000000123"
    digest = hmac.new(b"s3cret", f"{moment}.".encode() + first.body, hashlib.sha256).hexdigest()
    assert first.headers["X-Signature"] == second.headers["X-Signature"] == f"t={moment},s={digest}"


def test_a_redelivery_is_signed_anew_and_has_all_its_tries() -> None:
    box = Box()
    box.enqueue({"n": 1})
    key = box.head()["id"]
    first = box.play(TAKEN)
    records = box.records()
    deliveries.redeliver(records, key)
    box.state = records.commit()
    again = box.play(REFUSED, now=NOW + 60_000_000_000)
    assert again.body == first.body
    assert again.headers["X-Signature"] != first.headers["X-Signature"]
    assert box.get(key)["tries_left"] == 3
    assert len(box.get(key)["attempts"]) == 2


def test_an_unknown_delivery_can_not_be_sent_again() -> None:
    with pytest.raises(NotFound):
        deliveries.redeliver(Box().records(), "nobody")


def test_a_delivery_that_vanished_while_it_was_sent_stays_gone() -> None:
    box = Box()
    box.enqueue({"n": 1})
    made = deliveries.next_attempt(box.head(), NOW)
    box.state = load([deliveries.COLLECTION], {})
    records = box.records()
    assert deliveries.record_outcome(records, made, TAKEN, NOW) is False
    assert not records.changes


def test_a_log_shows_only_what_is_settled_and_forgets_on_demand() -> None:
    box = Box()
    box.enqueue({"n": 1}, log=["directory"])
    box.enqueue({"n": 2}, log=["directory"])
    assert box.records().count_matching(deliveries.NAME, "logged", "directory") == 0
    box.play(TAKEN)
    assert box.records().count_matching(deliveries.NAME, "logged", "directory") == 1
    records = box.records()
    deliveries.remove_from_log(records, "one", "directory")
    box.state = records.commit()
    box.play(TAKEN)
    assert box.records().count_matching(deliveries.NAME, "logged", "directory") == 0


def test_settled_deliveries_are_bounded_and_waiting_ones_are_never_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "MAX_SETTLED", 3)
    box = Box()
    box.enqueue("stays", queue="hangs")
    for number in range(10):
        box.enqueue(number)
        box.play(TAKEN)
    assert box.records().count(deliveries.NAME) <= 5
    assert box.head("hangs")["payload"] == "stays"


def test_what_waits_is_bounded_and_what_comes_beyond_is_noted_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "MAX_WAITING", 2)
    box = Box()
    for number in range(3):
        box.enqueue(number)
    statuses = [record["status"] for record in box.records().page(deliveries.NAME)]
    assert statuses == ["waiting", "waiting", "failed"]


def test_the_control_plane_never_shows_a_secret() -> None:
    box = Box()
    box.enqueue({"n": 1})
    assert "s3cret" not in str(deliveries.as_json(box.head()))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000/x", "http://127.8.8.8", "https://[::1]/", "http://LOCALHOST:1/"]
)
def test_loopback_may_be_called(url: str) -> None:
    assert deliveries.blocked_reason(url, ()) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://my-cool-app.com/webhook",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://127.0.0.1@example.com/",
        "http://localhost.example.com/",
        "http://2130706433/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "http://127.0.0.1:port/",
        "http://[::1",
        "http://127.0.0.1\\@example.com/",
        " http://127.0.0.1/",
        "webhook",
        "",
    ],
)
def test_nothing_else_may_be_called(url: str) -> None:
    assert deliveries.blocked_reason(url, ()) is not None


def test_a_host_that_was_allowed_may_be_called_and_only_that_one() -> None:
    assert deliveries.blocked_reason("https://hooks.internal:8443/x", {"hooks.internal"}) is None
    assert deliveries.blocked_reason("https://evil.hooks.internal/x", {"hooks.internal"}) is not None


@given(st.text())
def test_any_text_can_be_asked_about(url: str) -> None:
    reason = deliveries.blocked_reason(url, ())
    assert reason is None or reason
