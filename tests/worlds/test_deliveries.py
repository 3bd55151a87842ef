"""Deliveries are made in order, retried, signed and logged, and only to hosts that may be called."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.clock import iso
from mockserver.core.ids import Ids
from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.state.store import Record, State, Transaction, load
from mockserver.worlds import deliveries
from mockserver.worlds.deliveries import Attempt, Outcome, Webhook

NOW = 1_700_000_000_123_456_789
TIME = "2023-11-14T22:13:20.123Z"
REFUSED = Outcome(503)
ACCEPTED = Outcome(204)


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

    def play(self, outcome: Outcome, queue: str = "one", now: int = NOW) -> Attempt:
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


def test_the_bounds_are_as_documented() -> None:
    assert (deliveries.MAX_ATTEMPTS, deliveries.MAX_SETTLED, deliveries.MAX_WAITING) == (4, 10_000, 100_000)
    assert (deliveries.RETRY_INTERVAL, deliveries.RESPONSE_TIMEOUT) == (3.0, 20.0)


def test_an_enqueued_delivery_is_a_record_of_its_world() -> None:
    box = Box()
    box.enqueue({"n": 1}, log=("directory",))
    assert box.records().page("deliveries") == [
        {
            "id": Ids(Box().records().draw).uuid(),
            "service": "jackson",
            "queue": "one",
            "url": "http://127.0.0.1/hook",
            "secret": "s3cret",
            "header": "X-Signature",
            "payload": {"n": 1},
            "created_at": TIME,
            "status": "waiting",
            "reason": None,
            "settled_at": None,
            "tries_left": 4,
            "retry_at": None,
            "signature": None,
            "attempts": [],
            "log": ["directory"],
        }
    ]
    assert box.get(box.head()["id"]) == box.head()


def test_an_attempt_posts_the_payload_to_the_receiver() -> None:
    box = Box()
    box.enqueue({"n": 1})
    key = box.head()["id"]
    made = box.play(ACCEPTED)
    signature = deliveries.signature("s3cret", 1_700_000_000_123, b'{"n":1}')
    headers = {"Content-Type": "application/json", "X-Signature": signature}
    assert made == Attempt(key, "http://127.0.0.1/hook", headers, b'{"n":1}')


def test_every_attempt_is_recorded_with_its_outcome() -> None:
    box = Box()
    box.enqueue({"n": 1})
    key = box.head()["id"]
    later = NOW + 3_000_000_000
    signature = box.play(Outcome(None, "no answer")).headers["X-Signature"]
    first = {"at": TIME, "signature": signature, "status": None, "error": "no answer"}
    record = box.get(key)
    assert (record["status"], record["reason"], record["settled_at"]) == ("waiting", "no answer", None)
    assert (record["tries_left"], record["signature"], record["attempts"]) == (3, signature, [first])
    box.play(ACCEPTED, now=later)
    second = {"at": iso(later), "signature": signature, "status": 204, "error": None}
    record = box.get(key)
    assert (record["status"], record["reason"], record["settled_at"]) == ("delivered", None, iso(later))
    assert (record["tries_left"], record["attempts"]) == (2, [first, second])


def test_a_retry_may_begin_three_seconds_later_on_the_clock_of_the_world() -> None:
    box = Box()
    box.enqueue({"n": 1})
    assert deliveries.pause_left(box.head(), NOW) == 0
    box.play(REFUSED, now=1_700_000_000_000_000_000)
    assert box.head()["retry_at"] == "2023-11-14T22:13:23.000Z"
    assert deliveries.pause_left(box.head(), 1_700_000_000_000_000_000) == 3.0
    assert deliveries.pause_left(box.head(), 1_700_000_002_500_000_000) == 0.5
    assert deliveries.pause_left(box.head(), 1_700_000_003_000_000_000) == 0
    assert deliveries.pause_left(box.head(), 1_800_000_000_000_000_000) == 0


@pytest.mark.parametrize("outcome", [REFUSED, ACCEPTED])
def test_a_settled_or_redelivered_delivery_has_no_pause(outcome: Outcome) -> None:
    box = Box()
    box.enqueue({"n": 1})
    key = box.head()["id"]
    for _ in range(3):
        box.play(REFUSED)
    box.play(outcome)
    assert box.get(key)["retry_at"] is None
    records = box.records()
    deliveries.redeliver(records, key)
    box.state = records.commit()
    box.play(REFUSED)
    records = box.records()
    deliveries.redeliver(records, key)
    box.state = records.commit()
    assert deliveries.pause_left(box.head(), NOW) == 0


def test_a_delivery_that_an_older_version_saved_has_no_pause() -> None:
    box = Box()
    box.enqueue({"n": 1})
    old = {name: value for name, value in box.head().items() if name != "retry_at"}
    assert deliveries.pause_left(old, NOW) == 0


@pytest.mark.parametrize(
    ("status", "accepted"), [(None, False), (199, False), (200, True), (299, True), (300, False), (404, False)]
)
def test_an_outcome_of_2xx_is_accepted(status: int | None, accepted: bool) -> None:
    assert Outcome(status).accepted is accepted


def test_a_delivery_that_was_settled_in_the_meantime_keeps_its_outcome() -> None:
    box = Box()
    box.enqueue({"n": 1})
    made = deliveries.next_attempt(box.head(), NOW)
    box.play(ACCEPTED)
    records = box.records()
    deliveries.record_outcome(records, made, REFUSED, NOW)
    assert not records.changes


def test_a_held_delivery_is_settled_with_the_reason() -> None:
    box = Box()
    box.enqueue({"n": 1})
    key, records = box.head()["id"], box.records()
    deliveries.hold(records, key, "not allowed", NOW)
    deliveries.hold(records, "unknown", "not allowed", NOW)
    box.state = records.commit()
    record = box.get(key)
    assert (record["status"], record["reason"], record["settled_at"]) == ("held", "not allowed", TIME)
    assert deliveries.queues(box.records()) == set()
    assert box.records().count(deliveries.NAME) == 1


def test_the_queues_are_those_in_which_a_delivery_waits() -> None:
    box = Box()
    for queue in ("one", "two", "one"):
        box.enqueue({"n": 1}, queue)
    assert deliveries.queues(box.records()) == {"one", "two"}
    box.play(ACCEPTED, "two")
    assert deliveries.queues(box.records()) == {"one"}
    assert deliveries.next_waiting(box.records(), "two") is None


def test_a_redelivered_delivery_waits_again_before_the_others() -> None:
    box = Box()
    box.enqueue({"n": 1})
    key = box.head()["id"]
    box.play(REFUSED)
    records = box.records()
    deliveries.hold(records, key, "not allowed", NOW)
    box.state = records.commit()
    box.enqueue({"n": 2})
    records = box.records()
    again = deliveries.redeliver(records, key)
    box.state = records.commit()
    assert box.head() == again == box.get(key)
    assert (again["status"], again["reason"], again["settled_at"]) == ("waiting", None, None)
    assert (again["tries_left"], again["signature"], len(again["attempts"])) == (4, None, 1)


def test_removing_from_a_log_leaves_the_deliveries_of_others() -> None:
    box = Box()
    for log, queue in (("a", "one"), ("b", "two"), ("a", "one"), ("b", "two")):
        box.enqueue(log, queue, log=[log])
    box.play(ACCEPTED, "one")
    box.play(ACCEPTED, "two")
    records = box.records()
    deliveries.remove_from_log(records, "one", "a")
    box.state = records.commit()
    assert [record["log"] for record in box.records().page(deliveries.NAME)] == [[], ["b"], [], ["b"]]
    assert box.head("one")["status"] == "waiting"


def test_a_delivery_that_the_receiver_refuses_fails_after_four_attempts() -> None:
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
    box.play(ACCEPTED)
    assert box.head()["payload"] == {"n": 2}


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.booleans()), max_size=30))
def test_each_queue_settles_every_event_once_and_in_order_whatever_receivers_answer(
    script: list[tuple[str, bool]],
) -> None:
    box = Box()
    sent: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    for number, (queue, _) in enumerate(script):
        box.enqueue(number, queue)
    for queue, accepted in script * 4:
        if deliveries.next_waiting(box.records(), queue) is not None:
            record = box.head(queue)
            box.play(ACCEPTED if accepted else REFUSED, queue)
            if box.get(record["id"])["status"] != "waiting":
                sent[queue].append(record["payload"])
    for queue, settled in sent.items():
        assert settled == [number for number, (of, _) in enumerate(script) if of == queue]
    assert deliveries.queues(box.records()) == set()


def test_the_signature_is_made_as_the_product_does_and_repeated_by_retries() -> None:
    box = Box()
    box.enqueue({"event": "user.created"})
    first, second = box.play(REFUSED), box.play(REFUSED, now=NOW + 3_000_000_000)
    moment = "1700000000123"
    digest = hmac.new(b"s3cret", f"{moment}.".encode() + first.body, hashlib.sha256).hexdigest()
    assert first.headers["X-Signature"] == second.headers["X-Signature"] == f"t={moment},s={digest}"


def test_a_redelivery_has_a_new_signature_and_all_of_its_attempts() -> None:
    box = Box()
    box.enqueue({"n": 1})
    key = box.head()["id"]
    first = box.play(ACCEPTED)
    records = box.records()
    deliveries.redeliver(records, key)
    box.state = records.commit()
    again = box.play(REFUSED, now=NOW + 60_000_000_000)
    assert again.body == first.body
    assert again.headers["X-Signature"] != first.headers["X-Signature"]
    assert box.get(key)["tries_left"] == 3
    assert len(box.get(key)["attempts"]) == 2


def test_an_unknown_delivery_can_not_be_redelivered() -> None:
    with pytest.raises(NotFound) as refusal:
        deliveries.redeliver(Box().records(), "unknown")
    assert (refusal.value.kind, refusal.value.key) == ("delivery", "unknown")


def test_the_outcome_of_a_deleted_delivery_is_dropped() -> None:
    box = Box()
    box.enqueue({"n": 1})
    made = deliveries.next_attempt(box.head(), NOW)
    box.state = load([deliveries.COLLECTION], {})
    records = box.records()
    deliveries.record_outcome(records, made, ACCEPTED, NOW)
    assert not records.changes


def test_a_log_lists_settled_deliveries_until_they_are_removed() -> None:
    box = Box()
    box.enqueue({"n": 1}, log=["directory"])
    box.enqueue({"n": 2}, log=["directory"])
    assert box.records().count_matching(deliveries.NAME, "logged", "directory") == 0
    box.play(ACCEPTED)
    assert box.records().count_matching(deliveries.NAME, "logged", "directory") == 1
    records = box.records()
    deliveries.remove_from_log(records, "one", "directory")
    box.state = records.commit()
    box.play(ACCEPTED)
    assert box.records().count_matching(deliveries.NAME, "logged", "directory") == 0


def test_the_oldest_settled_delivery_is_deleted_and_a_waiting_one_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "MAX_SETTLED", 3)
    box = Box()
    box.enqueue("stays", queue="hangs")
    for number in range(10):
        box.enqueue(number)
        box.play(ACCEPTED)
    assert [record["payload"] for record in box.records().page(deliveries.NAME)] == ["stays", 6, 7, 8, 9]
    box.enqueue(10)
    assert [record["payload"] for record in box.records().page(deliveries.NAME)] == ["stays", 7, 8, 9, 10]
    assert box.head("hangs")["payload"] == "stays"


def test_a_delivery_beyond_the_number_that_may_wait_fails_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deliveries, "MAX_WAITING", 2)
    box = Box()
    for number in range(3):
        box.enqueue(number)
    stored = box.records().page(deliveries.NAME)
    assert [(record["status"], record["reason"], record["settled_at"]) for record in stored] == [
        ("waiting", None, None),
        ("waiting", None, None),
        ("failed", "2 deliveries wait already", TIME),
    ]


def test_the_control_plane_never_shows_a_secret() -> None:
    box = Box()
    box.enqueue({"n": 1})
    shown = deliveries.as_json(box.head())
    assert "s3cret" not in str(shown)
    assert [*shown] == [name for name in box.head() if name not in ("secret", "log", "signature", "header")]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000/x",
        "http://127.8.8.8",
        "https://[::1]/",
        "http://LOCALHOST:1/",
        "http://localhost./",
        "http://127.0.0.1:1",
    ],
)
def test_loopback_may_be_called(url: str) -> None:
    assert deliveries.blocked_reason(url, ()) is None


UNREADABLE = "the webhook's URL can't be read"
NOT_ABSOLUTE = "the webhook's URL is not an absolute http or https URL"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://my-cool-app.com/webhook", "my-cool-app.com is neither a loopback address nor allowed"),
        ("http://10.0.0.1/", "10.0.0.1 is neither"),
        ("http://0.0.0.0/", "0.0.0.0 is neither"),
        ("http://127.0.0.1@example.com/", "example.com is neither"),
        ("http://localhost.example.com/", "localhost.example.com is neither"),
        ("http://2130706433/", "2130706433 is neither"),
        ("ftp://127.0.0.1/", NOT_ABSOLUTE),
        ("file:///etc/passwd", NOT_ABSOLUTE),
        ("//127.0.0.1/", NOT_ABSOLUTE),
        ("http:///path", NOT_ABSOLUTE),
        ("http://./", NOT_ABSOLUTE),
        ("http://127.0.0.1:0/", NOT_ABSOLUTE),
        ("http://127.0.0.1:port/", UNREADABLE),
        ("http://[::1", UNREADABLE),
        ("http://127.0.0.1\\@example.com/", UNREADABLE),
        (" http://127.0.0.1/", UNREADABLE),
        ("http://127.0.0.1/\x7f", UNREADABLE),
        ("http://127.0.0.1/\t", UNREADABLE),
        ("webhook", NOT_ABSOLUTE),
        ("", NOT_ABSOLUTE),
    ],
)
def test_no_other_url_may_be_called(url: str, reason: str) -> None:
    assert (deliveries.blocked_reason(url, ()) or "").startswith(reason)


def test_an_allowed_host_may_be_called_and_its_subdomains_may_not() -> None:
    assert deliveries.blocked_reason("https://hooks.internal:8443/x", {"hooks.internal"}) is None
    assert deliveries.blocked_reason("https://evil.hooks.internal/x", {"hooks.internal"}) is not None


@given(st.text())
def test_any_text_is_judged(url: str) -> None:
    reason = deliveries.blocked_reason(url, ())
    assert reason is None or reason


def test_inherited_deliveries_that_wait_are_held_and_the_others_are_left_alone() -> None:
    box = Box()
    for number in range(3):
        box.enqueue(number)
    box.play(ACCEPTED)
    box.play(REFUSED)
    delivered, pausing, unsent = box.records().page(deliveries.NAME)
    held = {"status": "held", "reason": deliveries.INHERITED, "settled_at": iso(0), "retry_at": None}
    state = deliveries.hold_inherited(box.state, 0)
    assert Transaction(state).page(deliveries.NAME) == [delivered, {**pausing, **held}, {**unsent, **held}]
    assert deliveries.hold_inherited(state, 1) is state


def test_a_state_without_deliveries_has_nothing_to_hold() -> None:
    state = load([], {})
    assert deliveries.hold_inherited(state, NOW) is state


def test_held_deliveries_count_among_the_settled_ones_of_which_the_oldest_are_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deliveries, "MAX_SETTLED", 3)
    box = Box()
    for number in range(5):
        box.enqueue(number)
    state = deliveries.hold_inherited(box.state, NOW)
    assert [record["payload"] for record in Transaction(state).page(deliveries.NAME)] == [2, 3, 4]
