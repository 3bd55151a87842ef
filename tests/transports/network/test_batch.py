"""Writes of one round leave together, in order, and never to a transport that is closing."""

from __future__ import annotations

from asyncio import WriteTransport
from collections.abc import Callable

import pytest

from mockserver.transports.network.batch import ENOUGH, Batch


class Transport(WriteTransport):
    """Remembers what was written, in the order of all transports that share `written`."""

    def __init__(self, name: str, written: list[tuple[str, bytes]]) -> None:
        super().__init__()
        self.name = name
        self.written = written
        self.gone = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append((self.name, bytes(data)))

    def is_closing(self) -> bool:
        return self.gone


class Round:
    """An event loop's round that a test ends."""

    def __init__(self) -> None:
        self.soon: list[Callable[[], None]] = []
        self.written: list[tuple[str, bytes]] = []
        self.batch = Batch(self.soon.append)
        self.here, self.there = Transport("here", self.written), Transport("there", self.written)

    def end(self) -> None:
        soon, self.soon[:] = self.soon[:], []
        for callback in soon:
            callback()


@pytest.fixture
def round_() -> Round:
    return Round()


def test_nothing_leaves_before_the_round_is_over_and_then_everything_in_order(round_: Round) -> None:
    round_.batch.add(round_.here, b"1")
    round_.batch.add(round_.there, b"2")
    round_.batch.add(round_.here, b"3")
    assert round_.written == []
    round_.end()
    assert round_.written == [("here", b"1"), ("there", b"2"), ("here", b"3")]


def test_the_loop_is_asked_once_a_round(round_: Round) -> None:
    for _ in range(2):
        round_.batch.add(round_.here, b"1")
        round_.batch.add(round_.there, b"2")
        assert len(round_.soon) == 1
        round_.end()
    assert len(round_.written) == 4


def test_what_is_flushed_is_not_sent_again(round_: Round) -> None:
    round_.batch.add(round_.here, b"1")
    round_.batch.flush()
    round_.end()
    assert round_.written == [("here", b"1")]


def test_what_would_be_too_much_leaves_before_the_round_is_over(round_: Round) -> None:
    round_.batch.add(round_.here, b"x" * ENOUGH)
    assert round_.written == []
    round_.batch.add(round_.here, b"y")
    assert len(round_.written) == 2


def test_nothing_is_written_to_a_transport_that_closes(round_: Round) -> None:
    round_.batch.add(round_.here, b"1")
    round_.batch.add(round_.there, b"2")
    round_.here.gone = True
    round_.end()
    assert round_.written == [("there", b"2")]
