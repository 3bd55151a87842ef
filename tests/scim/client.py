"""A SCIM client of a `MockServer` in this process."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import quote

from mockserver.core.messages import Headers, Request, Response
from mockserver.server import MockServer

BASE = "/api/scim/v2"


@cache
def _server() -> MockServer:
    return MockServer(scenario="empty")


def empty_server() -> MockServer:
    """Returns the one empty server of all tests, since compiling the documents takes longer than any test."""
    server = _server()
    server.worlds.get_or_create("default").reset()
    return server


class Client:
    """Calls one directory: that of an Okta integration of NetBird, created with the given settings."""

    def __init__(self, server: MockServer, **settings: Any) -> None:
        self.server = server
        self.integration = self.netbird("POST", "", settings)
        self.token = self.integration["auth_token"]

    def netbird(self, method: str, path: str, body: Any = None) -> Any:
        """Calls NetBird's own API."""
        headers = Headers({"Authorization": "Token mock-admin"})
        payload = b"" if body is None else json.dumps(body).encode()
        target = f"/api/integrations/okta-scim-idp{path}"
        return self.server.handle(Request(method, target, headers, payload)).json()

    def logs(self) -> list[str]:
        """Returns the messages in the log of the integration, oldest first."""
        return [entry["message"] for entry in self.netbird("GET", f"/{self.integration['id']}/logs")]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        """Calls SCIM; header names are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        all_headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/scim+json", **given}
        payload = b"" if body is None else json.dumps(body).encode()
        return self.server.handle(Request(method, BASE + path, Headers(all_headers), payload))

    def create(self, kind: str, **attributes: Any) -> Any:
        """Creates a user or group; an error fails the test."""
        response = self.call("POST", f"/{kind}", attributes)
        assert response.status == 201, response.body
        return response.json()

    def user(self, name: str, **attributes: Any) -> Any:
        """Creates a user."""
        return self.create("Users", userName=name, **attributes)

    def group(self, name: str, *members: Any) -> Any:
        """Creates a group with these users or groups as members."""
        return self.create("Groups", displayName=name, members=[{"value": member["id"]} for member in members])

    def patch(self, resource: Any, *operations: Any, **headers: str) -> Response:
        """Applies PATCH operations to a user or group."""
        return self.call("PATCH", path_of(resource), {"Operations": list(operations)}, **headers)

    def listed(self, kind: str = "Users", **query: Any) -> Any:
        """Returns a list response."""
        parameters = "&".join(f"{name}={quote(str(value))}" for name, value in query.items())
        return self.call("GET", f"/{kind}?{parameters}").json()

    def names(self, **query: Any) -> list[str]:
        """Returns the names of the users in a list response."""
        return [user["userName"] for user in self.listed(**query)["Resources"]]


def path_of(resource: Any) -> str:
    """Returns the path of a user or group below the mount."""
    return f"/{resource['meta']['resourceType']}s/{resource['id']}"
