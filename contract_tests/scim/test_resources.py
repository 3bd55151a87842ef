"""SCIM resources: their locations and versions, conditional requests, deletion, and bulk requests."""

from __future__ import annotations

from typing import Any

import pytest

from ..framework.scim_endpoints import DIRECTORY, NEEDS_OWN_DIRECTORY
from ..framework.session import OpenSession, Session

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("lifecycle"), pytest.mark.service("scim")]

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
ANN = {
    "userName": "ann@test.example",
    "externalId": "x-ann",
    "name": {"givenName": "Ann", "familyName": "Test"},
    "active": True,
}


@pytest.fixture
def scim(open_session: OpenSession) -> Session:
    """A session with a directory."""
    return open_session("scim").require_mock(NEEDS_OWN_DIRECTORY)


def create(scim: Session, endpoint: str, body: Any) -> Any:
    """Creates a resource and returns it as it is in the response."""
    response = scim.send("POST", f"{DIRECTORY}/{endpoint}", body)
    assert response.status_code == 201, response.text
    assert scim.send("GET", response.headers["location"].removeprefix(scim.url)).json() == response.json()
    assert response.headers["location"] == response.json()["meta"]["location"]
    return response.json()


def test_a_resource_has_what_was_sent_but_no_password(scim: Session) -> None:
    assert ANN.items() <= create(scim, "Users", ANN).items()
    assert "password" not in create(scim, "Users", {"userName": "bob", "password": "t1meMa$heen"})
    ann = create(scim, "Users", {**ANN, "userName": "eve"})
    group = create(scim, "Groups", {"displayName": "Testers", "members": [{"value": ann["id"]}]})
    assert (group["displayName"], [it["value"] for it in group["members"]]) == ("Testers", [ann["id"]])
    path = f"{DIRECTORY}/Groups/{group['id']}"
    assert "members" not in scim.send("PUT", path, {"displayName": "Testers"}).json()
    again = scim.send("PUT", path, {"displayName": "Testers", "members": [{"value": ann["id"]}]}).json()
    assert [it["value"] for it in again["members"]] == [ann["id"]]


def test_a_name_that_is_taken_is_refused_and_nothing_is_created(scim: Session) -> None:
    create(scim, "Users", ANN)
    before = scim.state()
    refused = scim.send("POST", f"{DIRECTORY}/Users", ANN)
    assert (refused.status_code, refused.json()["scimType"], refused.json()["status"]) == (409, "uniqueness", "409")
    assert scim.state() == before


def test_a_version_changes_with_the_resource_and_an_old_one_prevents_writes(scim: Session) -> None:
    ann = create(scim, "Users", ANN)
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


def test_a_deleted_user_is_gone_from_its_group_too(scim: Session) -> None:
    ann = create(scim, "Users", ANN)
    group = create(scim, "Groups", {"displayName": "Testers", "members": [{"value": ann["id"]}]})
    path = f"{DIRECTORY}/Users/{ann['id']}"
    assert scim.send("GET", path).json()["groups"][0]["value"] == group["id"]
    assert scim.send("DELETE", path).status_code == 204
    assert scim.send("GET", path).status_code == scim.send("DELETE", path).status_code == 404
    assert "members" not in scim.send("GET", f"{DIRECTORY}/Groups/{group['id']}").json()


def test_bulk_returns_a_result_for_each_operation(scim: Session) -> None:
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "one", "data": ANN},
        {"method": "POST", "path": "/Groups", "bulkId": "two", "data": {"displayName": "Testers"}},
        {"method": "DELETE", "path": "/Users/nobody"},
    ]
    response = scim.send("POST", f"{DIRECTORY}/Bulk", {"schemas": [BULK], "Operations": operations})
    assert response.status_code == 200, response.text
    results = response.json()["Operations"]
    assert [it["status"] for it in results] == ["201", "201", "404"]
    assert [it.get("bulkId") for it in results] == ["one", "two", None]
    assert scim.send("GET", results[0]["location"].removeprefix(scim.url)).json()["userName"] == ANN["userName"]
