"""The three places where SCIM is mounted, each set up over HTTP as its owner would: a fresh directory and its token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from .exchanges import Answered, Exchange, ask

SCENARIO = "documented-okta"
"""The scenario in which VMware Cloud Foundation has an external provider that is provisioned over SCIM."""

DIRECTORY = "/api/scim/v2.0/58b5cd9dfaa39d47eb8f5f88631f9a629a232016"
"""The directory that Jackson's page documents, where SCIM reaches it."""

ALONE = "it needs a directory to which nobody else writes"


@dataclass(frozen=True)
class Mount:
    """A directory: its SCIM base URL and its bearer token."""

    url: str
    token: str

    def call(self, method: str, path: str, body: Any = None) -> Answered:
        """One exchange below the base URL."""
        return ask(self.url, Exchange(method, path, body, f"Bearer {self.token}"))


@contextmanager
def netbird(url: str) -> Iterator[Mount]:
    """A new Okta integration of NetBird."""
    integrations, administrator = "/api/integrations/okta-scim-idp", "Token mock-admin"
    made = ask(url, Exchange("POST", integrations, {}, administrator)).body
    yield Mount(f"{url}/api/scim/v2", made["auth_token"])
    ask(url, Exchange("DELETE", f"{integrations}/{made['id']}", None, administrator))


@contextmanager
def jackson(url: str) -> Iterator[Mount]:
    """A new directory of Jackson."""
    directories, administrator = "/api/v1/directory-sync", "Api-Key mock-admin"
    body = {"tenant": "scim", "product": "contract"}
    made = ask(url, Exchange("POST", directories, body, administrator)).body["data"]
    yield Mount(made["scim"]["endpoint"], made["scim"]["secret"])
    ask(url, Exchange("DELETE", f"{directories}/{made['id']}", None, administrator))


@contextmanager
def vcf(url: str) -> Iterator[Mount]:
    """A new token for the sync client of VMware Cloud Foundation's external provider; emptied afterwards."""
    providers, administrator = "/v1/identity-providers", "Bearer mock-admin"
    listed = ask(url, Exchange("GET", providers, None, administrator)).body["elements"]
    (external,) = [provider["id"] for provider in listed if "fedIdp" in provider]
    made = ask(url, Exchange("POST", f"{providers}/{external}/sync-client", None, administrator)).body
    mount = Mount(made["scimUrl"], made["token"])
    yield mount
    for kind in ("Users", "Groups"):
        for resource in mount.call("GET", f"/{kind}?attributes=id").body["Resources"]:
            mount.call("DELETE", f"/{kind}/{resource['id']}")


MOUNTS: Mapping[str, Callable[[str], AbstractContextManager[Mount]]] = {
    "netbird": netbird,
    "jackson": jackson,
    "vcf": vcf,
}
