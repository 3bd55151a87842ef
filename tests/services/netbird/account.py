"""A NetBird account to call, whose clock a test can advance."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import Any

import orjson

from mockserver import MockServer
from mockserver.core.clock import NANOSECONDS, iso
from mockserver.core.messages import Headers, Request, Response
from mockserver.state.store import Transaction
from mockserver.worlds.names import DEFAULT
from mockserver.worlds.world import World

START = 1_700_000_000 * NANOSECONDS
"""The instant at which the clock of a new account is frozen, in nanoseconds since 1970."""

PROVIDERS = "/api/identity-providers"
GOOGLE, AZURE, OKTA = (f"/api/integrations/{kind}" for kind in ("google-idp", "azure-idp", "okta-scim-idp"))

PROVIDER = {
    "type": "okta",
    "name": "Work",
    "issuer": "https://login.example.org",
    "client_id": "client",
    "client_secret": "hidden",
}
KEY = b64encode(b'{"type":"service_account"}').decode()
CUSTOMER = {"service_account_key": KEY, "customer_id": "C01abc23d"}
TENANT = {"client_secret": "c2VjcmV0", "client_id": "app", "tenant_id": "tenant"}
NEW: dict[str, dict[str, Any]] = {GOOGLE: CUSTOMER, AZURE: TENANT, OKTA: {}}

DIRECTORY: dict[str, Any] = {
    "name": "acme.example",
    "users": [f"user{number}@acme.example" for number in range(6)],
    "groups": [
        {"name": "Engineering", "members": [0, 1, 2]},
        {"name": "Engineering Leads", "members": [2]},
        {"name": "Sales", "members": [3]},
    ],
}


@cache
def server() -> MockServer:
    """Returns the one server of all accounts, each of which is a world: the documents are compiled once."""
    return MockServer(scenario="empty", services=["netbird", "scim"])


class Account:
    """A new world, with a directory behind Google's customer and Azure's tenant, called without a network."""

    def __init__(self, **options: Any) -> None:
        self.server = server()
        self.world: World = self.server.worlds.create_or_replace(DEFAULT, now=START, options=options)[0]
        records = Transaction(self.world.state)
        for key in ("google-idp/C01abc23d", "azure-idp/tenant"):
            records.put("netbird.directories", key, DIRECTORY)
        self.world.commit(records)

    def call(self, method: str, path: str, body: object = None, credential: str | None = "Token any") -> Response:
        headers = {} if credential is None else {"Authorization": credential}
        content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.server.handle(Request(method, path, Headers(headers), content))

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Returns the JSON of a successful response."""
        response = self.call(method, path, body)
        assert response.status == 200, response.body
        return response.json()

    def refused(
        self, method: str, path: str, body: object = None, credential: str | None = "Token any"
    ) -> tuple[int, str]:
        """Returns status and message of an error, whose body must repeat the status and have no other member."""
        response = self.call(method, path, body, credential)
        refusal = response.json()
        assert refusal == {"message": refusal["message"], "code": response.status}
        return response.status, refusal["message"]

    def add(self, kind: str, **changes: Any) -> str:
        """Creates an integration and returns its path."""
        return f"{kind}/{self.ask('POST', kind, {**NEW[kind], **changes})['id']}"

    def messages(self, path: str) -> list[str]:
        """Returns the messages in the log of an integration, oldest first."""
        return [entry["message"] for entry in self.ask("GET", f"{path}/logs")]

    def finished(self, path: str) -> list[str]:
        """Returns the times at which the synchronisations of an integration finished."""
        return [it["timestamp"] for it in self.ask("GET", f"{path}/logs") if "finished" in it["message"]]

    def pass_time(self, seconds: float) -> None:
        """Advances the clock."""
        self.world.set_clock(self.world.clock.frozen_at(self.world.clock.now() + int(seconds * NANOSECONDS)))


def after(seconds: int) -> str:
    """Returns the time so many seconds after `START`, as logs contain it."""
    return iso(START + seconds * NANOSECONDS)
