"""idp-mockserver: a stateful stand-in for identity-provider-management APIs.

    from mockserver import Headers
    from mockserver import MockServer
    from mockserver import Request
    MockServer().handle(Request("GET", "/api/identity-providers", Headers({"Authorization": "Token any"}))).json()

`respx_router()` puts the mock behind the vendors' real host names for httpx code (needs the extra `respx`).
`web_application()` is the mock as an `aiohttp.web.Application`.

A package that adds an API (docs/add-an-api.md) takes all that it needs from here: `Service` and what is in it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mockserver.version import VERSION

if TYPE_CHECKING:
    from mockserver.client.pytest_plugin import MockApi
    from mockserver.client.remote import MockWorld
    from mockserver.core.messages import Answer, Headers, Json, Request, Response
    from mockserver.core.problems import (
        Conflict,
        InvalidInput,
        MethodNotAllowed,
        NotFound,
        Problem,
        Refused,
        UnknownPath,
    )
    from mockserver.documents.spec import Operation
    from mockserver.engine.service import Call, Handler, Principal, Service, bearer
    from mockserver.scim.mounts import ScimMount
    from mockserver.server import MockServer
    from mockserver.state.store import Collection, Record, Transaction
    from mockserver.transports.inprocess import respx_router
    from mockserver.transports.network import web_application

__version__ = VERSION

__all__ = [
    "Answer",
    "Call",
    "Collection",
    "Conflict",
    "Handler",
    "Headers",
    "InvalidInput",
    "Json",
    "MethodNotAllowed",
    "MockApi",
    "MockServer",
    "MockWorld",
    "NotFound",
    "Operation",
    "Principal",
    "Problem",
    "Record",
    "Refused",
    "Request",
    "Response",
    "ScimMount",
    "Service",
    "Transaction",
    "UnknownPath",
    "__version__",
    "bearer",
    "respx_router",
    "web_application",
]

_EXPORTS = {
    "mockserver.client.pytest_plugin": ("MockApi",),
    "mockserver.client.remote": ("MockWorld",),
    "mockserver.core.messages": ("Answer", "Headers", "Json", "Request", "Response"),
    "mockserver.core.problems": (
        "Conflict",
        "InvalidInput",
        "MethodNotAllowed",
        "NotFound",
        "Problem",
        "Refused",
        "UnknownPath",
    ),
    "mockserver.documents.spec": ("Operation",),
    "mockserver.engine.service": ("Call", "Handler", "Principal", "Service", "bearer"),
    "mockserver.scim.mounts": ("ScimMount",),
    "mockserver.server": ("MockServer",),
    "mockserver.state.store": ("Collection", "Record", "Transaction"),
    "mockserver.transports.inprocess": ("respx_router",),
    "mockserver.transports.network": ("web_application",),
}
_HOMES = {name: module for module, exported in _EXPORTS.items() for name in exported}

if not TYPE_CHECKING:  # for a type checker, every other name would exist, too, and be Any

    def __getattr__(name: str) -> Any:
        # Imported on first use: pytest imports this package, for its plugin, in every project that has it installed.
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            return getattr(import_module(_HOMES[name]), name)
        except ModuleNotFoundError as error:
            if error.name not in ("httpx", "respx"):
                raise
            raise ImportError(f"{name} needs {error.name}: pip install 'idp-mockserver[respx]'") from error
