"""idp-mockserver: a stateful stand-in for identity-provider-management APIs.

    from mockserver import MockServer, Request
    MockServer().handle(Request("GET", "/api/identity-providers", Headers({"Authorization": "Token any"}))).json()

`respx_router()` puts the mock behind the vendors' real host names for httpx code (needs the extra `respx`).
"""

from __future__ import annotations

from typing import Any

from mockserver.messages import Headers, Request, Response
from mockserver.server import MockServer
from mockserver.version import VERSION

__version__ = VERSION

__all__ = ["Headers", "MockServer", "Request", "Response", "__version__", "respx_router"]


def __getattr__(name: str) -> Any:
    # httpx and respx are an extra, and cost start-up time: they are imported when somebody asks.
    if name == "respx_router":
        from mockserver.transports.inprocess import respx_router

        return respx_router
    raise AttributeError(name)
