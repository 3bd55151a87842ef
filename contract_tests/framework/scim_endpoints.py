"""The mock's three SCIM endpoints: each gets a new directory and a token over HTTP, as its owner would get them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from .plain_http import JsonResponse, send

SCENARIO = "documented-okta"
"""The scenario in which VMware Cloud Foundation has an external provider that is provisioned over SCIM."""

DIRECTORY = "/api/scim/v2.0/58b5cd9dfaa39d47eb8f5f88631f9a629a232016"
"""The SCIM path of the directory that Jackson's page documents."""

NEEDS_OWN_DIRECTORY = "it needs a directory to which nobody else writes"


@dataclass(frozen=True)
class ScimEndpoint:
    """A directory's SCIM base URL and its bearer token."""

    url: str
    token: str

    def send(self, method: str, path: str, body: Any = None) -> JsonResponse:
        """Sends a request to a path below the base URL."""
        return send(self.url, method, path, body, f"Bearer {self.token}")


@contextmanager
def netbird(url: str) -> Iterator[ScimEndpoint]:
    """Creates an Okta integration of NetBird, and deletes it afterwards."""
    integrations, administrator = "/api/integrations/okta-scim-idp", "Token mock-admin"
    integration = send(url, "POST", integrations, {}, administrator).body
    yield ScimEndpoint(f"{url}/api/scim/v2", integration["auth_token"])
    send(url, "DELETE", f"{integrations}/{integration['id']}", None, administrator)


@contextmanager
def jackson(url: str) -> Iterator[ScimEndpoint]:
    """Creates a directory of Jackson, and deletes it afterwards."""
    directories, administrator = "/api/v1/directory-sync", "Api-Key mock-admin"
    body = {"tenant": "scim", "product": "contract"}
    directory = send(url, "POST", directories, body, administrator).body["data"]
    yield ScimEndpoint(directory["scim"]["endpoint"], directory["scim"]["secret"])
    send(url, "DELETE", f"{directories}/{directory['id']}", None, administrator)


@contextmanager
def vcf(url: str) -> Iterator[ScimEndpoint]:
    """Generates a token for VMware Cloud Foundation's external provider, and empties its directory afterwards."""
    providers, administrator = "/v1/identity-providers", "Bearer mock-admin"
    elements = send(url, "GET", providers, None, administrator).body["elements"]
    (external,) = [provider["id"] for provider in elements if "fedIdp" in provider]
    client = send(url, "POST", f"{providers}/{external}/sync-client", None, administrator).body
    endpoint = ScimEndpoint(client["scimUrl"], client["token"])
    yield endpoint
    for resource_type in ("Users", "Groups"):
        for resource in endpoint.send("GET", f"/{resource_type}?attributes=id").body["Resources"]:
            endpoint.send("DELETE", f"/{resource_type}/{resource['id']}")


ENDPOINTS: Mapping[str, Callable[[str], AbstractContextManager[ScimEndpoint]]] = {
    "netbird": netbird,
    "jackson": jackson,
    "vcf": vcf,
}
