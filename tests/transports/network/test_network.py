"""Over real sockets: what HTTP demands of a server, and what a server has to withstand."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver import MockServer
from mockserver.transports.network.bounds import Bounds
from tests.transports.sockets import Served, request

PATH = "/api/identity-providers"
PROVIDER = b'{"type":"okta","name":"n","issuer":"https://a.example","client_id":"c","client_secret":"s"}'
BODY_LIMIT = 1_000
IMPATIENT = Bounds(body=BODY_LIMIT, patience=0.2, idle=0.6, connections=3)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(Bounds(body=BODY_LIMIT), "127.0.0.1", MockServer(scenario="empty")) as server:
        yield server
        assert server.ask("GET", "/_mock/health").status == 200


@pytest.fixture
def impatient() -> Iterator[Served]:
    with Served(IMPATIENT, "127.0.0.1", MockServer(scenario="empty")) as server:
        yield server


def test_a_connection_is_kept_for_the_next_request(served: Served) -> None:
    with served.connect() as wire:
        for _ in range(3):
            wire.send("GET", PATH)
            reply = wire.reply()
            assert (reply.status, reply.version) == (200, "HTTP/1.1")
            assert "connection" not in reply.headers
            assert reply.headers["date"].endswith(" GMT")


def test_a_connection_is_closed_when_the_client_says_so(served: Served) -> None:
    with served.connect() as wire:
        wire.send("GET", PATH, Connection="close")
        assert wire.reply().headers["connection"] == "close"
        assert wire.closed()


def test_requests_that_come_together_are_answered_in_order(served: Served) -> None:
    with served.connect() as wire:
        targets = [PATH, "/nowhere", "/_mock/health", PATH]
        wire.send_bytes(b"".join(request("GET", target, served.authority) for target in targets))
        assert [wire.reply().status for _ in targets] == [200, 404, 200, 200]


def test_a_request_that_comes_byte_by_byte_is_understood(served: Served) -> None:
    with served.connect() as wire:
        for byte in request("POST", PATH + "?x=1", served.authority, PROVIDER, X_Mock_World="bytes"):
            wire.send_bytes(bytes([byte]))
        assert wire.reply().json()["name"] == "n"


def test_a_chunked_body_is_read_whole(served: Served) -> None:
    with served.connect() as wire:
        wire.send("POST", PATH, Transfer_Encoding="chunked")
        for start in range(0, len(PROVIDER), 30):
            part = PROVIDER[start : start + 30]
            wire.send_bytes(b"%x\r\n%s\r\n" % (len(part), part))
        wire.send_bytes(b"0\r\n\r\n")
        assert wire.reply().json()["name"] == "n"
        wire.send("GET", PATH)
        assert wire.reply().status == 200


def test_a_body_that_is_declared_too_large_is_refused_before_it_is_sent(served: Served) -> None:
    with served.connect() as wire:
        wire.send("POST", PATH, Content_Length=str(BODY_LIMIT + 1))
        reply = wire.reply()
        assert (reply.status, reply.json()["code"]) == (413, 413)
        assert str(BODY_LIMIT) in reply.json()["message"]
        assert wire.closed()


def test_a_chunked_body_is_refused_as_soon_as_it_is_too_large(served: Served) -> None:
    with served.connect() as wire:
        wire.send("POST", PATH, Transfer_Encoding="chunked")
        part = b"a" * 600
        for _ in range(2):
            wire.send_bytes(b"%x\r\n%s\r\n" % (len(part), part))
        assert wire.reply().status == 413
        assert wire.closed()


def test_a_body_of_just_the_limit_is_read(served: Served) -> None:
    padded = PROVIDER[:-1] + b" " * (BODY_LIMIT - len(PROVIDER)) + b"}"
    assert served.ask("POST", PATH, padded).status == 200


def test_too_large_without_a_credential_is_a_401(served: Served) -> None:
    assert served.ask("POST", PATH, Content_Length="999999", Authorization="").status == 401


def test_a_state_to_import_may_be_larger_than_a_services_body(served: Served) -> None:
    body = b'{"collections": {}, "origin": "' + b"a" * 5_000 + b'"}'
    assert served.ask("PUT", "/_mock/worlds/imported/state", body).status == 200


def test_a_long_body_does_not_count_towards_the_head_of_the_next_request(served: Served) -> None:
    body = b'{"collections": {}, "origin": "' + b"a" * 100_000 + b'"}'
    with served.connect() as wire:
        for _ in range(2):
            head = request("PUT", "/_mock/worlds/imported/state", served.authority, Content_Length=str(len(body)))
            for part in (head[:50], head[50:], body[:70_000], body[70_000:]):
                wire.send_bytes(part)
                time.sleep(0.01)
            assert wire.reply().status == 200


def test_a_client_that_expects_100_continue_gets_it_once(served: Served) -> None:
    with served.connect() as wire:
        wire.send("POST", PATH, Content_Length=str(len(PROVIDER)), Expect="100-continue")
        assert wire.stream.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert wire.stream.readline() == b"\r\n"
        wire.send_bytes(PROVIDER[:20])
        time.sleep(0.05)
        wire.send_bytes(PROVIDER[20:])
        assert wire.reply().status == 200


def test_a_client_that_expects_100_continue_with_too_large_a_body_is_refused_instead(served: Served) -> None:
    with served.connect() as wire:
        wire.send("POST", PATH, Content_Length="999999", Expect="100-continue")
        assert wire.reply().status == 413


def test_a_response_to_head_has_the_length_and_no_body(served: Served) -> None:
    length = served.ask("GET", PATH).headers["content-length"]
    with served.connect() as wire:
        wire.send("HEAD", PATH)
        reply = wire.reply(bodiless=True)
        assert (reply.status, reply.headers["content-length"]) == (200, length)
        wire.send("GET", PATH)
        assert wire.reply().status == 200


def test_an_answer_without_content_has_no_length(served: Served) -> None:
    with served.connect() as wire:
        wire.send("OPTIONS", PATH)
        reply = wire.reply()
        assert (reply.status, "content-length" in reply.headers) == (204, False)
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS, POST"
        wire.send("GET", PATH)
        assert wire.reply().status == 200


NO_HTTP = {
    "no HTTP": b"hello\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "an unknown method": b"BREW /pot HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a version that does not exist": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
    "a length and chunks": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a NUL in the path": b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
    "bytes that are no text": b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a URL that is none": b"GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a line that is too long": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a field that is too long": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    "too many fields": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 2_000 + b"\r\n",
    "a head that is too long": b"GET / HTTP/1.1\r\nHost: localhost\r\n"
    + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 8_000) for number in range(100))
    + b"\r\n",
}


@pytest.mark.parametrize("data", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_no_http_is_refused_in_one_line_and_the_connection_closed(served: Served, data: bytes) -> None:
    with served.connect() as wire:
        wire.send_bytes(data)
        reply = wire.reply()
        assert reply.status in (400, 431)
        assert reply.json()["status"] == reply.status
        assert len(reply.json()["message"].splitlines()) == 1
        assert wire.closed()


PIECES = [
    *(b"GET ", b"POST ", b"/api/identity-providers", b"/%zz", b"*", b"//[", b" HTTP/1.1", b" HTTP/1.0", b"\r\n", b"\n"),
    *(b"Host: localhost", b"Host: [", b"Content-Length: 3", b"Transfer-Encoding: chunked", b"Expect: 100-continue"),
    *(b"Connection: Upgrade", b"Upgrade: websocket", b"Origin: x", b"3\r\nabc\r\n", b"0\r\n\r\n", b"\x00", b"\xff"),
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES)).map(b"".join) | st.binary())
def test_whatever_bytes_arrive_the_server_answers_with_http_or_waits(served: Served, data: bytes) -> None:
    with served.connect() as wire:
        wire.send_bytes(data)
        wire.socket.shutdown(socket.SHUT_WR)
        try:
            answer = wire.stream.read()
        except ConnectionResetError:
            answer = b""
        assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
        assert b" 500 " not in answer


def test_an_http_1_0_connection_is_closed_after_the_response_unless_it_asks_to_be_kept(served: Served) -> None:
    with served.connect() as wire:
        wire.send_bytes(b"GET /_mock/health HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert wire.reply().status == 200
        assert wire.closed()
    with served.connect() as wire:
        for _ in range(2):
            wire.send_bytes(b"GET /_mock/health HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
            assert wire.reply().headers["connection"] == "keep-alive"


def test_every_answer_of_the_core_names_its_exchange(served: Served) -> None:
    for target in (PATH, "/nowhere", "/%zz"):
        assert int(served.ask("GET", target).headers["x-mock-exchange"]) > 0


def test_requests_are_logged_without_their_secrets(served: Served) -> None:
    served.ask("GET", f"{PATH}?token=hunter2", Authorization="Token hunter2")
    deadline = time.monotonic() + 5
    while f"{PATH}?token=*** 200" not in served.logged.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert f"127.0.0.1 GET {PATH}?token=*** 200" in served.logged.getvalue()
    assert "hunter2" not in served.logged.getvalue()


def test_a_client_that_hangs_up_in_the_middle_harms_nobody(served: Served) -> None:
    for data in (b"GET", b"POST /api/identity-providers HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"):
        with served.connect() as wire:
            wire.send_bytes(data)
    assert served.ask("GET", PATH).status == 200


def test_a_slow_head_closes_the_connection(impatient: Served) -> None:
    with impatient.connect() as wire:
        wire.send_bytes(b"GET /api HTTP/1.1\r\n")
        assert wire.closed()


def test_a_slow_body_closes_the_connection_although_bytes_keep_arriving(impatient: Served) -> None:
    with impatient.connect() as wire:
        wire.send("POST", PATH, Content_Length="900")
        while impatient.network.connections:
            with suppress(OSError):  # the connection may be reset under the sender
                wire.send_bytes(b" ")
            time.sleep(0.05)
        assert wire.closed()


def test_a_connection_that_is_idle_for_too_long_is_closed(impatient: Served) -> None:
    with impatient.connect() as wire:
        wire.send("GET", PATH)
        assert wire.reply().status == 200
        assert wire.closed()


def test_one_connection_too_many_gets_a_503(impatient: Served) -> None:
    with impatient.connect() as one, impatient.connect() as two, impatient.connect() as three:
        for wire in (one, two, three):
            wire.send("GET", PATH)
            assert wire.reply().status == 200
        with impatient.connect() as four:
            reply = four.reply()
            assert (reply.status, reply.json()["message"]) == (503, "too many connections")
            assert four.closed()


def test_a_client_that_does_not_read_is_disconnected_and_delays_nobody(impatient: Served) -> None:
    asked = request("GET", "/_mock/openapi/netfoundry.json", impatient.authority)
    with impatient.connect(receive_buffer=4096) as wire:
        wire.send_bytes(asked * 40)
        assert impatient.ask("GET", PATH).status == 200
        deadline = time.monotonic() + 10
        while len(impatient.network.connections) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not impatient.network.connections


def test_answers_are_made_only_as_fast_as_the_client_reads_them(served: Served) -> None:
    journal = served.server.worlds.control.journal
    count, before = 60, journal.last_id
    with served.connect(receive_buffer=4096) as wire:
        wire.send_bytes(request("GET", "/_mock/openapi/netfoundry.json", served.authority) * count)
        assert wire.reply().status == 200
        time.sleep(0.1)
        assert journal.last_id - before < count
        assert [wire.reply().status for _ in range(count - 1)] == [200] * (count - 1)
