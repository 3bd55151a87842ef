"""What an identity provider pushed to a directory, page by page, as the application reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ..framework.deployment import Deployment

pytestmark = [pytest.mark.once, pytest.mark.proves("lifecycle"), pytest.mark.service("jackson")]

DIRECTORIES = "/api/v1/directory-sync"
NAMES = ("zoe", "ann", "max")


class Pushed:
    """A directory of an own tenant with three users and three groups, the first of which has two of them."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        made = deployment.send("POST", DIRECTORIES, {"tenant": "pages", "product": "contract"})
        self.directory = made.json()["data"]
        self.users = [self.push("Users", {"userName": f"{name}@test.example"}) for name in NAMES]
        members = [{"value": key} for key in self.users[:2]]
        self.groups = [self.push("Groups", {"displayName": NAMES[0], "members": members})]
        self.groups += [self.push("Groups", {"displayName": name}) for name in NAMES[1:]]

    def push(self, kind: str, body: Any) -> Any:
        """A new resource's id."""
        headers = {"Authorization": f"Bearer {self.directory['scim']['secret']}"}
        answer = self.deployment.send("POST", f"{self.directory['scim']['path']}/{kind}", body, headers)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def read(self, path: str, query: str = "") -> Any:
        """The data of a list."""
        answer = self.deployment.send("GET", f"{DIRECTORIES}{path}?tenant=pages&product=contract{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


@pytest.fixture
def pushed(deployment_of: Callable[[str], Deployment]) -> Pushed:
    """A directory that has been pushed to."""
    deployment = deployment_of("jackson").fresh().only_mock("whether it takes SCIM at the same place is not known")
    return Pushed(deployment)


@pytest.mark.parametrize("kind", ["users", "groups"])
def test_lists_hold_what_was_pushed_in_order_each_on_one_page(pushed: Pushed, kind: str) -> None:
    every = [record["id"] for record in pushed.read(f"/{kind}")]
    assert every == {"users": pushed.users, "groups": pushed.groups}[kind][::-1]
    for size in (1, 2):
        pages = [pushed.read(f"/{kind}", f"&pageOffset={start}&pageLimit={size}") for start in range(0, 4, size)]
        assert [record["id"] for page in pages for record in page] == every
        assert len(pages[0]) == size


def test_a_group_has_the_members_that_were_pushed(pushed: Pushed) -> None:
    members = pushed.read(f"/groups/{pushed.groups[0]}/members")
    assert sorted(member["user_id"] for member in members) == sorted(pushed.users[:2])
    assert pushed.read(f"/groups/{pushed.groups[1]}/members") == []


def test_a_changed_webhook_shows_at_once_and_later(pushed: Pushed) -> None:
    path = f"{DIRECTORIES}/{pushed.directory['id']}"
    webhook = {"webhook_url": "https://app.test.example/hook", "webhook_secret": "hush"}
    changed = pushed.deployment.send("PATCH", path, webhook).json()["data"]
    assert changed["webhook"] == {"endpoint": webhook["webhook_url"], "secret": webhook["webhook_secret"]}
    assert pushed.deployment.send("GET", path).json()["data"] == changed


def test_another_product_sees_nothing(pushed: Pushed) -> None:
    answer = pushed.deployment.send("GET", f"{DIRECTORIES}?tenant=pages&product=other")
    assert answer.json()["data"] == []
    for tenant, product in (("other", "contract"), ("pages", "other")):
        answer = pushed.deployment.send("GET", f"{DIRECTORIES}/users?tenant={tenant}&product={product}")
        assert answer.status_code == 404 or answer.json()["data"] == []


def test_directories_of_a_product_are_paged_newest_first(pushed: Pushed) -> None:
    for number in range(2):
        made = pushed.deployment.send("POST", DIRECTORIES, {"tenant": f"t{number}", "product": "contract"})
        assert made.status_code == 201
    path = f"{DIRECTORIES}/product?product=contract"
    tenants = [it["tenant"] for it in pushed.deployment.send("GET", path).json()["data"]]
    assert tenants == ["t1", "t0", "pages"]
    for size in (1, 2):
        pages = [
            pushed.deployment.send("GET", f"{path}&pageOffset={start}&pageLimit={size}").json()["data"]
            for start in range(0, 4, size)
        ]
        assert [it["tenant"] for page in pages for it in page] == tenants
        assert len(pages[0]) == size
