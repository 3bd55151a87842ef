"""A SCIM resource from outside: where it is, which version it has, and what conditional requests do to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ..framework.deployment import Deployment
from ..framework.scim_mounts import ALONE, DIRECTORY

pytestmark = [pytest.mark.once, pytest.mark.proves("lifecycle"), pytest.mark.service("scim")]

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
ANN = {
    "userName": "ann@test.example",
    "externalId": "x-ann",
    "name": {"givenName": "Ann", "familyName": "Test"},
    "active": True,
}


@pytest.fixture
def scim(deployment_of: Callable[[str], Deployment]) -> Deployment:
    """A directory."""
    return deployment_of("scim").fresh().only_mock(ALONE)


def created(scim: Deployment, kind: str, body: Any) -> Any:
    """A new resource, as it is answered."""
    answer = scim.send("POST", f"{DIRECTORY}/{kind}", body)
    assert answer.status_code == 201, answer.text
    assert scim.send("GET", answer.headers["location"].removeprefix(scim.url)).json() == answer.json()
    assert answer.headers["location"] == answer.json()["meta"]["location"]
    return answer.json()


def test_a_resource_keeps_what_it_was_given(scim: Deployment) -> None:
    assert ANN.items() <= created(scim, "Users", ANN).items()
    assert "password" not in created(scim, "Users", {"userName": "bob", "password": "t1meMa$heen"})
    ann = created(scim, "Users", {**ANN, "userName": "eve"})
    group = created(scim, "Groups", {"displayName": "Testers", "members": [{"value": ann["id"]}]})
    assert (group["displayName"], [it["value"] for it in group["members"]]) == ("Testers", [ann["id"]])
    path = f"{DIRECTORY}/Groups/{group['id']}"
    assert "members" not in scim.send("PUT", path, {"displayName": "Testers"}).json()
    again = scim.send("PUT", path, {"displayName": "Testers", "members": [{"value": ann["id"]}]}).json()
    assert [it["value"] for it in again["members"]] == [ann["id"]]


def test_a_taken_name_is_refused_and_nothing_is_made(scim: Deployment) -> None:
    created(scim, "Users", ANN)
    before = scim.state()
    refused = scim.send("POST", f"{DIRECTORY}/Users", ANN)
    assert (refused.status_code, refused.json()["scimType"], refused.json()["status"]) == (409, "uniqueness", "409")
    assert scim.state() == before


def test_a_version_changes_with_the_resource_and_guards_it(scim: Deployment) -> None:
    ann = created(scim, "Users", ANN)
    path = f"{DIRECTORY}/Users/{ann['id']}"
    old = scim.send("GET", path).headers["etag"]
    assert old == ann["meta"]["version"]
    unchanged = scim.send("GET", path, headers={"If-None-Match": old})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    change = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    changed = scim.send("PATCH", path, change)
    assert changed.status_code == 200
    assert changed.json() == scim.send("GET", path).json()
    assert changed.headers["etag"] != old
    before = scim.state()
    for method, body in (("PUT", ANN), ("PATCH", change), ("DELETE", None)):
        assert scim.send(method, path, body, headers={"If-Match": old}).status_code == 412
    assert scim.state() == before


def test_a_deleted_resource_is_gone_for_everybody(scim: Deployment) -> None:
    ann = created(scim, "Users", ANN)
    group = created(scim, "Groups", {"displayName": "Testers", "members": [{"value": ann["id"]}]})
    path = f"{DIRECTORY}/Users/{ann['id']}"
    assert scim.send("GET", path).json()["groups"][0]["value"] == group["id"]
    assert scim.send("DELETE", path).status_code == 204
    assert scim.send("GET", path).status_code == scim.send("DELETE", path).status_code == 404
    assert "members" not in scim.send("GET", f"{DIRECTORY}/Groups/{group['id']}").json()


def test_bulk_answers_each_of_its_operations(scim: Deployment) -> None:
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "one", "data": ANN},
        {"method": "POST", "path": "/Groups", "bulkId": "two", "data": {"displayName": "Testers"}},
        {"method": "DELETE", "path": "/Users/nobody"},
    ]
    answer = scim.send("POST", f"{DIRECTORY}/Bulk", {"schemas": [BULK], "Operations": operations})
    assert answer.status_code == 200, answer.text
    told = answer.json()["Operations"]
    assert [it["status"] for it in told] == ["201", "201", "404"]
    assert [it.get("bulkId") for it in told] == ["one", "two", None]
    assert scim.send("GET", told[0]["location"].removeprefix(scim.url)).json()["userName"] == ANN["userName"]
