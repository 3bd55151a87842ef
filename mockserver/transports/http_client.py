"""Requests to other servers, one after another over one connection that is kept open."""

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
    """A client of one server. Every request goes below the path of `url`, and gets the query of `url` too.

    Raises ValueError for a URL that is not http or https.
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
        """Closes the connection."""
        self._http.close()

    def send(self, method: str, target: str, body: Json = None) -> Response:
        """Sends a request with a JSON body and returns the response. Raises Unreachable where there is none."""
        if self._query:
            target += ("&" if "?" in target else "?") + self._query
        return self._exchange(method, target, None if body is None else encode(body), self._headers)

    def carry(self, request: Request) -> Response:
        """Sends a request as it is, with the client's headers added. Raises Unreachable where there is no response."""
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
