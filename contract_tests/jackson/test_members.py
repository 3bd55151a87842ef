"""Users, groups and memberships that an identity provider has pushed, as the application reads them."""

from __future__ import annotations

from typing import Any

import pytest

from ..framework.session import OpenSession, Session

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("lifecycle"), pytest.mark.service("jackson")]

DIRECTORIES = "/api/v1/directory-sync"
NAMES = ("zoe", "ann", "max")


class PushedDirectory:
    """A directory of a new tenant with three users and three groups. Two of the users are in the first group."""

    def __init__(self, session: Session) -> None:
        self.session = session
        created = session.send("POST", DIRECTORIES, {"tenant": "pages", "product": "contract"})
        self.directory = created.json()["data"]
        self.users = [self.push("Users", {"userName": f"{name}@test.example"}) for name in NAMES]
        members = [{"value": key} for key in self.users[:2]]
        self.groups = [self.push("Groups", {"displayName": NAMES[0], "members": members})]
        self.groups += [self.push("Groups", {"displayName": name}) for name in NAMES[1:]]

    def push(self, resource_type: str, body: Any) -> Any:
        """Pushes a new resource and returns its id."""
        headers = {"Authorization": f"Bearer {self.directory['scim']['secret']}"}
        response = self.session.send("POST", f"{self.directory['scim']['path']}/{resource_type}", body, headers)
        assert response.status_code == 201, response.text
        return response.json()["id"]

    def read(self, path: str, query: str = "") -> Any:
        """Reads a list of the directory."""
        response = self.session.send("GET", f"{DIRECTORIES}{path}?tenant=pages&product=contract{query}")
        assert response.status_code == 200, response.text
        return response.json()["data"]


@pytest.fixture
def pushed(open_session: OpenSession) -> PushedDirectory:
    """A directory with pushed users and groups."""
    session = open_session("jackson").require_mock("it needs SCIM, and where the deployment serves that is not known")
    return PushedDirectory(session)


@pytest.mark.parametrize("collection", ["users", "groups"])
def test_lists_contain_what_was_pushed_newest_first(pushed: PushedDirectory, collection: str) -> None:
    every = [record["id"] for record in pushed.read(f"/{collection}")]
    assert every == {"users": pushed.users, "groups": pushed.groups}[collection][::-1]
    for size in (1, 2):
        pages = [pushed.read(f"/{collection}", f"&pageOffset={start}&pageLimit={size}") for start in range(0, 4, size)]
        assert [record["id"] for page in pages for record in page] == every
        assert len(pages[0]) == size


def test_a_group_has_the_members_that_were_pushed(pushed: PushedDirectory) -> None:
    members = pushed.read(f"/groups/{pushed.groups[0]}/members")
    assert sorted(member["user_id"] for member in members) == sorted(pushed.users[:2])
    assert pushed.read(f"/groups/{pushed.groups[1]}/members") == []


def test_a_changed_webhook_is_returned_by_the_update_and_by_later_reads(pushed: PushedDirectory) -> None:
    path = f"{DIRECTORIES}/{pushed.directory['id']}"
    webhook = {"webhook_url": "https://app.test.example/hook", "webhook_secret": "hush"}
    changed = pushed.session.send("PATCH", path, webhook).json()["data"]
    assert changed["webhook"] == {"endpoint": webhook["webhook_url"], "secret": webhook["webhook_secret"]}
    assert pushed.session.send("GET", path).json()["data"] == changed


def test_another_product_or_tenant_sees_nothing(pushed: PushedDirectory) -> None:
    response = pushed.session.send("GET", f"{DIRECTORIES}?tenant=pages&product=other")
    assert response.json()["data"] == []
    for tenant, product in (("other", "contract"), ("pages", "other")):
        response = pushed.session.send("GET", f"{DIRECTORIES}/users?tenant={tenant}&product={product}")
        assert response.status_code == 404 or response.json()["data"] == []


def test_directories_of_a_product_are_paged_newest_first(pushed: PushedDirectory) -> None:
    for number in range(2):
        created = pushed.session.send("POST", DIRECTORIES, {"tenant": f"t{number}", "product": "contract"})
        assert created.status_code == 201
    path = f"{DIRECTORIES}/product?product=contract"
    tenants = [it["tenant"] for it in pushed.session.send("GET", path).json()["data"]]
    assert tenants == ["t1", "t0", "pages"]
    for size in (1, 2):
        pages = [
            pushed.session.send("GET", f"{path}&pageOffset={start}&pageLimit={size}").json()["data"]
            for start in range(0, 4, size)
        ]
        assert [it["tenant"] for page in pages for it in page] == tenants
        assert len(pages[0]) == size
