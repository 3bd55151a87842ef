"""A connection's states, and what a client receives however its bytes arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockserver.core.messages import Request, Response
from mockserver.transports.network.bounds import HEARTBEAT, Bounds
from mockserver.transports.network.states import TRANSITIONS, ConnectionState
from tests.transports.network.manual import Client, echo

BOUNDS = Bounds(body=200, patience=10.0, idle=100.0)


@dataclass(frozen=True)
class Sent:
    """A request of a client."""

    method: str = "GET"
    body: bytes = b""
    chunks: int = 0
    fields: tuple[str, ...] = ()
    version: str = "1.1"

    @property
    def last(self) -> bool:
        """Whether the client says that it sends nothing after this."""
        return "Connection: close" in self.fields or (
            self.version == "1.0" and "Connection: keep-alive" not in self.fields
        )

    def encode(self, number: int) -> bytes:
        """The request as bytes. Its target is its number; the body is chunked where there are `chunks`."""
        fields, body = ["Host: localhost", *self.fields], self.body
        if self.chunks:
            fields.append("Transfer-Encoding: chunked")
            pieces = [body[at : at + self.chunks] for at in range(0, len(body), self.chunks)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        elif body:
            fields.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([f"{self.method} /{number} HTTP/{self.version}", *fields])
        return f"{head}\r\n\r\n".encode() + body


FIELDS = [
    *((), (), ("Fault: 50 ",), ("Fault: 0 garbage",), ("Fault: 20 truncate",), ("Fault: 0 disconnect",)),
    *(("Connection: close",), ("Connection: keep-alive",), ("Expect: something",)),
]
BODIES = st.binary(max_size=60) | st.just(b"x" * 201)
PLAIN = st.builds(Sent, st.sampled_from(["GET", "HEAD", "OPTIONS", "DELETE"]), fields=st.sampled_from(FIELDS))
WITH_BODY = st.builds(
    Sent,
    st.sampled_from(["POST", "PUT"]),
    BODIES,
    st.sampled_from([0, 1, 7, 100]),
    st.sampled_from(FIELDS),
    st.sampled_from(["1.1", "1.1", "1.1", "1.0"]),
).filter(lambda sent: sent.version == "1.1" or not sent.chunks)


def until_the_last(requests: list[Sent]) -> list[Sent]:
    """The requests up to the one after which, in the client's own words, nothing follows."""
    end = next((at for at, sent in enumerate(requests) if sent.last), len(requests))
    return requests[: end + 1]


REQUESTS = st.lists(PLAIN | WITH_BODY, min_size=1, max_size=6).map(until_the_last)


@settings(max_examples=300)
@given(REQUESTS, st.lists(st.integers(0, 2_000), max_size=12), st.booleans())
def test_what_a_client_receives_does_not_depend_on_how_its_requests_arrive(
    requests: list[Sent], cuts: list[int], slowly: bool
) -> None:
    encoded = [sent.encode(number) for number, sent in enumerate(requests)]
    one_at_a_time, pipelined = Client(echo, BOUNDS), Client(echo, BOUNDS)
    for data in encoded:
        one_at_a_time.send(data)
        one_at_a_time.wait(1)
    stream = b"".join(encoded)
    ends = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    for start, end in pairwise(ends):
        pipelined.send(stream[start:end])
        if slowly:
            pipelined.wait(0.03)
    pipelined.wait(1)
    assert pipelined.received() == one_at_a_time.received()
    assert pipelined.connection.state is one_at_a_time.connection.state
    assert pipelined.transport.closing == one_at_a_time.transport.closing


def test_a_request_that_arrives_byte_by_byte_is_answered_once() -> None:
    client = Client(echo)
    for byte in Sent("POST", b"abc", chunks=1).encode(1):
        client.send(bytes([byte]))
    assert client.received().endswith(b"\r\n\r\nPOST /1\nabc")
    assert client.received().count(b"HTTP/1.1 200") == 1


def test_a_request_behind_a_delayed_answer_is_not_carried_out_before_that_answer_has_left() -> None:
    carried_out: list[str] = []

    def respond(request: Request) -> Response:
        carried_out.append(request.target)
        return echo(request)

    client = Client(respond)
    client.send(Sent(fields=("Fault: 500 ",)).encode(1) + Sent().encode(2))
    client.send(Sent().encode(3))
    assert (carried_out, client.received()) == (["/1"], b"")
    assert not client.transport.reading
    client.wait(0.5)
    assert carried_out == ["/1", "/2", "/3"]
    assert client.transport.reading


def test_a_request_is_not_carried_out_while_its_client_does_not_read() -> None:
    carried_out: list[str] = []

    def respond(request: Request) -> Response:
        carried_out.append(request.target)
        if request.target == "/1":
            client.connection.pause_writing()
        return echo(request)

    client = Client(respond)
    client.send(Sent().encode(1) + Sent().encode(2))
    assert carried_out == ["/1"]
    client.connection.resume_writing()
    assert carried_out == ["/1", "/2"]


def test_a_client_that_leaves_takes_its_delayed_answer_along() -> None:
    client = Client(echo)
    client.send(Sent(fields=("Fault: 500 ",)).encode(1))
    client.connection.connection_lost(None)
    assert client.loop.waiting == []
    assert client.connection.state is ConnectionState.CLOSED


def test_what_comes_after_a_wish_for_another_protocol_is_not_answered() -> None:
    for protocol in ("websocket", "h2c"):
        client = Client(echo)
        client.send(Sent(fields=("Connection: Upgrade", f"Upgrade: {protocol}")).encode(1) + Sent().encode(2))
        assert client.received().count(b"HTTP/1.1 200") == 1
        assert b"Connection: close\r\n" in client.received()
        assert client.transport.closing


@pytest.mark.parametrize("state", ConnectionState)
def test_a_connection_never_does_what_the_drawing_does_not_show(state: ConnectionState) -> None:
    connection = Client(echo).connection
    connection.state = state
    for following in set(ConnectionState) - set(TRANSITIONS[state]):
        with pytest.raises(AssertionError):
            connection._enter(following)


class Following:
    """A stream that its test feeds."""

    def __init__(self) -> None:
        self.send: Callable[[bytes | None], None] | None = None

    def __call__(self, send: Callable[[bytes | None], None]) -> Callable[[], None]:
        self.send = send
        return self.stop

    def stop(self) -> None:
        self.send = None


def following(stream: Following) -> Client:
    """A client whose request is answered with a stream."""

    def respond(request: Request) -> Response:
        return Response(200, b"", stream=stream)

    client = Client(respond, BOUNDS)
    client.send(Sent().encode(1))
    return client


def test_a_client_that_follows_is_sent_a_comment_whenever_nothing_else_was_sent_for_a_while() -> None:
    client = following(Following())
    head = client.received()
    for count in (1, 2):
        client.wait(HEARTBEAT + 1)
        for _ in range(2):
            client.connection.check_deadline(client.loop.now)
        client.batch.flush()
        assert client.received() == head + b":\n\n" * count
    assert client.connection.state is ConnectionState.STREAMING


def test_a_client_that_follows_and_does_not_keep_up_is_hung_up_on() -> None:
    stream = Following()
    client = following(stream)
    client.connection.pause_writing()
    assert stream.send is not None
    stream.send(b"piece")
    assert client.transport.closing
    assert stream.send is None


def test_a_stream_that_ends_at_once_is_stopped() -> None:
    class Ended(Following):
        def __call__(self, send: Callable[[bytes | None], None]) -> Callable[[], None]:
            self.send = send
            send(None)
            return self.stop

    ended = Ended()
    client = following(ended)
    assert client.transport.closing
    assert ended.send is None


def test_a_client_that_reads_again_may_be_idle_for_as_long_as_any_other() -> None:
    client = Client(echo, BOUNDS)
    client.connection.pause_writing()
    client.wait(BOUNDS.patience - 1)
    client.connection.resume_writing()
    client.wait(BOUNDS.idle - 1)
    client.connection.check_deadline(client.loop.now)
    assert not client.transport.closing
    client.wait(1)
    client.connection.check_deadline(client.loop.now)
    assert client.transport.closing


def test_a_delayed_answer_is_not_too_late() -> None:
    client = Client(echo, Bounds(idle=1.0))
    client.send(Sent(fields=("Fault: 5000 ",)).encode(1))
    client.wait(4)
    client.connection.check_deadline(client.loop.now)
    client.wait(1)
    assert client.received().endswith(b"GET /1\n")


class Conversation(RuleBasedStateMachine):
    """A client does whatever clients do; after each step the connection is in a state that agrees with everything else.

    The client numbers its requests. The answers that it receives have to be those of its requests, in order.
    """

    @initialize()
    def connect(self) -> None:
        self.following = Following()
        self.carried_out: list[str] = []
        self.number = 0
        self.unsent = b""
        self.finished = False
        self.blocked = False
        self.client = Client(self.respond, BOUNDS)
        self.connection = self.client.connection

    def respond(self, request: Request) -> Response:
        assert self.connection.state is ConnectionState.IDLE
        assert not self.blocked
        self.carried_out.append(request.target)
        response = echo(request)
        if "Follow" in request.headers:
            response.stream = self.following
        if "Fill" in request.headers:
            self.stop_reading()
        return response

    @property
    def open(self) -> bool:
        return not self.client.transport.closing and self.connection.state is not ConnectionState.CLOSED

    @rule(sent=PLAIN | WITH_BODY | st.sampled_from([Sent(fields=("Follow: yes",)), Sent(fields=("Fill: yes",))]))
    def write_a_request(self, sent: Sent) -> None:
        if self.finished:
            return
        self.finished = sent.last
        self.number += 1
        self.unsent += sent.encode(self.number)

    @precondition(lambda self: self.unsent and self.open and self.client.transport.reading)
    @rule(share=st.floats(0.01, 1) | st.just(1.0))
    def send(self, share: float) -> None:
        size = max(1, int(len(self.unsent) * share))
        data, self.unsent = self.unsent[:size], self.unsent[size:]
        self.client.send(data)

    @precondition(lambda self: not self.blocked and self.open)
    @rule()
    def stop_reading(self) -> None:
        self.blocked = True
        self.connection.pause_writing()

    @precondition(lambda self: self.blocked and self.connection.state is not ConnectionState.CLOSED)
    @rule()
    def read_again(self) -> None:
        self.blocked = False
        self.connection.resume_writing()
        self.client.batch.flush()

    @precondition(lambda self: self.following.send is not None)
    @rule(piece=st.sampled_from([b"piece", None]))
    def something_happens_that_the_client_follows(self, piece: bytes | None) -> None:
        assert self.following.send is not None
        self.following.send(piece)
        self.client.batch.flush()
        assert self.open == (piece is not None and not self.blocked)

    @precondition(lambda self: self.open)
    @rule(seconds=st.sampled_from([0.01, 0.05, 1, HEARTBEAT, 101]))
    def time_passes(self, seconds: float) -> None:
        overdue = self.blocked and seconds > BOUNDS.patience
        self.client.wait(seconds)
        self.connection.check_deadline(self.client.loop.now)
        self.client.batch.flush()
        assert not (overdue and self.open)

    @precondition(lambda self: self.connection.state is not ConnectionState.CLOSED)
    @rule()
    def leave(self) -> None:
        self.client.transport.closing = True
        self.connection.connection_lost(None)

    @rule()
    def the_server_stops(self) -> None:
        self.connection.close()
        assert not self.open

    @invariant()
    def requests_are_carried_out_in_order_and_once(self) -> None:
        assert self.carried_out == [f"/{number}" for number in range(1, len(self.carried_out) + 1)]

    @invariant()
    def answers_are_those_of_the_requests_in_order(self) -> None:
        heads = [line for line in self.client.received().split(b"\r\n") if line.startswith(b"Echo: ")]
        answered = [head.removeprefix(b"Echo: ").decode() for head in heads]
        assert [target for target in self.carried_out if target in answered] == answered

    @invariant()
    def each_state_holds_what_it_needs_and_nothing_else(self) -> None:
        state = self.connection.state
        assert bool(self.client.loop.waiting) == (state is ConnectionState.DELAYED)
        assert (self.following.send is not None) == (state is ConnectionState.STREAMING)
        assert self.client.transport.closing == (state in (ConnectionState.CLOSING, ConnectionState.CLOSED))
        assert (self.connection in self.client.context.connections) == (state is not ConnectionState.CLOSED)

    @invariant()
    def nothing_waits_that_could_be_answered(self) -> None:
        if self.connection.state is ConnectionState.IDLE and not self.blocked:
            assert not self.connection._parsed
            assert not self.connection._unparsed
            assert self.client.transport.reading


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=150, stateful_step_count=30)
