"""A client of the identity service that calls a server in this process, in a world of its own."""

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
    """Returns the one server of a scenario, since compiling the documents takes longer than any test."""
    return MockServer(services=["netfoundry"], scenario=scenario, auth="strict", wall=lambda: NOON)


class Client:
    """Calls as the administrator, unless another `token` is given; None sends no token."""

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
        """Returns the response. `path` is below the mount; a body is JSON, or bytes that are sent as they are."""
        sent = {"X-Mock-World": self.world, **(headers or {})}
        if token is not None:
            sent.setdefault("Authorization", f"Bearer {token}")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.server.handle(Request(method, API + path, Headers(sent), raw))

    def label(self) -> str:
        """Returns a label that no organization has yet."""
        return f"TEST-{len(self.call('GET', '/organizations'))}"

    def call(self, method: str, path: str, body: object = None, **how: Any) -> Any:
        """Returns the body of a successful response; an error fails the test."""
        response = self.send(method, path, body, **how)
        assert response.status in (200, 201), (method, path, response.status, response.body)
        return response.json() if response.body else None

    def log_in(self, client_id: str, password: str) -> Response:
        """Returns the response of the token endpoint to client credentials."""
        basic = b64encode(f"{client_id}:{password}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials"}).encode()
        headers = {
            "X-Mock-World": self.world,
            "Authorization": f"Basic {basic}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.server.handle(Request("POST", "/oauth2/token", Headers(headers), form))

    def token(self, client_id: str, password: str) -> str:
        """Logs in and returns an access token."""
        return str(self.log_in(client_id, password).json()["access_token"])

    def pass_time(self, seconds: int) -> None:
        """Advances the world's clock."""
        world = self.server.worlds.get_or_create(self.world)
        world.set_clock(world.clock.set_to(world.clock.now() + seconds * NANOSECONDS))

    def state(self) -> object:
        """Returns all records of the world, for tests that nothing changes."""
        return self.server.worlds.get_or_create(self.world).export()["collections"]

    def organization(self, label: str = "TEST", **more: object) -> Any:
        """Creates an organization."""
        return self.call("POST", "/organizations", {"name": "Test", "label": label, **more})

    def user(self, organization: str, name: str = "Ann") -> Any:
        """Creates a user."""
        person = {"firstName": name, "lastName": "Test", "email": f"{name}@test.example".lower()}
        return self.call("POST", "/user-identities", {"organizationId": organization, **person})

    def account(self, organization: str, **more: object) -> Any:
        """Creates an API account and returns it with its credentials."""
        body = {"organizationId": organization, "name": "robot", "contactEmail": "robot@test.example", **more}
        return self.call("POST", "/api-account-identities", body)
