"""A world for tests: calls to its services, and to the control plane about it."""

from __future__ import annotations

from functools import cache
from typing import Any

from mockserver import Headers, MockServer, Request, Response
from mockserver.core.messages import encode

NOW = "2026-11-21T21:00:00Z"
PROVIDERS = "/api/identity-providers"
PROVIDER = {
    "type": "oidc",
    "name": "Keycloak",
    "issuer": "https://id.example.org",
    "client_id": "id",
    "client_secret": "hidden",
}


@cache
def compiled() -> MockServer:
    """Returns the server that all tests share, because compiling the documents is slow.

    Each test has its own worlds.
    """
    return MockServer()


class ControlledWorld:
    """A world whose clock is frozen at NOW."""

    def __init__(self, name: str, scenario: str = "documented") -> None:
        self.server = compiled()
        self.name = name
        self.control_json("PUT", "", {"from": scenario, "now": NOW})

    def control(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        """Calls the control plane and returns the response. `path` is relative to the path of the world."""
        fields = Headers({name.replace("_", "-"): value for name, value in headers.items()})
        content = b"" if body is None else encode(body)
        return self.server.handle(Request(method, f"/_mock/worlds/{self.name}{path}", fields, content))

    def control_json(self, method: str, path: str, body: object = None, status: int | None = None) -> Any:
        """Calls the control plane and returns the JSON. The status must be `status`, or a success without it."""
        response = self.control(method, path, body)
        assert response.status == status or (status is None and response.status < 300), response.body
        return response.json() if response.body else None

    def ask(self, method: str, path: str, body: object = None, token: str = "any", **headers: str) -> Response:
        """Calls a service in this world. A keyword such as `x_mock_fault` becomes a header."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        fields = {"Authorization": f"Bearer {token}", "X-Mock-World": self.name, **given}
        content = b"" if body is None else encode(body)
        return self.server.handle(Request(method, path, Headers(fields), content))

    def statuses(self, count: int, path: str = PROVIDERS) -> list[int]:
        """Returns the statuses of `count` calls."""
        return [self.ask("GET", path).status for _ in range(count)]

    def state(self) -> Any:
        """Returns the exported state."""
        return self.control_json("GET", "/state")
