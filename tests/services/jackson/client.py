"""A client of Jackson: an application that calls the REST API, and an identity provider that pushes over SCIM."""

from __future__ import annotations

from itertools import count
from typing import Any

from mockserver import Headers, MockServer, Request, Response
from mockserver.core.messages import encode

BASE = "/api/v1/directory-sync"
SECOND = 1_000_000_000


class Api:
    """Jackson's REST API and the SCIM endpoints of its directories. Each request advances the clock."""

    def __init__(self, scenario: str = "empty", **options: Any) -> None:
        ticks = count(1_700_000_000 * SECOND, SECOND)
        self.server = MockServer(scenario=scenario, wall=lambda: next(ticks), **options)

    def ask(self, method: str, path: str, body: object = None, authorization: str = "Api-Key any") -> Response:
        headers = Headers({"Authorization": authorization, "Content-Type": "application/json"})
        payload = b"" if body is None else encode(body)
        return self.server.handle(Request(method, path, headers, payload, "http://localhost:5225"))

    def data(self, method: str, path: str, body: object = None) -> Any:
        """Returns the data of a successful response."""
        response = self.ask(method, BASE + path, body)
        assert response.status in (200, 201), response.body
        answer = response.json()
        assert answer["error"] is None
        return answer["data"]

    def refusal(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Returns the status and message of an error, whose envelope must repeat the status."""
        response = self.ask(method, BASE + path, body)
        answer = response.json()
        assert answer["data"] is None
        assert answer["error"]["code"] == response.status
        return response.status, answer["error"]["message"]

    def directory(self, **fields: object) -> Any:
        """Creates a directory, by default of tenant t and product p."""
        return self.data("POST", "", {"tenant": "t", "product": "p", **fields})

    def push(self, directory: Any, method: str, path: str, body: object = None) -> Any:
        """Sends a SCIM request as the identity provider of a directory."""
        path = f"/api/scim/v2.0/{directory['id']}{path}"
        response = self.ask(method, path, body, f"Bearer {directory['scim']['secret']}")
        assert response.status < 300, response.body
        return response.json() if response.body else None

    def push_user(self, directory: Any, name: str) -> Any:
        return self.push(directory, "POST", "/Users", {"userName": name, "emails": [{"value": f"{name}@acme.example"}]})

    def deliveries(self) -> Any:
        """Returns the deliveries to webhooks, oldest first."""
        return self.ask("GET", "/_mock/worlds/default/deliveries?limit=10000").json()
