"""NetFoundry's own Python client (PyPI `netfoundry`) against a server: run as a program by `test_real_client`.

The client derives the API's host from the environment's name, so that host is led to the server here; nothing else of
it is touched. What it reads goes to standard output as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from netfoundry import utility
from netfoundry.organization import Organization
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

ENVIRONMENT = "mock"
HOST = f"https://gateway.{ENVIRONMENT}.netfoundry.io"


class Redirected(HTTPAdapter):
    """Redirects requests for the vendor's host to the server."""

    def __init__(self, server: str) -> None:
        super().__init__()
        self.server = server

    def send(self, request: PreparedRequest, *rest: Any, **more: Any) -> Response:
        """Sends a request to the server instead of the host in its URL."""
        assert request.url is not None
        request.url = request.url.replace(HOST + "//", HOST + "/").replace(HOST, self.server)
        return super().send(request, *rest, **more)


def read_everything(server: str, credentials: str) -> dict[str, Any]:
    """Logs in with the credentials file of an account and reads all lists of the identity service."""
    for session in (utility.http, utility.http_cache):
        session.mount(HOST, Redirected(server))
    client = Organization(credentials=credentials, environment=ENVIRONMENT)
    users = client.find_identities(type="user-identities")
    return {
        "caller": client.caller,
        "organizations": client.find_organizations(),
        "organization": client.get_organization(client.caller["organizationId"]),
        "identities": client.find_identities(),
        "users": users,
        "accounts": client.find_identities(type="api-account-identities"),
        "user": client.get_identity(users[0]["id"]),
        "groups": client.network_groups,
    }


if __name__ == "__main__":
    print(json.dumps(read_everything(*sys.argv[1:]), default=str))  # noqa: T201  (read by the test that runs this)
