"""A response as the bytes of HTTP/1.1."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus

from mockserver.core.messages import JSON_TYPE, Response, encode

_STATUS_LINES = {int(status): f"HTTP/1.1 {int(status)} {status.phrase}\r\n" for status in HTTPStatus}
_BODILESS = (204, 304)


def encode_response(response: Response, now: float, keep: bool, explicit: bool, with_body: bool) -> bytes:
    """Head and body as one piece. `now` is in seconds since 1970.

    `keep` tells whether the connection goes on, `explicit` whether the head has to say so; without `with_body` (HEAD)
    only the length of the body is told. A response that streams has a body without a length.
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
    """What is left of an encoded response, and whether its connection goes on.

    A truncated one breaks off in the middle of its body, or of its head where it has none.
    """
    if damage == "disconnect":
        return b"", False
    if damage != "truncate":
        return message, keep
    head = message.index(b"\r\n\r\n") + 4
    body = len(message) - head
    return message[: head + body // 2 if body else head // 2], False


def transport_error(status: int, message: str) -> Response:
    """What the server itself says, before any service is asked."""
    return Response(status, encode({"status": status, "message": message}), [("Content-Type", JSON_TYPE)])


class _Dates:
    """The end of a head in the current second, formatted once: the Date header, and the empty line."""

    second = -1
    text = ""


def _date(second: int) -> str:
    if second != _Dates.second:
        _Dates.second, _Dates.text = second, f"Date: {formatdate(second, usegmt=True)}\r\n\r\n"
    return _Dates.text
