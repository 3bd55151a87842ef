"""Lists: what was created is in them, in the order that the API has, and each item is on exactly one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ..framework.deployment import Deployment
from ..framework.documents import body_example, operations
from ..framework.scim_mounts import DIRECTORY

pytestmark = [pytest.mark.once, pytest.mark.proves("lifecycle")]

SCOPE = "tenant=boxyhq&product=jackson"
SITE = "https://issuer.test.example"


@dataclass(frozen=True)
class Listed:
    """A list at `path`; `body` gives the body of a POST to it, number by number, that makes an item.

    `items` names the member of the answer that holds them, and `record` the one of a creation's that holds the new one,
    "" where it comes bare. `page(start, size)` is the query for so many from the one at that place, counted from 0.
    """

    service: str
    path: str
    body: Callable[[int], Any]
    items: str = ""
    record: str = ""
    query: str = ""
    newest_first: bool = False
    page: Callable[[int, int], str] | None = None

    def read(self, deployment: Deployment, query: str = "") -> list[Any]:
        """The ids in the list."""
        asked = "&".join(part for part in (self.query, query) if part)
        answer = deployment.send("GET", self.path + ("?" + asked if asked else ""))
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return [item["id"] for item in (body[self.items] if self.items else body)]

    def create(self, deployment: Deployment, number: int) -> Any:
        """A new item's id."""
        answer = deployment.send("POST", self.path, self.body(number))
        assert answer.status_code in (200, 201), answer.text
        body = answer.json()
        return (body[self.record] if self.record else body)["id"]


def sampled(service: str, operation: str) -> Callable[[int], Any]:
    """Bodies that differ from an operation's sample in the name at most."""
    example = body_example(operations(service)[operation])
    return lambda number: {**example, **({"name": f"Contract test {number}"} if "name" in example else {})}


def scim_page(start: int, size: int) -> str:
    return f"startIndex={start + 1}&count={size}"


def netfoundry_page(start: int, size: int) -> str:
    return f"page={start // size}&size={size}"


LISTS: Mapping[str, Listed] = {
    "netbird-identity-providers": Listed(
        "netbird", "/api/identity-providers", sampled("netbird", "createIdentityProvider")
    ),
    "netbird-google": Listed("netbird", "/api/integrations/google-idp", sampled("netbird", "createGoogleIntegration")),
    "netbird-azure": Listed("netbird", "/api/integrations/azure-idp", sampled("netbird", "createAzureIntegration")),
    "netbird-okta": Listed("netbird", "/api/integrations/okta-scim-idp", lambda _: {}),
    "jackson-directories": Listed(
        "jackson",
        "/api/v1/directory-sync",
        lambda number: {"tenant": "boxyhq", "product": "jackson", "name": f"Contract test {number}"},
        items="data",
        record="data",
        query=SCOPE,
        newest_first=True,
    ),
    "scim-users": Listed(
        "scim",
        f"{DIRECTORY}/Users",
        lambda number: {"userName": f"contract-{number}@test.example"},
        items="Resources",
        page=scim_page,
    ),
    "scim-groups": Listed(
        "scim",
        f"{DIRECTORY}/Groups",
        lambda number: {"displayName": f"Contract test {number}"},
        items="Resources",
        page=scim_page,
    ),
    "netfoundry-organizations": Listed(
        "netfoundry",
        "/identity/v1/organizations",
        lambda number: {"name": "Test", "label": f"CONTRACT-{number}"},
        page=netfoundry_page,
    ),
    "netfoundry-oidc-issuers": Listed(
        "netfoundry",
        "/identity/v1/oidc-issuers",
        lambda _: {"issuer": SITE, "jwksUri": f"{SITE}/jwks"},
        page=netfoundry_page,
    ),
}


def parameters(paged: bool) -> list[Any]:
    """Each list as a test of its service; only those with pages."""
    chosen = [(name, it) for name, it in LISTS.items() if it.page or not paged]
    return [pytest.param(it, id=name, marks=pytest.mark.service(it.service)) for name, it in chosen]


@pytest.fixture
def alone(deployment_of: Callable[[str], Deployment], listed: Listed) -> Deployment:
    """A deployment whose list nobody else changes."""
    return deployment_of(listed.service).fresh().only_mock("it needs a list to which nobody else adds")


@pytest.mark.parametrize("listed", parameters(paged=False))
def test_what_is_created_is_listed_in_order(alone: Deployment, listed: Listed) -> None:
    before = listed.read(alone)
    made = [listed.create(alone, number) for number in range(3)]
    assert len(set(made)) == 3
    assert listed.read(alone) == ([*reversed(made), *before] if listed.newest_first else [*before, *made])


@pytest.mark.parametrize("listed", parameters(paged=True))
@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_item_is_on_exactly_one_page(alone: Deployment, listed: Listed, size: int) -> None:
    assert listed.page is not None
    for number in range(3):
        listed.create(alone, number)
    every = listed.read(alone)
    pages = [listed.read(alone, listed.page(start, size)) for start in range(0, len(every) + size, size)]
    assert [key for page in pages for key in page] == every
    assert all(len(page) == size for page in pages[: len(every) // size])
