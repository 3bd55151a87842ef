"""Which requests reach the core.

The Host header has to be a name of this server: a name that merely resolves to this machine may be an attack from a web
page (DNS rebinding). A page of another origin may use the services, never the control plane.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from mockserver.core.hosts import Hosts, is_host
from mockserver.core.messages import JSON_TYPE, Request, Response
from mockserver.core.problems import MalformedRequest, Problem
from mockserver.engine.address import address_of
from mockserver.server import MockServer
from mockserver.transports.network import cors
from mockserver.transports.network.encoding import transport_error

_REMEMBERED = 1_000
"""Hosts whose origin is remembered. Requests choose the host, so their number needs a bound."""

_ABSOLUTE = re.compile(r"https?://([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)


def asks_control(request: Request) -> bool:
    """Returns whether a request is for the control plane, also with a world's prefix or an escaped path."""
    try:
        return unquote(address_of(request).path).startswith("/_mock/")
    except Problem:
        return False


class Gate:
    """Answers the requests that are allowed and refuses the others. `scheme` is "http" or "https"."""

    def __init__(self, server: MockServer, hosts: Hosts, scheme: str) -> None:
        self._server = server
        self._hosts = hosts
        self._scheme = scheme
        self._origins: dict[str, str] = {}

    def respond(self, request: Request) -> Response:
        """Returns the response to a request, and sets the request's `origin`."""
        given = request.headers.get("Host")
        if request.target[:1] != "/":
            try:
                given = _resolve_target(request, given)
            except MalformedRequest as problem:
                return transport_error(400, problem.message)
        host = given or ""
        origin = self._origins.get(host) or self._origin(host)
        if not origin:
            return _misdirected(request, given)
        if request.target == "*":
            return Response(204, headers=[("Allow", "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE")])
        request.origin = origin
        if "Origin" not in request.headers and "Sec-Fetch-Site" not in request.headers:
            return self._server.handle(request)
        control = asks_control(request)
        if control and cors.foreign(request):
            return transport_error(403, "pages of other origins may not use the control plane")
        response = self._server.handle(request)
        if not control:
            cors.permit(request, response)
        return response

    def _origin(self, host: str) -> str:
        """Returns the origin that a Host header stands for; empty where the host is not allowed."""
        if not (is_host(host) and self._hosts.allows(host)):
            return ""
        origin = f"{self._scheme}://{host.lower()}"
        if len(self._origins) < _REMEMBERED:
            self._origins[host] = origin
        return origin


def _resolve_target(request: Request, host: str | None) -> str | None:
    """Gives the request the path of an absolute URL as its target. Returns the host that the request is for.

    An absolute URL names the host in place of the Host header (RFC 9112, section 3.2.2). Raises MalformedRequest for
    what is neither a path, an absolute URL nor the `*` of OPTIONS.
    """
    if request.target == "*" and request.method == "OPTIONS":
        return host
    parts = _ABSOLUTE.fullmatch(request.target)
    if parts is None or (host is not None and not is_host(host)):
        raise MalformedRequest("the request target is neither a path nor an http URL, or the Host is malformed")
    authority, rest = parts.groups()
    asks_server = request.method == "OPTIONS" and not rest
    request.target = "*" if asks_server else rest if rest[:1] == "/" else f"/{rest}"
    return authority


def _misdirected(request: Request, host: str | None) -> Response:
    """Returns the response to a request for a host that is malformed, or that is not this server's.

    Health answers there, too: a probe calls a container by its address. It says nothing but that the server is up.
    """
    if host is not None and not is_host(host):
        return transport_error(400, f"the host {host!r} is malformed")
    if request.method in ("GET", "HEAD") and request.target.partition("?")[0] == "/_mock/health":
        return Response(200, b'{"status":"ok"}', [("Content-Type", JSON_TYPE)])
    return transport_error(
        421, f"this server does not answer to the host {host or ''!r}; start it with --allow-host NAME to let it"
    )
