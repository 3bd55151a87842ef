"""Lists: a list contains what was created, in the API's order, and every item is on exactly one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ..framework.documents import operations
from ..framework.samples import body_example
from ..framework.scim_endpoints import DIRECTORY
from ..framework.session import OpenSession, Session

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("lifecycle")]

ISSUER = "https://issuer.test.example"


@dataclass(frozen=True)
class ListUnderTest:
    """A list at `path`, to which a POST of `body(number)` adds an item.

    `items` names the field of a list's body that contains the items, and `item` the field of a creation's body that
    contains the new item; "" means that the body has no envelope. `query` is needed to read the list at all.
    `page(start, size)` is the query for a page of `size` items from the item at index `start`.
    """

    service: str
    path: str
    body: Callable[[int], Any]
    items: str = ""
    item: str = ""
    query: str = ""
    newest_first: bool = False
    page: Callable[[int, int], str] | None = None

    def read(self, session: Session, page: str = "") -> list[Any]:
        """Returns the ids in the list, or on a page of it."""
        query = "&".join(part for part in (self.query, page) if part)
        response = session.send("GET", self.path + ("?" + query if query else ""))
        assert response.status_code == 200, response.text
        body = response.json()
        return [item["id"] for item in (body[self.items] if self.items else body)]

    def create(self, session: Session, number: int) -> Any:
        """Creates an item and returns its id."""
        response = session.send("POST", self.path, self.body(number))
        assert response.status_code in (200, 201), response.text
        body = response.json()
        return (body[self.item] if self.item else body)["id"]


def from_sample(service: str, operation: str) -> Callable[[int], Any]:
    """Returns a function that makes bodies from an operation's sample, each with another name if it has one."""
    example = body_example(operations(service)[operation])
    return lambda number: {**example, **({"name": f"Contract test {number}"} if "name" in example else {})}


def scim_page(start: int, size: int) -> str:
    return f"startIndex={start + 1}&count={size}"


def netfoundry_page(start: int, size: int) -> str:
    return f"page={start // size}&size={size}"


LISTS: Mapping[str, ListUnderTest] = {
    "netbird-identity-providers": ListUnderTest(
        "netbird", "/api/identity-providers", from_sample("netbird", "createIdentityProvider")
    ),
    "netbird-google": ListUnderTest(
        "netbird", "/api/integrations/google-idp", from_sample("netbird", "createGoogleIntegration")
    ),
    "netbird-azure": ListUnderTest(
        "netbird", "/api/integrations/azure-idp", from_sample("netbird", "createAzureIntegration")
    ),
    "netbird-okta": ListUnderTest("netbird", "/api/integrations/okta-scim-idp", lambda _: {}),
    "jackson-directories": ListUnderTest(
        "jackson",
        "/api/v1/directory-sync",
        lambda number: {"tenant": "boxyhq", "product": "jackson", "name": f"Contract test {number}"},
        items="data",
        item="data",
        query="tenant=boxyhq&product=jackson",
        newest_first=True,
    ),
    "scim-users": ListUnderTest(
        "scim",
        f"{DIRECTORY}/Users",
        lambda number: {"userName": f"contract-{number}@test.example"},
        items="Resources",
        page=scim_page,
    ),
    "scim-groups": ListUnderTest(
        "scim",
        f"{DIRECTORY}/Groups",
        lambda number: {"displayName": f"Contract test {number}"},
        items="Resources",
        page=scim_page,
    ),
    "netfoundry-organizations": ListUnderTest(
        "netfoundry",
        "/identity/v1/organizations",
        lambda number: {"name": "Test", "label": f"CONTRACT-{number}"},
        page=netfoundry_page,
    ),
    "netfoundry-oidc-issuers": ListUnderTest(
        "netfoundry",
        "/identity/v1/oidc-issuers",
        lambda _: {"issuer": ISSUER, "jwksUri": f"{ISSUER}/jwks"},
        page=netfoundry_page,
    ),
}


def parameters(only_paged: bool) -> list[Any]:
    """Returns the lists as parameters of a test, each marked with its service."""
    chosen = [(name, it) for name, it in LISTS.items() if it.page or not only_paged]
    return [pytest.param(it, id=name, marks=pytest.mark.service(it.service)) for name, it in chosen]


@pytest.fixture
def session(open_session: OpenSession, tested: ListUnderTest) -> Session:
    """A session with a deployment in which nobody else changes the list."""
    return open_session(tested.service).require_mock("it needs a list to which nobody else adds")


@pytest.mark.parametrize("tested", parameters(only_paged=False))
def test_what_is_created_is_listed_in_order(session: Session, tested: ListUnderTest) -> None:
    before = tested.read(session)
    created = [tested.create(session, number) for number in range(3)]
    assert len(set(created)) == 3
    assert tested.read(session) == ([*reversed(created), *before] if tested.newest_first else [*before, *created])


@pytest.mark.parametrize("tested", parameters(only_paged=True))
@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_item_is_on_exactly_one_page(session: Session, tested: ListUnderTest, size: int) -> None:
    assert tested.page is not None
    for number in range(3):
        tested.create(session, number)
    every = tested.read(session)
    pages = [tested.read(session, tested.page(start, size)) for start in range(0, len(every) + size, size)]
    assert [key for page in pages for key in page] == every
    assert all(len(page) == size for page in pages[: len(every) // size])
