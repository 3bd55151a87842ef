"""Webhook deliveries: what is to be sent where, in which order, and what came of it.

A delivery is a record of the world, written in the transaction of the change that it tells of: what was refused is
never told, what was acknowledged always is. Nothing here sends. A transport takes the first waiting delivery of each
queue, sends it, and reports the outcome; the next one of the queue follows when that one is settled.

    waiting ──► delivered   the receiver answered 2xx
       │ ▲ └──► failed      it did not, four times
       │ └───── redeliver
       └──────► held        its host may not be called
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection as Names
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from mockserver.core.clock import iso
from mockserver.core.hosts import is_loopback
from mockserver.core.ids import Ids
from mockserver.core.messages import JSON_TYPE, Json, encode
from mockserver.core.problems import NotFound
from mockserver.state.store import Collection, Record, Transaction

NAME = "deliveries"
EVERY_QUEUE = ""

MAX_ATTEMPTS = 4
"""The first attempt and three retries."""
RETRY_INTERVAL = 3.0
"""Seconds between two attempts."""
RESPONSE_TIMEOUT = 20.0
"""Seconds that a receiver has for its answer."""
MAX_SETTLED = 10_000
"""Settled deliveries that a world keeps; the oldest make room."""
MAX_WAITING = 100_000
"""Deliveries that may wait in a world; what comes beyond is settled as failed at once."""


# What one URL parser skips or turns round and another takes for part of the host.
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
    """What to post where: `body` under `headers` to `url`. `delivery` is the record's id."""

    delivery: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the receiver's HTTP status, or None and what went wrong instead."""

    status: int | None
    error: str | None = None

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where events go. `header` carries the signature made with `secret`; what is in one `queue` keeps its order."""

    service: str
    queue: str
    url: str
    secret: str
    header: str


def enqueue(records: Transaction, now: int, webhook: Webhook, payload: Json, log: Iterable[str] = ()) -> None:
    """Has an event delivered. `log` names the logs in which it shows when it is settled."""
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
        "signature": None,
        "attempts": [],
        "log": list(log),
    }
    records.put(NAME, key, record)
    if records.count_matching(NAME, "settled", EVERY_QUEUE) > MAX_SETTLED:
        oldest = records.matching(NAME, "settled", EVERY_QUEUE, limit=1)[0]
        records.delete(NAME, oldest["id"])


def queues(records: Transaction) -> set[str]:
    """The queues in which something waits."""
    return {record["queue"] for record in records.matching(NAME, "waiting", EVERY_QUEUE)}


def next_waiting(records: Transaction, queue: str) -> Record | None:
    """The delivery of a queue that is next, if one waits."""
    return next(iter(records.matching(NAME, "waiting", queue, limit=1)), None)


def next_attempt(record: Record, now: int) -> Attempt:
    """The next attempt at a delivery. Its signature is made for the first attempt and repeated by the retries."""
    body = encode(record["payload"])
    signed = record["signature"] or signature(record["secret"], now // 1_000_000, body)
    headers = {"Content-Type": JSON_TYPE, record["header"]: signed}
    return Attempt(record["id"], record["url"], headers, body)


def signature(secret: str, milliseconds: int, body: bytes) -> str:
    """`t=<epoch milliseconds>,s=<hex HMAC-SHA256 of "<t>." and the body>`."""
    digest = hmac.new(secret.encode(), b"%d." % milliseconds + body, "sha256").hexdigest()
    return f"t={milliseconds},s={digest}"


def record_outcome(records: Transaction, made: Attempt, outcome: Outcome, now: int) -> bool:
    """Writes down what came of an attempt; tells whether it is to be tried again.

    A delivery that is gone meanwhile, or was settled otherwise, is left alone.
    """
    record = records.get(NAME, made.delivery)
    if record is None or record["status"] != "waiting":
        return False
    signed = made.headers[record["header"]]
    tried = {"at": iso(now), "signature": signed, "status": outcome.status, "error": outcome.error}
    left = record["tries_left"] - 1
    status = "delivered" if outcome.accepted else "waiting" if left else "failed"
    reason = None if outcome.accepted else outcome.error or f"the receiver answered {outcome.status}"
    after = {
        **record,
        "attempts": [*record["attempts"], tried],
        "tries_left": left,
        "signature": signed,
        "status": status,
        "reason": reason,
        "settled_at": None if status == "waiting" else iso(now),
    }
    records.put(NAME, record["id"], after)
    return status == "waiting"


def hold(records: Transaction, key: str, reason: str, now: int) -> None:
    """Settles a delivery whose host may not be called."""
    record = records.get(NAME, key)
    if record is not None:
        records.put(NAME, key, {**record, "status": "held", "reason": reason, "settled_at": iso(now)})


def redeliver(records: Transaction, key: str) -> Record:
    """Has a delivery sent again, before those that wait, signed anew, with all its tries; NotFound for no such id."""
    record = records.get(NAME, key)
    if record is None:
        raise NotFound("delivery", key)
    again = {
        **record,
        "status": "waiting",
        "reason": None,
        "settled_at": None,
        "tries_left": MAX_ATTEMPTS,
        "signature": None,
    }
    records.put(NAME, key, again)
    return again


def remove_from_log(records: Transaction, queue: str, log: str) -> None:
    """Takes a queue's deliveries out of every log. What waits is still sent."""
    logged = records.matching(NAME, "logged", log)
    for record in [*logged, *records.matching(NAME, "waiting", queue)]:
        records.put(NAME, record["id"], {**record, "log": []})


def blocked_reason(url: str, allowed: Names[str]) -> str | None:
    """Why a URL may not be called, or None. Loopback may always be, other hosts when `allowed` names them."""
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
    """A delivery as the control plane shows it: without its secret."""
    hidden = ("secret", "log", "signature", "header")
    return {name: value for name, value in record.items() if name not in hidden}
