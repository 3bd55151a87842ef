"""One exchange over HTTP, with nothing but the standard library."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Exchange:
    """A request: `body` is JSON, None for no body; `authorization` the header's value, None for no header."""

    method: str
    path: str
    body: Any = None
    authorization: str | None = None


@dataclass(frozen=True)
class Answered:
    """`body` is the JSON value, the text where it is none, None where there is no body."""

    status: int
    body: Any


def ask(url: str, exchange: Exchange) -> Answered:
    """Sends a request to the server at a URL and reads the answer."""
    parts = urlsplit(url)
    headers = {"Content-Type": "application/json"} if exchange.body is not None else {}
    if exchange.authorization is not None:
        headers["Authorization"] = exchange.authorization
    connection = HTTPConnection(parts.netloc, timeout=30)
    try:
        body = None if exchange.body is None else json.dumps(exchange.body)
        connection.request(exchange.method, parts.path.rstrip("/") + exchange.path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    try:
        return Answered(response.status, json.loads(text) if text else None)
    except ValueError:
        return Answered(response.status, text)
