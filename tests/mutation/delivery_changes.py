"""Faults of a webhook: changes to a delivery attempt that the mock has made right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mockserver.state.store import Record
from mockserver.worlds.deliveries import Attempt, signature

DeliveryChange = Callable[[Record, Attempt], Attempt]


def unsigned(record: Record, attempt: Attempt) -> Attempt:
    """Empties the signature."""
    return _signed(record, attempt, "")


def other_secret(record: Record, attempt: Attempt) -> Attempt:
    """Signs with another secret."""
    return _signed(record, attempt, signature(record["secret"] + "x", _milliseconds(record, attempt), attempt.body))


def unsigned_time(record: Record, attempt: Attempt) -> Attempt:
    """Changes the time in the signature's text, but not in what is signed."""
    later = _milliseconds(record, attempt) + 1
    return _signed(record, attempt, attempt.headers[record["header"]].replace(f"t={later - 1}", f"t={later}"))


def digest_only(record: Record, attempt: Attempt) -> Attempt:
    """Sends the digest without `t=` and `s=`."""
    return _signed(record, attempt, attempt.headers[record["header"]].rpartition("=")[2])


def altered_body(record: Record, attempt: Attempt) -> Attempt:
    """Sends a body other than the signed one."""
    return replace(attempt, body=attempt.body + b" ")


def other_event(record: Record, attempt: Attempt) -> Attempt:
    """Gives the event another name, with a valid signature."""
    body = attempt.body.replace(b'"event":"', b'"event":"directory.', 1)
    changed = replace(attempt, body=body)
    return _signed(record, changed, signature(record["secret"], _milliseconds(record, attempt), body))


DELIVERY_CHANGES: Mapping[str, DeliveryChange] = {
    change.__name__: change
    for change in (unsigned, other_secret, unsigned_time, digest_only, altered_body, other_event)
}


def _milliseconds(record: Record, attempt: Attempt) -> int:
    return int(attempt.headers[record["header"]].partition(",")[0].removeprefix("t="))


def _signed(record: Record, attempt: Attempt, text: str) -> Attempt:
    return replace(attempt, headers={**attempt.headers, record["header"]: text})
