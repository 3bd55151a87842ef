"""Requests as raw bytes, each with the statuses of the responses that RFC 9112 and RFC 9110 allow.

A case is a name, the bytes, and the statuses of all responses in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class RawCase(NamedTuple):
    """Bytes that a client sends, and the statuses of the responses."""

    name: str
    data: bytes
    statuses: tuple[int, ...]


HOST = b"Host: localhost\r\n"
PATH = b"/_mock/health"
GOOD = b"GET " + PATH + b" HTTP/1.1\r\n" + HOST + b"\r\n"

VERSIONS = {
    **dict.fromkeys(("HTTP/1.1", "HTTP/1.2", "HTTP/1.9"), 200),
    **dict.fromkeys(("HTTP/0.9", "HTTP/2.0", "HTTP/2", "HTTP/3", "HTTP/3.0", "HTTP/9.9", "HTTP/11.1", "HTTP/0.0"), 505),
    **dict.fromkeys(("RTSP/1.1", "SIP/2.0", "ICY/1.0", "HTTPS/1.1"), 505),
    **dict.fromkeys(
        ("HTTP/1", "HTTP/1.", "HTTP/1.10", "HTTP/1.1.1", "http/1.1", "Http/1.1", "HTTP 1.1", "HTTP/", "1.1"), 400
    ),
    **dict.fromkeys(
        ("HTTP/a.b", "HTTP/1,1", "HTTP/-1.1", "HTTP/1.1 ", "HTTP/1.1\t", "\tHTTP/1.1", "HTTP/1.1 x", ""), 400
    ),
}
LINES = {
    **dict.fromkeys(
        ("GET  /_mock/health HTTP/1.1", " GET /_mock/health HTTP/1.1", "GET\t/_mock/health\tHTTP/1.1"), 400
    ),
    **dict.fromkeys(
        ("GET /_mock/health  HTTP/1.1", "GET /_mock/hea lth HTTP/1.1", "GET /_mock/health", "GET", "/"), 400
    ),
    **dict.fromkeys(("GET(/_mock/health HTTP/1.1", "G@T / HTTP/1.1", "{GET} / HTTP/1.1", "GÉT / HTTP/1.1"), 400),
    **dict.fromkeys(("CONNECT  HTTP/1.1", "CONNECT HTTP/1.1", "GET  HTTP/1.1", "OPTIONS  HTTP/1.1"), 400),
    **dict.fromkeys(("GET /\x00 HTTP/1.1", "GET /\x7f HTTP/1.1", "GET /\x1b HTTP/1.1", "GET /a\rb HTTP/1.1"), 400),
    **dict.fromkeys(
        ("GET * HTTP/1.1", "POST * HTTP/1.1", "GET _mock/health HTTP/1.1", "GET localhost:80 HTTP/1.1"), 400
    ),
    **dict.fromkeys(("GET ftp://localhost/ HTTP/1.1", "GET http:// HTTP/1.1", "GET http:///x HTTP/1.1"), 400),
    **dict.fromkeys(("GET http://[/ HTTP/1.1", "GET http://a:b@localhost/ HTTP/1.1", "GET ?a=b HTTP/1.1"), 400),
    **dict.fromkeys(("CONNECT localhost:80 HTTP/1.1", "CONNECT / HTTP/1.1", "CONNECT example.com:443 HTTP/1.1"), 501),
    **dict.fromkeys(("OPTIONS * HTTP/1.1", "OPTIONS http://localhost HTTP/1.1", "OPTIONS /_mock/health HTTP/1.1"), 204),
    **dict.fromkeys(("GET http://localhost/_mock/health HTTP/1.1", "GET HTTP://localhost/_mock/health HTTP/1.1"), 200),
    **dict.fromkeys(("GET http://example.com/_mock/worlds HTTP/1.1", "GET http://example.com/api HTTP/1.1"), 421),
    **dict.fromkeys(("GET /" + "a" * 20_000 + " HTTP/1.1", "GET /?" + "a" * 70_000 + " HTTP/1.1"), 414),
    **dict.fromkeys(
        ("BREW /_mock/health HTTP/1.1", "get /_mock/health HTTP/1.1", "PROPFIND /_mock/health HTTP/1.1"), 405
    ),
}
HOSTS = {
    **dict.fromkeys(
        ("localhost", "LOCALHOST", "localhost:1", "127.0.0.1", "[::1]", "[::1]:80", " localhost\t", "localhost:"), 200
    ),
    **dict.fromkeys(
        ("a b", "a/b", "a?b", "a#b", "a@b", "[::1", "::1]", "a:b", "a:1:2", "a:99999", "a\\b", "<a>", "é", ""), 400
    ),
    **dict.fromkeys(
        ("a\tb", '"a"', "a%zz", "[g]", "http://a", "a,b c", "a:-1", "a:+1", "a: 1", "^", "a|b", "`", "{a}"), 400
    ),
}
FIELDS = {
    **dict.fromkeys(("X : a", "X\t: a", " X: a", "\tX: a", ": a", "X", "X a", "X(: a", "X[]: a", "é: a", "X@: a"), 400),
    **dict.fromkeys(
        ("X: a\x00", "X: \x01", "X: \x0b", "X: \x7f", "X: a\rb", "X: a\nY: b", "X\x00: a", "X\x80: a"), 400
    ),
    **dict.fromkeys(
        ("X: a\r\n folded", "X: a\r\n\tfolded", "X:\r\n a", "X: a\r\r", "X: a\n", '"X": a', "X/Y: a", "X;: a"), 400
    ),
    **dict.fromkeys(
        ("X:", "X:a", "X: \t a \t ", "X: a:b", "X: é", "x!#$%&'*+-.^_`|~1: a", "X: a\r\nX: b", "X: \x80"), 200
    ),
    **dict.fromkeys(("Host: localhost", "host: localhost", "Host: example.com", "Host:"), 400),
    **dict.fromkeys(("X: " + "a" * 20_000, "\r\n".join(["X: a"] * 200), "\r\n".join(["X: " + "a" * 9_000] * 9)), 431),
    **dict.fromkeys(
        ("Expect: something", "Upgrade: h2c\r\nConnection: Upgrade", "TE: trailers", "Connection: x, y"), 200
    ),
    **dict.fromkeys(
        ("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA", "Upgrade: websocket"), 200
    ),
}
LENGTHS = {
    **dict.fromkeys(
        ("-1", "+0", "0x0", "0,0", "0, 0", "a", "", "1e1", "1.0", "0 0", "1_0", "٣", "0;", "'0'", "9" * 40), 400
    ),
    **dict.fromkeys(("0", "00", " 0 ", "\t0"), 200),
    **dict.fromkeys(
        ("0\r\nContent-Length: 0", "0\r\nContent-Length: 1", "1\r\ncontent-length: 1", "0\r\nContent-Length:"), 400
    ),
}
ENCODINGS = {
    **dict.fromkeys(("chunked", "Chunked", "CHUNKED", " chunked\t"), 200),
    **dict.fromkeys(
        ("gzip, chunked", "gzip", "deflate", "identity", "xchunked", "chunkedx", "chunked, gzip", "compress"), 501
    ),
    **dict.fromkeys(
        (
            "chunked, identity",
            "identity, chunked",
            "br",
            "gzip,chunked",
            "x-gzip",
            "gzip\r\nTransfer-Encoding: chunked",
        ),
        501,
    ),
    **dict.fromkeys(
        ("chunked, chunked", "", ",", "chunked,", ",chunked", '"chunked"', "chunked;q=1", "chunked chunked"), 400
    ),
    **dict.fromkeys(
        ("chunked\r\nTransfer-Encoding: chunked", "chunked\x0b", "\x00chunked", "chunké", "chunked\r\n x"), 400
    ),
    **dict.fromkeys(("chunked\r\nContent-Length: 5", "chunked\r\nContent-Length: 0", "gzip\r\nContent-Length: 5"), 400),
    **dict.fromkeys(("chunked\r\nContent-Length: x", "identity\r\nContent-Length: 5", "x\r\nContent-Length: 0"), 400),
}
CHUNKS = {
    **dict.fromkeys(
        (b"0\r\n\r\n", b"1\r\na\r\n0\r\n\r\n", b"A\r\n0123456789\r\n0\r\n\r\n", b"00\r\n\r\n", b"01\r\na\r\n0\r\n\r\n"),
        200,
    ),
    **dict.fromkeys(
        (b"1;x\r\na\r\n0\r\n\r\n", b"1 ;x=y\r\na\r\n0;z\r\n\r\n", b'1;x="y"\r\na\r\n0\r\n\r\n', b"0\r\nX: a\r\n\r\n"),
        200,
    ),
    **dict.fromkeys(
        (b"0\r\nX: a\r\nY: b\r\n\r\n", b"0\r\nContent-Length: 9\r\n\r\n", b"1;" + b"x" * 3_000 + b"\r\na\r\n0\r\n\r\n"),
        200,
    ),
    **dict.fromkeys(
        (
            b"x\r\n",
            b"-1\r\n",
            b"+1\r\na\r\n",
            b"0x1\r\na\r\n",
            b" 1\r\na\r\n",
            b"1 \r\na\r\n",
            b"\r\n",
            b"1_0\r\n",
            b"1\na\n0\n\n",
        ),
        400,
    ),
    **dict.fromkeys(
        (b"1\r\nab\r\n", b"1\r\na\n0\r\n\r\n", b"1\r\na0\r\n\r\n", b"1\r\na\r0\r\n", b"2\r\na\r\n0\r\n\r\n", b"0\n\n"),
        400,
    ),
    **dict.fromkeys(
        (
            b"1;\x00\r\na\r\n",
            b"1;a\nb\r\n",
            b"1;a\rb\r\n",
            b"1;\x7f\r\n",
            b"1\x00\r\n",
            b"1\x0b\r\n",
            b"1,1\r\n",
            b"1\ta\r\n",
        ),
        400,
    ),
    **dict.fromkeys(
        (b"f" * 17 + b"\r\n", b"0" * 17 + b"\r\n\r\n", b"1" + b";x" * 5_000 + b"\r\na", b"1;" + b"x" * 9_000), 400
    ),
    **dict.fromkeys(
        (
            b"0\r\nX\r\n\r\n",
            b"0\r\n X: a\r\n\r\n",
            b"0\r\nX : a\r\n\r\n",
            b"0\r\nX: \x00\r\n\r\n",
            b"0\r\n\n",
            b"0\r\n\rX",
        ),
        400,
    ),
    **dict.fromkeys(
        (b"0\r\nX: " + b"a" * 9_000, b"0\r\n" + b"X: aaaaaaaa\r\n" * 9_000, b"1\r\na\r\n" * 30_000, b"g\r\n"), 400
    ),
}
SPLIT = {
    "two requests": (GOOD * 2, (200, 200)),
    "empty lines before": (b"\r\n\r\n" + GOOD, (200,)),
    "one before a bad one": (GOOD + b"bad\r\n\r\n", (200, 400)),
    "three before a bad one": (GOOD * 3 + b"GET /\x00 HTTP/1.1\r\n\r\n", (200, 200, 200, 400)),
    "before an unknown version": (GOOD + b"GET / HTTP/2.0\r\n\r\n", (200, 505)),
    "before an unknown coding": (GOOD + b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: x\r\n\r\n", (200, 501)),
    "behind a bad one": (b"bad\r\n\r\n" + GOOD, (400,)),
    "behind a close": (GOOD[:-2] + b"Connection: close\r\n\r\n" + GOOD, (200,)),
    "rubbish behind a close": (GOOD[:-2] + b"Connection: close\r\n\r\n\x00\xff", (200,)),
    "close among others": (GOOD[:-2] + b"Connection: x, CLOSE\r\n\r\n" + GOOD, (200,)),
    "two Connection fields": (GOOD[:-2] + b"Connection: keep-alive\r\nConnection: close\r\n\r\n" + GOOD, (200,)),
    "bare line feeds": (GOOD.replace(b"\r\n", b"\n"), (400,)),
    "bare carriage returns": (GOOD.replace(b"\r\n", b"\r"), (400,)),
    "a line feed before": (b"\n" + GOOD, (400,)),
    "HTTP/2 by prior knowledge": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (505,)),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400,)),
    "HTTP/1.0 with chunks": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
    "HTTP/1.0 with an expectation": (
        b"GET " + PATH + b" HTTP/1.0\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\na",
        (200,),
    ),
    "HTTP/1.0 without Host": (b"GET " + PATH + b" HTTP/1.0\r\n\r\n" + GOOD, (200,)),
    "HTTP/1.0 kept": (b"GET " + PATH + b" HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + GOOD, (200, 200)),
    "HTTP/1.1 without Host": (b"GET " + PATH + b" HTTP/1.1\r\n\r\n" + GOOD, (400,)),
    "a body and a request": (GOOD[:-2] + b"Content-Length: 3\r\n\r\nabc" + GOOD, (200, 200)),
    "a request inside a body": (GOOD[:-2] + b"Content-Length: %d\r\n\r\n" % len(GOOD) + GOOD, (200,)),
    "a long head behind a body": (
        GOOD[:-2] + b"Content-Length: 1\r\n\r\naGET / HTTP/1.1\r\n" + b"X: %s\r\n" % (b"a" * 8_000) * 22 + b"\r\n",
        (200, 431),
    ),
}


def raw_cases() -> Iterator[RawCase]:
    """Every case."""
    for version, status in VERSIONS.items():
        yield RawCase(f"version {version!r}", GOOD.replace(b"HTTP/1.1", version.encode(), 1), (status,))
    for line, status in LINES.items():
        yield RawCase(f"line {line[:60]!r}", line.encode() + b"\r\n" + HOST + b"\r\n", (status,))
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "LINK", "M-SEARCH", "X!#$%&'*+.^_`|~"):
        data = f"{method} /_mock/health HTTP/1.1\r\n".encode() + HOST + b"\r\n"
        yield RawCase(f"method {method}", data + data, (200 if method in ("GET", "HEAD") else 405,) * 2)
    for host, status in HOSTS.items():
        yield RawCase(f"host {host!r}", GOOD.replace(b"localhost", host.encode(), 1), (status,))
    for field, status in FIELDS.items():
        data = GOOD[:-2] + field.encode("latin-1") + b"\r\n\r\n"
        yield RawCase(f"field {field[:60]!r}", data, (status,))
    for length, status in LENGTHS.items():
        yield RawCase(f"length {length!r}", GOOD[:-2] + f"Content-Length: {length}\r\n\r\n".encode(), (status,))
    for coding, status in ENCODINGS.items():
        data = GOOD[:-2] + f"Transfer-Encoding: {coding}\r\n\r\n0\r\n\r\n".encode()
        yield RawCase(f"coding {coding!r}", data, (status,))
    for chunks, status in CHUNKS.items():
        follows = GOOD if status == 200 else b""
        data = GOOD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + follows
        yield RawCase(f"chunks {chunks[:60]!r}", data, (200, 200) if status == 200 else (status,))
    for name, (data, statuses) in SPLIT.items():
        yield RawCase(name, data, statuses)
