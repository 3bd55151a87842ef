"""A server to ask: its control plane, and the services of a world."""

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
    """Compiling the documents takes a while: all tests share one server, each has worlds of its own."""
    return MockServer()


class Plane:
    """One world, frozen at NOW, and what is said about it to the control plane."""

    def __init__(self, name: str, scenario: str = "documented") -> None:
        self.server = compiled()
        self.name = name
        self.said("PUT", "", {"from": scenario, "now": NOW})

    def control(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        """An answer of the control plane; `path` is relative to the world's."""
        fields = Headers({name.replace("_", "-"): value for name, value in headers.items()})
        content = b"" if body is None else encode(body)
        return self.server.handle(Request(method, f"/_mock/worlds/{self.name}{path}", fields, content))

    def said(self, method: str, path: str, body: object = None, status: int | None = None) -> Any:
        """The JSON of a success, or of the refusal that is expected."""
        response = self.control(method, path, body)
        assert response.status == status or (status is None and response.status < 300), response.body
        return response.json() if response.body else None

    def ask(self, method: str, path: str, body: object = None, token: str = "any", **headers: str) -> Response:
        """What a service answers in this world; a keyword such as `x_mock_fault` is a header."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        fields = {"Authorization": f"Bearer {token}", "X-Mock-World": self.name, **given}
        content = b"" if body is None else encode(body)
        return self.server.handle(Request(method, path, Headers(fields), content))

    def statuses(self, count: int, path: str = PROVIDERS) -> list[int]:
        """The statuses of so many calls."""
        return [self.ask("GET", path).status for _ in range(count)]

    def state(self) -> Any:
        """The exported state."""
        return self.said("GET", "/state")
