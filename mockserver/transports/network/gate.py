"""Who may ask: the checks between a request as it came and the core.

The Host header must be one of ours (DNS rebinding), and a page of another origin may use the services, never the
control plane.
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


def asks_control(request: Request) -> bool:
    """Whether a request is for the control plane, through a world's prefix and behind escapes too."""
    try:
        return unquote(address_of(request).path).startswith("/_mock/")
    except Problem:
        return False


class Gate:
    """Answers requests that may be asked and refuses the others. `scheme` is what the server speaks."""

    def __init__(self, server: MockServer, hosts: Hosts, scheme: str) -> None:
        self._server = server
        self._hosts = hosts
        self._scheme = scheme
        self._origins: dict[str, str] = {}

    def respond(self, request: Request) -> Response:
        """The response to a request whose `origin` is still empty."""
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
        """The URL that a Host header stands for; empty where it is none of ours."""
        if not self._hosts.allows(host):
            return ""
        origin = f"{self._scheme}://{host.lower()}"
        if len(self._origins) < _REMEMBERED:
            self._origins[host] = origin
        return origin
