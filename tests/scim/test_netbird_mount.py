"""SCIM at NetBird: tokens select Okta integrations, whose logs report what was pushed and taken over."""

from __future__ import annotations

import pytest

from mockserver.server import MockServer
from tests.scim.client import Client, path_of


def test_every_push_is_logged(scim: Client) -> None:
    ann = scim.user("ann")
    team = scim.group("Team", ann)
    scim.patch(ann, {"op": "replace", "value": {"active": False}})
    scim.patch(ann, {"op": "replace", "value": {"active": True}})
    scim.patch(ann, {"op": "add", "path": "title", "value": "Boss"})
    scim.patch(team, {"op": "replace", "path": "displayName", "value": "Crew"})
    scim.patch(team, {"op": "remove", "path": "members"})
    scim.call("DELETE", path_of(team))
    scim.call("DELETE", path_of(ann))
    assert scim.logs() == [
        "user ann created",
        "group Team created",
        "user ann added to group Team",
        "user ann deactivated",
        "user ann activated",
        "user ann updated",
        "group Crew updated",
        "user ann removed from group Crew",
        "group Crew deleted",
        "user ann deleted",
    ]


def test_a_push_that_fails_or_changes_nothing_is_not_logged(scim: Client) -> None:
    ann = scim.user("ann")
    scim.call("POST", "/Users", {"userName": "ann"})
    scim.patch(ann, {"op": "replace", "path": "userName", "value": "ann"})
    assert scim.logs() == ["user ann created"]


def test_prefixes_select_the_users_and_groups_that_netbird_takes_over(server: MockServer) -> None:
    client = Client(server, group_prefixes=["Net"], user_group_prefixes=["Vpn"])
    ann = client.user("ann")
    client.group("Network")
    client.group("Vpn users", ann)
    assert client.logs() == [
        "user ann created; not taken over: no prefix matches",
        "group Network created",
        "group Vpn users created; not taken over: no prefix matches",
        "user ann added to group Vpn users",
    ]


def test_members_that_are_no_users_are_not_logged(scim: Client) -> None:
    scim.group("Team", {"id": "nobody"})
    assert scim.logs() == ["group Team created"]


def test_each_integration_has_its_own_directory_and_log(server: MockServer) -> None:
    first, second = Client(server), Client(server)
    first.user("ann")
    assert second.listed()["totalResults"] == 0
    assert second.logs() == []


def test_a_new_token_replaces_the_old_one(scim: Client) -> None:
    scim.user("ann")
    old = scim.token
    scim.token = scim.netbird("POST", f"/{scim.integration['id']}/token")["auth_token"]
    assert scim.names() == ["ann"]
    assert scim.call("GET", "/Users", Authorization=f"Bearer {old}").status == 401


def test_the_token_of_a_disabled_integration_is_invalid_until_it_is_enabled_again(scim: Client) -> None:
    scim.user("ann")
    key = f"/{scim.integration['id']}"
    scim.netbird("PUT", key, {"enabled": False})
    assert scim.call("GET", "/Users").status == 401
    assert scim.call("GET", "/Users", Authorization="Bearer mock-admin").status == 401
    scim.netbird("PUT", key, {"enabled": True})
    assert scim.names() == ["ann"]


def test_deleting_an_integration_invalidates_its_token_and_deletes_its_users_and_groups(scim: Client) -> None:
    scim.group("Team", scim.user("ann"))
    scim.netbird("DELETE", f"/{scim.integration['id']}")
    assert scim.call("GET", "/Users").status == 401
    collections = scim.server.worlds.get("default").export()["collections"]
    assert not collections["scim.users"]
    assert not collections["scim.groups"]


@pytest.mark.parametrize("services", [["netbird", "scim"], ["scim"]])
def test_scim_can_be_served_with_and_without_the_service_that_provides_the_mount(services: list[str]) -> None:
    server = MockServer(services=services, scenario="empty")
    assert "scim" in server.engine.services
