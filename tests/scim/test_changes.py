"""Creating, replacing, patching and deleting users and groups."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.server import MockServer
from tests.scim.client import Client, path_of


def test_a_created_user_is_found_and_a_deleted_one_is_404(scim: Client) -> None:
    ann = scim.user("ann", externalId="x1")
    assert scim.call("GET", path_of(ann)).json() == ann
    assert scim.listed(filter='userName eq "ANN"')["Resources"] == [ann]
    assert scim.listed(filter='externalId eq "x1"')["Resources"] == [ann]
    assert scim.call("DELETE", path_of(ann)).status == 204
    assert scim.call("GET", path_of(ann)).status == 404
    assert scim.call("DELETE", path_of(ann)).status == 404
    assert scim.listed()["totalResults"] == 0


def test_a_created_user_has_a_location_and_a_version(scim: Client) -> None:
    response = scim.call("POST", "/Users", {"userName": "ann"})
    meta = response.json()["meta"]
    assert response.header("Location") == meta["location"]
    assert response.header("ETag") == meta["version"]
    assert meta["location"].endswith(f"/api/scim/v2/Users/{response.json()['id']}")


def test_a_location_leads_back_to_the_world_of_the_caller(server: MockServer) -> None:
    client = Client(server)
    server.worlds.create("w1", "default")
    response = client.call("POST", "/Users", {"userName": "ann"}, X_Mock_World="w1")
    assert "/_mock/w/w1/api/scim/v2/Users/" in response.json()["meta"]["location"]
    assert client.listed()["totalResults"] == 0


@pytest.mark.parametrize("name", ["ann", "ANN"])
def test_a_user_name_is_unique_in_any_case(scim: Client, name: str) -> None:
    scim.user("ann")
    response = scim.call("POST", "/Users", {"userName": name})
    assert response.status == 409
    assert response.json()["scimType"] == "uniqueness"
    assert scim.listed()["totalResults"] == 1


def test_renaming_a_user_to_a_taken_name_is_a_conflict(scim: Client) -> None:
    scim.user("ann")
    bob = scim.user("bob")
    assert scim.call("PUT", path_of(bob), {"userName": "Ann"}).status == 409
    assert scim.patch(bob, {"op": "replace", "path": "userName", "value": "Ann"}).status == 409
    assert scim.call("GET", path_of(bob)).json() == bob


def test_the_case_of_a_users_own_name_can_change(scim: Client) -> None:
    ann = scim.user("ann")
    assert scim.call("PUT", path_of(ann), {"userName": "Ann"}).json()["userName"] == "Ann"


def test_two_directories_may_have_the_same_user_name(server: MockServer) -> None:
    first, second = Client(server), Client(server)
    ann = first.user("ann")
    second.user("ann")
    assert second.call("GET", path_of(ann)).status == 404
    assert second.listed(filter=f'id eq "{ann["id"]}"')["totalResults"] == 0


def test_put_clears_attributes_that_the_body_lacks(scim: Client) -> None:
    ann = scim.user("ann", title="Boss", active=False)
    replaced = scim.call("PUT", path_of(ann), {"userName": "ann"}).json()
    assert "title" not in replaced
    assert "active" not in replaced


def test_only_a_real_change_raises_the_version(scim: Client) -> None:
    ann = scim.user("ann", title="Boss")
    same = scim.patch(ann, {"op": "replace", "path": "title", "value": "Boss"}).json()
    other = scim.patch(ann, {"op": "replace", "path": "title", "value": "Chief"}).json()
    assert same["meta"] == ann["meta"]
    assert other["meta"]["version"] != ann["meta"]["version"]
    assert other["meta"]["created"] == ann["meta"]["created"]


def test_an_invalid_operation_undoes_the_preceding_ones(scim: Client) -> None:
    ann = scim.user("ann")
    refused = scim.patch(
        ann, {"op": "add", "path": "title", "value": "Boss"}, {"op": "add", "path": "hat", "value": "blue"}
    )
    assert refused.status == 400
    assert scim.call("GET", path_of(ann)).json() == ann


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_of_another_version_is_412(scim: Client, method: str) -> None:
    ann = scim.user("ann")
    bodies: dict[str, Any] = {
        "PUT": {"userName": "ann", "title": "x"},
        "PATCH": {"Operations": [{"op": "add", "path": "title", "value": "x"}]},
        "DELETE": None,
    }
    refused = scim.call(method, path_of(ann), bodies[method], If_Match='W/"99"')
    assert refused.status == 412
    assert scim.call("GET", path_of(ann)).json() == ann
    assert scim.call(method, path_of(ann), bodies[method], If_Match=ann["meta"]["version"]).status in (200, 204)


def test_a_version_that_the_caller_has_is_304(scim: Client) -> None:
    ann = scim.user("ann")
    response = scim.call("GET", path_of(ann), If_None_Match=ann["meta"]["version"])
    assert (response.status, response.body) == (304, b"")
    assert scim.call("GET", path_of(ann), If_None_Match='W/"99"').status == 200


def test_a_password_is_accepted_and_neither_returned_nor_stored(scim: Client) -> None:
    ann = scim.user("ann", password="s3cret-s3cret")
    scim.patch(ann, {"op": "replace", "path": "password", "value": "s3cret-again"})
    assert "s3cret" not in json.dumps(scim.server.worlds.get("default").export())


def test_names_are_read_in_any_case(scim: Client) -> None:
    ann = scim.create("Users", USERNAME="ann", Name={"GIVENNAME": "Ann"})
    assert (ann["userName"], ann["name"]) == ("ann", {"givenName": "Ann"})
    changed = scim.call("PATCH", path_of(ann), {"operations": [{"OP": "Add", "Path": "TITLE", "Value": "Boss"}]})
    assert changed.json()["title"] == "Boss"


def test_a_name_in_two_spellings_is_400(scim: Client) -> None:
    assert scim.call("POST", "/Users", {"userName": "ann", "username": "bob"}).status == 400


def test_a_user_contains_its_groups(scim: Client) -> None:
    ann = scim.user("ann")
    team = scim.group("Team", ann)
    (membership,) = scim.call("GET", path_of(ann)).json()["groups"]
    assert membership == {"value": team["id"], "$ref": team["meta"]["location"], "display": "Team", "type": "direct"}
    assert scim.names(filter=f'groups.value eq "{team["id"]}"') == ["ann"]


def test_deleting_a_user_removes_it_from_its_groups(scim: Client) -> None:
    ann, bob = scim.user("ann"), scim.user("bob")
    team = scim.group("Team", ann, bob)
    scim.call("DELETE", path_of(ann))
    left = scim.call("GET", path_of(team)).json()
    assert left["members"] == [{"value": bob["id"]}]
    assert left["meta"]["version"] != team["meta"]["version"]


def test_groups_can_be_members_and_members_need_not_exist(scim: Client) -> None:
    inner = scim.group("Inner")
    outer = scim.group("Outer", inner, {"id": "nobody"})
    assert [member["value"] for member in outer["members"]] == [inner["id"], "nobody"]
    assert scim.listed("Groups", filter=f'members eq "{inner["id"]}"')["totalResults"] == 1


def test_two_groups_may_have_the_same_name(scim: Client) -> None:
    scim.group("Team")
    scim.group("Team")
    assert scim.listed("Groups", filter='displayName eq "team"')["totalResults"] == 2
