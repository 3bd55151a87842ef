"""A management domain to talk to, and what is sent to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mockserver import MockServer
from mockserver.messages import Headers, Request, Response
from mockserver.world import DEFAULT, World

PROVIDERS = "/v1/identity-providers"
START = 1_700_000_000 * 1_000_000_000
"""The instant at which every deployment's clock stands still, in nanoseconds since 1970."""

PEM = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIBBzAKBggqhkjO\n-----END CERTIFICATE-----\n"
OIDC = {"clientId": "client", "clientSecret": "hidden-1", "discoveryEndpoint": "https://login.example.org/oidc"}


class Deployment:
    """One server in the scenario's state, called without a network."""

    def __init__(self, scenario: str = "empty", options: Mapping[str, Any] | None = None) -> None:
        self.server = MockServer(scenario=scenario, options=options)
        self.world: World = self.server.worlds.create(DEFAULT, now=START)

    def call(self, method: str, path: str, body: object = None, credential: str | None = "mock-admin") -> Response:
        headers = {} if credential is None else {"Authorization": f"Bearer {credential}"}
        content = b"" if body is None else orjson.dumps(body)
        if body is not None:
            headers["Content-Type"] = "application/json"
        return self.server.handle(Request(method, path, Headers(headers), content))

    def pass_time(self, seconds: float) -> None:
        """Moves the clock on."""
        self.world.set_clock(self.world.clock.frozen_at(self.world.clock.now() + int(seconds * 1_000_000_000)))

    def list(self) -> list[Any]:
        """All listed providers."""
        elements: list[Any] = self.call("GET", PROVIDERS).json()["elements"]
        return elements

    def embedded(self) -> str:
        """The path of the embedded provider."""
        return f"{PROVIDERS}/{self.list()[0]['id']}"

    def add(self, spec: object) -> str:
        """Adds an external provider; gives its path."""
        answer = self.call("POST", PROVIDERS, spec)
        assert answer.status == 201, answer.body
        return f"{PROVIDERS}/{answer.body.decode()}"


def ldap(domain: str = "corp.example.org", **changes: object) -> dict[str, Any]:
    """How a directory is reached."""
    details = {"usersBaseDn": "ou=people", "groupsBaseDn": "ou=groups", "serverEndpoints": ["ldap://dc1.example.org"]}
    given = {"type": "ActiveDirectory", "domainName": domain, "username": "svc", "password": "hidden-2"}
    return {**given, "sourceDetails": details, **changes}


def source(domain: str = "corp.example.org") -> dict[str, Any]:
    """An identity source to add."""
    return {"name": "Corporate", "ldap": ldap(domain)}


def adfs(**changes: object) -> dict[str, Any]:
    """An ADFS provider to add."""
    return {"name": "ADFS", "type": "ActiveDirectory", "ldap": ldap("adfs.example.org"), "oidc": OIDC, **changes}


def okta(**changes: object) -> dict[str, Any]:
    """An Okta provider to add; changes are to its `fedIdpSpec`."""
    directory = {"name": "people", "defaultDomain": "a.example.org", "domains": ["a.example.org", "b.example.org"]}
    return {
        "type": "FEDERATED_IDP_BROKER",
        "fedIdpSpec": {"name": "Okta", "directory": directory, "oidcSpec": OIDC, **changes},
    }
