"""The control plane of a server, called without a network."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from mockserver import MockServer
from mockserver.core.messages import Headers, Request, Response

NOW = 1_700_000_000 * 1_000_000_000
"""The time of the machine's clock, in nanoseconds since 1970."""

PROVIDERS = "/api/identity-providers"
PROVIDER = {"type": "oidc", "name": "n", "issuer": "https://a.example", "client_id": "c", "client_secret": "hunter2"}


@cache
def plain() -> MockServer:
    """Returns a server with default settings, shared by tests: compiling the documents for each test would be slow."""
    return MockServer(scenario="empty", wall=lambda: NOW)


class ControlPlane:
    """Calls the control plane, and NetBird's API so that there is something to control."""

    def __init__(self, **settings: Any) -> None:
        self.server = MockServer(**{"scenario": "empty", "wall": lambda: NOW, **settings}) if settings else plain()
        for world in list(self.server.worlds):
            self.server.worlds.drop(world.name)

    def call(self, method: str, target: str, body: object = None, **headers: str) -> Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if body is None else orjson.dumps(body)
        return self.server.handle(
            Request(method, target, Headers({"Authorization": "Token hunter3", **given}), content)
        )

    def ask(self, method: str, target: str, body: object = None, status: int = 200) -> Any:
        """Calls the control plane, expects this status, and returns the JSON, None where the body is empty."""
        response = self.call(method, f"/_mock/{target}", body)
        assert response.status == status, response.body
        return response.json() if response.body else None

    def add(self, world: str = "default", name: str = "n") -> Any:
        """Creates an identity provider in a world."""
        return self.call("POST", f"/_mock/w/{world}{PROVIDERS}", {**PROVIDER, "name": name}).json()

    def names(self, world: str = "default") -> list[str]:
        """Returns the names of all identity providers in a world."""
        return [it["name"] for it in self.call("GET", f"/_mock/w/{world}{PROVIDERS}").json()]
