"""What tests say to a server: as an application over REST, and as an identity provider over SCIM."""

from __future__ import annotations

from itertools import count
from typing import Any

from mockserver import Headers, MockServer, Request, Response
from mockserver.core.messages import encode

BASE = "/api/v1/directory-sync"
SECOND = 1_000_000_000


class Api:
    """Jackson's REST API and its directories' SCIM endpoints, of one server. The clock ticks at each request."""

    def __init__(self, scenario: str = "empty", **options: Any) -> None:
        ticks = count(1_700_000_000 * SECOND, SECOND)
        self.server = MockServer(scenario=scenario, wall=lambda: next(ticks), **options)

    def ask(self, method: str, path: str, body: object = None, authorization: str = "Api-Key any") -> Response:
        headers = Headers({"Authorization": authorization, "Content-Type": "application/json"})
        payload = b"" if body is None else encode(body)
        return self.server.handle(Request(method, path, headers, payload, "http://localhost:5225"))

    def data(self, method: str, path: str, body: object = None) -> Any:
        """The data of a successful answer."""
        response = self.ask(method, BASE + path, body)
        assert response.status in (200, 201), response.body
        answer = response.json()
        assert answer["error"] is None
        return answer["data"]

    def refusal(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Status and message of a refusal, whose envelope says the same."""
        response = self.ask(method, BASE + path, body)
        answer = response.json()
        assert answer["data"] is None
        assert answer["error"]["code"] == response.status
        return response.status, answer["error"]["message"]

    def directory(self, **fields: object) -> Any:
        """A new directory, of tenant t and product p unless said otherwise."""
        return self.data("POST", "", {"tenant": "t", "product": "p", **fields})

    def push(self, directory: Any, method: str, path: str, body: object = None) -> Any:
        """A SCIM request of a directory's identity provider."""
        path = f"/api/scim/v2.0/{directory['id']}{path}"
        response = self.ask(method, path, body, f"Bearer {directory['scim']['secret']}")
        assert response.status < 300, response.body
        return response.json() if response.body else None

    def push_user(self, directory: Any, name: str) -> Any:
        return self.push(directory, "POST", "/Users", {"userName": name, "emails": [{"value": f"{name}@acme.example"}]})

    def deliveries(self) -> Any:
        """What webhooks were told, oldest first."""
        return self.ask("GET", "/_mock/worlds/default/deliveries?limit=10000").json()
