"""What can be wrong with a webhook: changes of the attempt at a delivery that the mock made right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mockserver.state.store import Record
from mockserver.worlds.deliveries import Attempt, signature

Delivery = Callable[[Record, Attempt], Attempt]


def unsigned(record: Record, made: Attempt) -> Attempt:
    """With an empty signature."""
    return _signed(record, made, "")


def foreign(record: Record, made: Attempt) -> Attempt:
    """Signed with another secret."""
    return _signed(record, made, signature(record["secret"] + "x", _milliseconds(record, made), made.body))


def timeless(record: Record, made: Attempt) -> Attempt:
    """The time is in the signature's text, and not in what is signed."""
    moved = _milliseconds(record, made) + 1
    return _signed(record, made, made.headers[record["header"]].replace(f"t={moved - 1}", f"t={moved}"))


def bare(record: Record, made: Attempt) -> Attempt:
    """Only the digest, without `t=` and `s=`."""
    return _signed(record, made, made.headers[record["header"]].rpartition("=")[2])


def altered(record: Record, made: Attempt) -> Attempt:
    """Another body than the signed one."""
    return replace(made, body=made.body + b" ")


def mislabelled(record: Record, made: Attempt) -> Attempt:
    """The event has another name, and is rightly signed."""
    body = made.body.replace(b'"event":"', b'"event":"directory.', 1)
    return _signed(record, replace(made, body=body), signature(record["secret"], _milliseconds(record, made), body))


DELIVERIES: Mapping[str, Delivery] = {
    delivery.__name__: delivery for delivery in (unsigned, foreign, timeless, bare, altered, mislabelled)
}


def _milliseconds(record: Record, made: Attempt) -> int:
    return int(made.headers[record["header"]].partition(",")[0].removeprefix("t="))


def _signed(record: Record, made: Attempt, signed: str) -> Attempt:
    return replace(made, headers={**made.headers, record["header"]: signed})
