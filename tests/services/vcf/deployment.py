"""A deployment of VMware Cloud Foundation to call, and bodies to send."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import Any

import orjson

from mockserver import MockServer
from mockserver.core.messages import Headers, Request, Response
from mockserver.worlds.world import World

ORIGIN = "http://127.0.0.1:8080"
PROVIDERS = "/v1/identity-providers"
START = 1_700_000_000 * 1_000_000_000
"""The instant at which the clock of every deployment is frozen, in nanoseconds since 1970."""

PEM = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIBBzAKBggqhkjO\n-----END CERTIFICATE-----\n"
OIDC = {"clientId": "client", "clientSecret": "hidden-1", "discoveryEndpoint": "https://login.example.org/oidc"}


@cache
def shared_server() -> MockServer:
    """Returns the one server of all deployments, each of which is a world of its own."""
    return MockServer(services=("vcf", "scim"))


class Deployment:
    """A new world of the scenario, called without a network. `base` is the URL of the world."""

    numbers = count(1)

    def __init__(self, scenario: str = "empty", options: Mapping[str, Any] | None = None) -> None:
        name = f"deployment-{next(self.numbers)}"
        self.server = shared_server()
        self.world: World = self.server.worlds.create(name, scenario, now=START, options=options)
        self.base = f"{ORIGIN}/_mock/w/{name}"

    def send(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Response:
        """Sends a request to this world and returns the response."""
        named = Headers({**headers, "X-Mock-World": self.world.name})
        return self.server.handle(Request(method, path, named, content, ORIGIN))

    def call(self, method: str, path: str, body: object = None, credential: str | None = "mock-admin") -> Response:
        """Sends a request with a JSON body and a bearer token and returns the response."""
        headers = {} if credential is None else {"Authorization": f"Bearer {credential}"}
        content = b"" if body is None else orjson.dumps(body)
        if body is not None:
            headers["Content-Type"] = "application/json"
        return self.send(method, path, headers, content)

    def pass_time(self, seconds: float) -> None:
        """Advances the clock."""
        self.world.set_clock(self.world.clock.frozen_at(self.world.clock.now() + int(seconds * 1_000_000_000)))

    def list(self) -> list[Any]:
        """Returns all listed providers."""
        elements: list[Any] = self.call("GET", PROVIDERS).json()["elements"]
        return elements

    def embedded(self) -> str:
        """Returns the path of the embedded provider."""
        return f"{PROVIDERS}/{self.list()[0]['id']}"

    def add(self, spec: object) -> str:
        """Adds an external provider and returns its path."""
        answer = self.call("POST", PROVIDERS, spec)
        assert answer.status == 201, answer.body
        return f"{PROVIDERS}/{answer.body.decode()}"


def ldap(domain: str = "corp.example.org", **changes: object) -> dict[str, Any]:
    """Returns the `ldap` member of a specification."""
    details = {"usersBaseDn": "ou=people", "groupsBaseDn": "ou=groups", "serverEndpoints": ["ldap://dc1.example.org"]}
    given = {"type": "ActiveDirectory", "domainName": domain, "username": "svc", "password": "hidden-2"}
    return {**given, "sourceDetails": details, **changes}


def source(domain: str = "corp.example.org") -> dict[str, Any]:
    """Returns the specification of an identity source."""
    return {"name": "Corporate", "ldap": ldap(domain)}


def adfs(**changes: object) -> dict[str, Any]:
    """Returns the specification of an ADFS provider."""
    return {"name": "ADFS", "type": "ActiveDirectory", "ldap": ldap("adfs.example.org"), "oidc": OIDC, **changes}


def okta(**changes: object) -> dict[str, Any]:
    """Returns the specification of an Okta provider with these changes of its `fedIdpSpec`."""
    directory = {"name": "people", "defaultDomain": "a.example.org", "domains": ["a.example.org", "b.example.org"]}
    return {
        "type": "FEDERATED_IDP_BROKER",
        "fedIdpSpec": {"name": "Okta", "directory": directory, "oidcSpec": OIDC, **changes},
    }
