"""Raw bytes and their verdicts: the cases of `raw_cases.py`, whole and byte by byte, and bytes that are damaged."""

from __future__ import annotations

import os
import re
from random import Random

import pytest

from mockserver import MockServer
from mockserver.core.hosts import Hosts
from mockserver.transports.network.bounds import Bounds
from mockserver.transports.network.gate import Gate
from tests.transports.network.manual import Client
from tests.transports.network.raw_cases import RawCase, raw_cases

CASES = list(raw_cases())
GATE = Gate(MockServer(scenario="empty", auth="off"), Hosts(), "http")
DAMAGED = int(os.environ.get("MOCKSERVER_FUZZ", "20000"))
STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) [^\r]*\r\n")


def statuses(client: Client) -> tuple[int, ...]:
    """The statuses of all responses that a client received."""
    return tuple(int(status) for status in STATUS.findall(client.transport.written))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_raw_case_has_its_verdict(case: RawCase) -> None:
    client = Client(GATE.respond, Bounds())
    client.send(case.data)
    assert statuses(client) == case.statuses


def test_the_verdict_does_not_depend_on_how_the_bytes_arrive() -> None:
    for case in CASES:
        whole, cut = Client(GATE.respond), Client(GATE.respond)
        whole.send(case.data)
        size = max(1, len(case.data) // 500)
        for at in range(0, len(case.data), size):
            cut.send(case.data[at : at + size])
        assert statuses(cut) == statuses(whole), case.name


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 300


def test_damaged_bytes_never_raise_and_get_http_or_nothing() -> None:
    random = Random(5)
    short = [case.data for case in CASES if len(case.data) < 1_000]
    seen = set()
    for _ in range(DAMAGED):
        data = bytearray(random.choice(short) + random.choice(short))
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(data))
            data[at : at + random.choice([0, 1, 1, 2])] = random.choice(
                [b"", b"\r", b"\n", b" ", b":", b"\x00", b"0", b"\xff", b","]
            )
        client = Client(GATE.respond)
        cut = random.randrange(len(data))
        client.send(bytes(data[:cut]))
        client.send(bytes(data[cut:]))
        seen |= set(statuses(client))
        assert client.transport.written[:9] in (b"", b"HTTP/1.1 "), bytes(data)
    assert seen <= {100, 200, 204, 400, 404, 405, 413, 414, 415, 421, 431, 501, 505}
    assert {200, 400, 501, 505} <= seen
