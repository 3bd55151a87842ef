"""Webhook deliveries: which events are to be sent where, in which order, and with which outcome.

A delivery is a record of the world, written in the same transaction as the change that it announces. So a refused
request never announces anything, and an acknowledged one always does. Nothing here sends. A transport takes the first
waiting delivery of each queue, makes an attempt, and records the outcome. The next delivery of the queue follows when
that one is settled, that is, no longer waiting.

    waiting ──► delivered   the receiver answered 2xx
       │ ▲ └──► failed      four attempts have failed
       │ └───── (redeliver)
       └──────► held        the host may not be called, or the delivery was inherited

A delivery that waits in the state with which a world is created, reset, rewound or imported is inherited: the world
holds it until it is redelivered, because another world, or this one before a rewind, may have sent it. A restart of
the server inherits nothing: what waits in a saved world is sent.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection as Names
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from mockserver.core.clock import NANOSECONDS, instant_of, iso
from mockserver.core.hosts import is_loopback
from mockserver.core.ids import Ids
from mockserver.core.messages import JSON_TYPE, Json, encode
from mockserver.core.problems import NotFound
from mockserver.state.store import Collection, Record, State, Table, Transaction

NAME = "deliveries"
EVERY_QUEUE = ""

MAX_ATTEMPTS = 4
"""Attempts at one delivery: the first one and three retries."""
RETRY_INTERVAL = 3.0
"""Seconds on the world's clock between two attempts at one delivery."""
RESPONSE_TIMEOUT = 20.0
"""Seconds that a receiver has for its response."""
MAX_SETTLED = 10_000
"""Settled deliveries that a world keeps; the oldest one is deleted for a new one."""
MAX_WAITING = 100_000
"""Deliveries that may wait in a world; any further one fails at once."""
INHERITED = "it waited in the state that this world was made from or went back to; redeliver sends it"
"""Why an inherited delivery is held."""


# Characters that some URL parsers skip or convert to a slash, and others take for a part of the host.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")


def _waiting(record: Record) -> Iterable[str]:
    return (record["queue"], EVERY_QUEUE) if record["status"] == "waiting" else ()


def _settled(record: Record) -> Iterable[str]:
    return (EVERY_QUEUE,) if record["status"] != "waiting" else ()


def _logged(record: Record) -> Iterable[str]:
    return record["log"] if record["status"] != "waiting" else ()


COLLECTION = Collection(NAME, many={"waiting": _waiting, "settled": _settled, "logged": _logged})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST request of a delivery. `delivery` is the id of its record."""

    delivery: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an attempt: the receiver's HTTP status, or None and the reason why there was no response."""

    status: int | None
    error: str | None = None

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver of events. `header` carries the signature made with `secret`. A `queue` keeps its events in order."""

    service: str
    queue: str
    url: str
    secret: str
    header: str


def enqueue(records: Transaction, now: int, webhook: Webhook, payload: Json, log: Iterable[str] = ()) -> None:
    """Enqueues the delivery of an event. `log` names the logs that list it when it is settled."""
    key = Ids(records.draw).uuid()
    full = records.count_matching(NAME, "waiting", EVERY_QUEUE) >= MAX_WAITING
    record = {
        "id": key,
        "service": webhook.service,
        "queue": webhook.queue,
        "url": webhook.url,
        "secret": webhook.secret,
        "header": webhook.header,
        "payload": payload,
        "created_at": iso(now),
        "status": "failed" if full else "waiting",
        "reason": f"{MAX_WAITING} deliveries wait already" if full else None,
        "settled_at": iso(now) if full else None,
        "tries_left": MAX_ATTEMPTS,
        "retry_at": None,
        "signature": None,
        "attempts": [],
        "log": list(log),
    }
    records.put(NAME, key, record)
    if records.count_matching(NAME, "settled", EVERY_QUEUE) > MAX_SETTLED:
        oldest = records.matching(NAME, "settled", EVERY_QUEUE, limit=1)[0]
        records.delete(NAME, oldest["id"])


def queues(records: Transaction) -> set[str]:
    """Returns the queues in which a delivery waits."""
    return {record["queue"] for record in records.matching(NAME, "waiting", EVERY_QUEUE)}


def next_waiting(records: Transaction, queue: str) -> Record | None:
    """Returns the next delivery of a queue, if one waits."""
    return next(iter(records.matching(NAME, "waiting", queue, limit=1)), None)


def pause_left(record: Record, now: int) -> float:
    """Returns the seconds on the world's clock until the next attempt at a delivery may begin; 0 if it may now."""
    retry_at = record.get("retry_at")  # absent in worlds that older versions saved
    return max(instant_of(retry_at) - now, 0) / NANOSECONDS if retry_at else 0.0


def next_attempt(record: Record, now: int) -> Attempt:
    """Returns the next attempt at a delivery. Retries repeat the signature that was made for the first attempt."""
    body = encode(record["payload"])
    signed = record["signature"] or signature(record["secret"], now // 1_000_000, body)
    headers = {"Content-Type": JSON_TYPE, record["header"]: signed}
    return Attempt(record["id"], record["url"], headers, body)


def signature(secret: str, milliseconds: int, body: bytes) -> str:
    """Returns a signature: `t=<epoch milliseconds>,s=<hex HMAC-SHA256 of "<t>." and the body>`."""
    digest = hmac.new(secret.encode(), b"%d." % milliseconds + body, "sha256").hexdigest()
    return f"t={milliseconds},s={digest}"


def record_outcome(
    records: Transaction, made: Attempt, outcome: Outcome, now: int, pause: float = RETRY_INTERVAL
) -> None:
    """Records the outcome of an attempt. A retry may begin `pause` seconds later on the world's clock.

    A delivery that has been deleted or settled in the meantime is left as it is.
    """
    record = records.get(NAME, made.delivery)
    if record is None or record["status"] != "waiting":
        return
    signed = made.headers[record["header"]]
    attempt = {"at": iso(now), "signature": signed, "status": outcome.status, "error": outcome.error}
    left = record["tries_left"] - 1
    status = "delivered" if outcome.accepted else "waiting" if left else "failed"
    reason = None if outcome.accepted else outcome.error or f"the receiver answered {outcome.status}"
    after = {
        **record,
        "attempts": [*record["attempts"], attempt],
        "tries_left": left,
        "retry_at": iso(now + int(pause * NANOSECONDS)) if status == "waiting" else None,
        "signature": signed,
        "status": status,
        "reason": reason,
        "settled_at": None if status == "waiting" else iso(now),
    }
    records.put(NAME, record["id"], after)


def hold(records: Transaction, key: str, reason: str, now: int) -> None:
    """Settles a delivery that must not be sent."""
    record = records.get(NAME, key)
    if record is not None:
        records.put(NAME, key, _held(record, reason, now))


def _held(record: Record, reason: str, now: int) -> Record:
    return {**record, "status": "held", "reason": reason, "settled_at": iso(now), "retry_at": None}


def hold_inherited(state: State, now: int) -> State:
    """Returns a state in which no delivery waits: those that wait in the given state are held.

    They count as settled, so the oldest deliveries beyond the limit are left out. The table is built afresh, because
    that costs a fraction of as many changes.
    """
    if NAME not in state.tables or not Transaction(state).count_matching(NAME, "waiting", EVERY_QUEUE):
        return state
    newest = Transaction(state).page(NAME, limit=MAX_SETTLED, newest_first=True)[::-1]
    settled = [_held(record, INHERITED, now) if record["status"] == "waiting" else record for record in newest]
    table = Table(COLLECTION).fill([(number, record["id"], record) for number, record in enumerate(settled)])
    return State({**state.tables, NAME: table}, state.counters)


def redeliver(records: Transaction, key: str) -> Record:
    """Makes a delivery wait again, before all others of its queue, with a new signature and all of its attempts.

    Raises NotFound for an unknown id.
    """
    record = records.get(NAME, key)
    if record is None:
        raise NotFound("delivery", key)
    again = {
        **record,
        "status": "waiting",
        "reason": None,
        "settled_at": None,
        "tries_left": MAX_ATTEMPTS,
        "retry_at": None,
        "signature": None,
    }
    records.put(NAME, key, again)
    return again


def remove_from_log(records: Transaction, queue: str, log: str) -> None:
    """Removes the deliveries of a log and a queue from every log. Those that wait are still sent."""
    logged = records.matching(NAME, "logged", log)
    for record in [*logged, *records.matching(NAME, "waiting", queue)]:
        records.put(NAME, record["id"], {**record, "log": []})


def blocked_reason(url: str, allowed: Names[str]) -> str | None:
    """Returns why a URL may not be called, or None. Loopback always may, any other host if `allowed` names it."""
    if _AMBIGUOUS.search(url):
        return "the webhook's URL can't be read"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        readable = parts.port != 0
    except ValueError:  # also for what is no port
        return "the webhook's URL can't be read"
    if parts.scheme not in ("http", "https") or not host or not readable:
        return "the webhook's URL is not an absolute http or https URL"
    if host in allowed or is_loopback(host):
        return None
    return f"{host} is neither a loopback address nor allowed by --webhook-allow"


def as_json(record: Record) -> Json:
    """Returns a delivery as the control plane shows it: without its secret."""
    hidden = ("secret", "log", "signature", "header")
    return {name: value for name, value in record.items() if name not in hidden}
