"""idp-mockserver: a stateful stand-in for identity-provider-management APIs.

    from mockserver import Headers
    from mockserver import MockServer
    from mockserver import Request
    MockServer().handle(Request("GET", "/api/identity-providers", Headers({"Authorization": "Token any"}))).json()

`respx_router()` puts the mock behind the vendors' real host names for httpx code (needs the extra `respx`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mockserver.version import VERSION

if TYPE_CHECKING:
    from mockserver.core.messages import Headers, Request, Response
    from mockserver.server import MockServer
    from mockserver.transports.inprocess import respx_router

__version__ = VERSION

__all__ = ["Headers", "MockServer", "Request", "Response", "__version__", "respx_router"]

_HOMES = {
    "Headers": "mockserver.core.messages",
    "MockServer": "mockserver.server",
    "Request": "mockserver.core.messages",
    "Response": "mockserver.core.messages",
    "respx_router": "mockserver.transports.inprocess",
}


def __getattr__(name: str) -> Any:
    # Imported when somebody asks: pytest imports this package for its plugin in every project that has it installed.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if error.name not in ("httpx", "respx"):
            raise
        raise ImportError(f"{name} needs {error.name}: pip install 'idp-mockserver[respx]'") from error
