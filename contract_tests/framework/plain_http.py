"""JSON over HTTP with nothing but the standard library, for tests that start servers of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class JsonResponse:
    """`body` is the JSON value, the text if the body is not JSON, or None if there is no body."""

    status: int
    body: Any


def send(url: str, method: str, path: str, body: Any = None, authorization: str | None = None) -> JsonResponse:
    """Sends a request to `path` below a URL and returns the response.

    `body` is sent as JSON unless it is None. `authorization` is the value of that header; with None there is none.
    """
    parts = urlsplit(url)
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if authorization is not None:
        headers["Authorization"] = authorization
    connection = HTTPConnection(parts.netloc, timeout=30)
    try:
        payload = None if body is None else json.dumps(body)
        connection.request(method, parts.path.rstrip("/") + path, payload, headers)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    try:
        return JsonResponse(response.status, json.loads(text) if text else None)
    except ValueError:
        return JsonResponse(response.status, text)
