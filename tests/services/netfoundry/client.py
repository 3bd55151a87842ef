"""A client of the identity service that speaks to a server in this process, in a world of its own."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import urlencode

import orjson

from mockserver import Headers, MockServer, Request, Response
from mockserver.core.clock import NANOSECONDS

API = "/identity/v1"
NOON = 1_790_000_000 * NANOSECONDS
WEEK = 7 * 24 * 3600
NOBODY = "00000000-0000-4000-8000-000000000000"

_names = count()


@cache
def server(scenario: str) -> MockServer:
    """One server per scenario: its documents are compiled once."""
    return MockServer(services=["netfoundry"], scenario=scenario, auth="strict", wall=lambda: NOON)


class Client:
    """Calls as the administrator unless `token` says otherwise; a token of None sends none."""

    def __init__(self, scenario: str = "empty") -> None:
        self.server = server(scenario)
        self.world = f"w{next(_names)}"

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        token: str | None = "mock-admin",
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The answer, whatever it is. `path` is below the mount; a body is JSON, or bytes as they are."""
        sent = {"X-Mock-World": self.world, **(headers or {})}
        if token is not None:
            sent.setdefault("Authorization", f"Bearer {token}")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.server.handle(Request(method, API + path, Headers(sent), raw))

    def label(self) -> str:
        """A label that no organization has yet."""
        return f"TEST-{len(self.call('GET', '/organizations'))}"

    def call(self, method: str, path: str, body: object = None, **how: Any) -> Any:
        """The body of a success; any refusal fails the test."""
        response = self.send(method, path, body, **how)
        assert response.status in (200, 201), (method, path, response.status, response.body)
        return response.json() if response.body else None

    def log_in(self, client_id: str, password: str) -> Response:
        """What the token endpoint answers to client credentials."""
        basic = b64encode(f"{client_id}:{password}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials"}).encode()
        headers = {
            "X-Mock-World": self.world,
            "Authorization": f"Basic {basic}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.server.handle(Request("POST", "/oauth2/token", Headers(headers), form))

    def token(self, client_id: str, password: str) -> str:
        """An access token."""
        return str(self.log_in(client_id, password).json()["access_token"])

    def pass_time(self, seconds: int) -> None:
        """Moves the world's clock on."""
        world = self.server.worlds.get_or_create(self.world)
        world.set_clock(world.clock.set_to(world.clock.now() + seconds * NANOSECONDS))

    def state(self) -> object:
        """All of the world's records, to see that nothing changed."""
        return self.server.worlds.get_or_create(self.world).export()["collections"]

    def organization(self, label: str = "TEST", **more: object) -> Any:
        """A new organization."""
        return self.call("POST", "/organizations", {"name": "Test", "label": label, **more})

    def user(self, organization: str, name: str = "Ann") -> Any:
        """A new user."""
        person = {"firstName": name, "lastName": "Test", "email": f"{name}@test.example".lower()}
        return self.call("POST", "/user-identities", {"organizationId": organization, **person})

    def account(self, organization: str, **more: object) -> Any:
        """A new API account with its credentials."""
        body = {"organizationId": organization, "name": "robot", "contactEmail": "robot@test.example", **more}
        return self.call("POST", "/api-account-identities", body)
