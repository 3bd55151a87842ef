"""Which requests reach the core.

The Host header has to be a name of this server: a name that merely resolves to this machine may be an attack from a web
page (DNS rebinding). A page of another origin may use the services, never the control plane.
"""

from __future__ import annotations

from urllib.parse import unquote

from mockserver.core.hosts import Hosts
from mockserver.core.messages import Request, Response
from mockserver.core.problems import Problem
from mockserver.engine.address import address_of
from mockserver.server import MockServer
from mockserver.transports.network import cors
from mockserver.transports.network.encoding import transport_error

_REMEMBERED = 1_000
"""Hosts whose origin is remembered. Requests choose the host, so their number needs a bound."""


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
        host = request.headers.get("Host") or ""
        origin = self._origins.get(host) or self._origin(host)
        if not origin:
            return transport_error(
                421, f"this server does not answer to the host {host!r}; start it with --allow-host NAME to let it"
            )
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
        if not self._hosts.allows(host):
            return ""
        origin = f"{self._scheme}://{host.lower()}"
        if len(self._origins) < _REMEMBERED:
            self._origins[host] = origin
        return origin
