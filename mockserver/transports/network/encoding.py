"""A response as the bytes of HTTP/1.1."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus

from mockserver.core.messages import JSON_TYPE, Response, encode

_STATUS_LINES = {int(status): f"HTTP/1.1 {int(status)} {status.phrase}\r\n" for status in HTTPStatus}
_BODILESS = (204, 304)


def encode_response(response: Response, now: float, keep: bool, explicit: bool, with_body: bool) -> bytes:
    """Returns head and body as one piece of bytes. `now` is in seconds since 1970.

    `keep` says whether the connection stays open, `explicit` whether a Connection header has to say so. Without
    `with_body` (for HEAD) the head has the length of the body and the body is left out. The body of a stream has no
    length.
    """
    status, body = response.status, response.body
    head = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} \r\n"
    for name, value in response.headers:
        head += f"{name}: {value}\r\n"
    if status not in _BODILESS and response.stream is None:
        head += f"Content-Length: {len(body)}\r\n"
    if explicit:
        head += "Connection: keep-alive\r\n" if keep else "Connection: close\r\n"
    head += _date(int(now))
    message = head.encode("latin-1", "replace")
    return message + body if with_body and status not in _BODILESS else message


def apply_damage(message: bytes, damage: str, keep: bool) -> tuple[bytes, bool]:
    """Returns what a fault leaves of an encoded response, and whether the connection stays open.

    A truncated response ends in the middle of its body, or of its head where it has no body.
    """
    if damage == "disconnect":
        return b"", False
    if damage != "truncate":
        return message, keep
    head = message.index(b"\r\n\r\n") + 4
    body = len(message) - head
    return message[: head + body // 2 if body else head // 2], False


def transport_error(status: int, message: str) -> Response:
    """Returns a response of the server itself, to a request that reaches no service."""
    return Response(status, encode({"status": status, "message": message}), [("Content-Type", JSON_TYPE)])


class _Dates:
    """The end of a head: the Date header and the empty line. They are formatted once a second."""

    second = -1
    text = ""


def _date(second: int) -> str:
    if second != _Dates.second:
        _Dates.second, _Dates.text = second, f"Date: {formatdate(second, usegmt=True)}\r\n\r\n"
    return _Dates.text
