"""Bytes in, heads of requests out (RFC 9112, sections 2 to 6).

One head is read at a time, so that a request which is malformed does not take the requests before it along. The parser
is strict: what two readers could understand differently (request smuggling) is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from multidict import CIMultiDict

from mockserver.transports.network.bounds import LONGEST_HEAD, LONGEST_LINE, MOST_FIELDS

_TCHAR = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_REQUEST_LINE = re.compile(rf"({_TCHAR}++) ([\x21-\x7e]++) ([A-Z]++/[0-9]++(?:\.[0-9]++)?)")
_VERSION = re.compile(r"HTTP/1\.[0-9]")
_FIELD = re.compile(rf"{_TCHAR}++:[^\x00-\x08\x0a-\x1f\x7f]*+")
_START = re.compile(rf"{_TCHAR}".encode())
_LONE = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|\x00")
_TOKENS = re.compile(rf"{_TCHAR}+([ \t]*,[ \t]*{_TCHAR}+)*")
_LENGTH = re.compile(r"[0-9]{1,30}")


class Unparsable(Exception):
    """The bytes are not HTTP, or not the HTTP that the server speaks. `status` is the one to answer with."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Head:
    """The head of a request. `length` is that of the body in bytes; None stands for a chunked body.

    `keep` says whether the client keeps the connection, `minor` is the minor version, and `expects` says whether the
    client waits for `100 Continue`.
    """

    method: str
    target: str
    headers: CIMultiDict[str]
    minor: int
    keep: bool
    length: int | None
    expects: bool


def read_head(data: bytes, at: int) -> tuple[Head, int] | None:
    """Returns the head that begins at an offset, and the offset behind it; None while the head is not whole.

    Raises Unparsable, after which nothing more of the connection can be understood.
    """
    before = at
    while data.startswith(b"\r\n", at):  # section 2.2: empty lines before a request are ignored
        at += 2
    if at - before > LONGEST_LINE:
        raise Unparsable(400, "there are too many empty lines")
    end = data.find(b"\r\n\r\n", at)
    if end < 0:
        _check_beginning(data, at)
        return None
    line_end = data.find(b"\r\n", at)
    if line_end - at > LONGEST_LINE:
        raise Unparsable(414, f"the request line is longer than {LONGEST_LINE} bytes")
    if end - line_end > LONGEST_HEAD:
        raise Unparsable(431, f"the header fields are longer than {LONGEST_HEAD} bytes")
    first, *lines = data[at:end].decode("utf-8", "surrogateescape").split("\r\n")
    method, target, minor = _read_request_line(first)
    return _frame(method, target, minor, _read_fields(lines)), end + 4


def _check_beginning(data: bytes, at: int) -> None:
    """Refuses the beginning of a head as soon as it is clear that no head can come of it."""
    if at == len(data):
        return
    if data[at:] != b"\r" and not _START.match(data, at):
        raise Unparsable(400, "this is not an HTTP request")
    if _LONE.search(data, at):
        raise Unparsable(400, "a line ends in CR LF, and a head has no other control characters")
    line_end = data.find(b"\r\n", at)
    if (line_end if line_end >= 0 else len(data)) - at > LONGEST_LINE:
        raise Unparsable(414, f"the request line is longer than {LONGEST_LINE} bytes")
    if line_end >= 0:
        _read_request_line(data[at:line_end].decode("utf-8", "surrogateescape"))
        if len(data) - line_end > LONGEST_HEAD:
            raise Unparsable(431, f"the header fields are longer than {LONGEST_HEAD} bytes")


def _read_request_line(line: str) -> tuple[str, str, int]:
    """Returns the method, the target and the minor version."""
    parts = _REQUEST_LINE.fullmatch(line)
    if parts is None:
        raise Unparsable(400, "the request line is malformed")
    method, target, version = parts.groups()
    if not _VERSION.fullmatch(version):
        if version.startswith("HTTP/1") and version[6:7] in ("", "."):
            raise Unparsable(400, "the HTTP version is malformed")
        raise Unparsable(505, "this server speaks HTTP/1.1 and HTTP/1.0")
    if method == "CONNECT":
        raise Unparsable(501, "this server is not a proxy")
    return method, target, int(version[-1])


def _read_fields(lines: list[str]) -> CIMultiDict[str]:
    """Returns the header fields."""
    if len(lines) > MOST_FIELDS:
        raise Unparsable(431, f"there are more than {MOST_FIELDS} header fields")
    fields = []
    for line in lines:
        if not _FIELD.fullmatch(line):
            raise Unparsable(400, "a header field is malformed")
        if len(line) > LONGEST_LINE:
            raise Unparsable(431, f"a header field is longer than {LONGEST_LINE} bytes")
        name, _, value = line.partition(":")
        fields.append((name, value.strip(" \t")))
    return CIMultiDict(fields)


def _frame(method: str, target: str, minor: int, headers: CIMultiDict[str]) -> Head:
    """Returns the head of a request, with the length of its body (section 6.3) and the fate of its connection."""
    hosts = headers.getall("Host", ())
    if len(hosts) > 1 or (minor and not hosts):
        raise Unparsable(400, "a request has one Host header field")
    keep = minor > 0
    if "Connection" in headers:
        wishes = [wish.strip(" \t").lower() for wish in ",".join(headers.getall("Connection")).split(",")]
        keep = "close" not in wishes and (keep or "keep-alive" in wishes)
    length: int | None = 0
    lengths = headers.getall("Content-Length", ())
    if lengths:
        if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0]):
            raise Unparsable(400, "a request has one Content-Length, which is a number")
        length = int(lengths[0])
    if "Transfer-Encoding" in headers:
        _check_transfer_encoding(",".join(headers.getall("Transfer-Encoding")).lower(), minor, bool(lengths))
        length = None
    expects = minor > 0 and headers.get("Expect", "").lower() == "100-continue"
    return Head(method, target, headers, minor, keep, length, expects)


def _check_transfer_encoding(encoding: str, minor: int, has_length: bool) -> None:
    """Refuses every transfer encoding but chunked."""
    if minor == 0 or has_length:
        raise Unparsable(400, "Transfer-Encoding is for HTTP/1.1 and for requests without Content-Length")
    if not _TOKENS.fullmatch(encoding):
        raise Unparsable(400, "the Transfer-Encoding is malformed")
    codings = [coding.strip(" \t") for coding in encoding.split(",")]
    if set(codings) != {"chunked"}:
        raise Unparsable(501, "no transfer encoding but chunked is implemented")
    if len(codings) > 1:
        raise Unparsable(400, "the body is chunked twice")
