"""Requests to other servers, one after another over one kept connection, by the standard library."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import TracebackType
from urllib.parse import urlsplit

from mockserver.core.messages import Json, Request, Response, encode

TIMEOUT = 30.0
"""Seconds to wait for an answer."""


class Unreachable(Exception):
    """Nothing answers at the URL, or not in HTTP."""


class HttpClient:
    """A connection to the server of a URL, below whose path all requests go; a query of the URL goes with each.

    Raises ValueError for a URL that is none of HTTP.
    """

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url} is no http:// or https:// URL")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._http = kind(parts.hostname, parts.port, timeout=TIMEOUT)
        self._path = parts.path.rstrip("/")
        self._query = parts.query
        self._headers = headers

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up."""
        self._http.close()

    def send(self, method: str, target: str, body: Json = None) -> Response:
        """One exchange. Raises Unreachable where there is no answer."""
        if self._query:
            target += ("&" if "?" in target else "?") + self._query
        return self._exchange(method, target, None if body is None else encode(body), self._headers)

    def carry(self, request: Request) -> Response:
        """One exchange, the request's own headers beside the connection's. Raises Unreachable where nothing answers."""
        headers = {**self._headers, **request.headers}
        return self._exchange(request.method, request.target, request.body or None, headers)

    def _exchange(self, method: str, target: str, payload: bytes | None, headers: dict[str, str]) -> Response:
        try:
            self._http.request(method, self._path + target, payload, headers)
            answer = self._http.getresponse()
            return Response(answer.status, answer.read(), answer.getheaders())
        except (OSError, HTTPException) as error:
            self._http.close()
            raise Unreachable(f"{self._http.host}:{self._http.port} does not answer: {error}") from error
