"""Every identity provider pushes to a SCIM directory of the mock."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.provision.dialects import DIALECTS
from mockserver.provision.identity_provider import IdentityProvider, ScimRefusal, ScimRequest, ScimResponse
from mockserver.provision.plan import Person, PlannedAction, generate_plan
from tests.scim.client import Client, empty_server

ANN = Person("ann@example.com", "Ann", "Lee", "Buyer", "Sales")
BOB = Person("bob@example.com", "Bob", "Ek", "Buyer", "Sales")


class Scene:
    """An identity provider, the directory it pushes to, and the requests it has sent."""

    def __init__(self, dialect: str) -> None:
        self.client = Client(empty_server())
        self.provider = IdentityProvider(DIALECTS[dialect])
        self.requests: list[ScimRequest] = []

    def play(self, *actions: PlannedAction) -> None:
        for action in actions:
            self.provider.play(action, self._carry)

    def _carry(self, request: ScimRequest) -> ScimResponse:
        self.requests.append(request)
        response = self.client.call(request.method, request.path, request.body)
        return ScimResponse(response.status, response.json() if response.body else None)

    def user(self, person: Person) -> Any:
        found = self.client.listed(filter=f"userName eq {json.dumps(person.user_name)}")["Resources"]
        return found[0] if found else None

    def members(self, group: str) -> set[str]:
        (found,) = self.client.listed("Groups", filter=f"displayName eq {json.dumps(group)}")["Resources"]
        keys = {member["value"] for member in found.get("members", [])}
        return {user["userName"] for user in self.client.listed()["Resources"] if user["id"] in keys}


@pytest.fixture(params=DIALECTS)
def scene(request: pytest.FixtureRequest) -> Scene:
    """Returns a scene for each dialect."""
    return Scene(request.param)


def test_a_generated_plan_is_played_without_a_refusal(scene: Scene) -> None:
    scene.play(*generate_plan(25))
    left = 24 if scene.provider.dialect.deletes else 25
    assert scene.client.listed()["totalResults"] == left
    assert scene.client.listed("Groups")["totalResults"] == 3
    assert len(scene.members("Sales")) == 9


def test_a_provider_without_memory_can_play_a_plan_again(scene: Scene) -> None:
    scene.play(*generate_plan(12))
    scene.provider = IdentityProvider(scene.provider.dialect)
    scene.play(*generate_plan(12))
    assert scene.client.listed("Groups", filter='displayName sw "Engineering"')["totalResults"] == 2


def test_a_user_is_looked_up_and_then_created(scene: Scene) -> None:
    scene.play(PlannedAction("assign", ANN))
    assert [request.method for request in scene.requests] == ["GET", "POST"]
    user = scene.user(ANN)
    assert (user["name"]["familyName"], user["active"]) == ("Lee", True)


def test_an_existing_user_is_updated(scene: Scene) -> None:
    scene.client.create("Users", userName=ANN.user_name, name={"familyName": "Old"})
    scene.play(PlannedAction("assign", ANN))
    assert scene.user(ANN)["name"]["familyName"] == "Lee"
    assert scene.client.listed()["totalResults"] == 1


def test_deactivating_and_reactivating_changes_nothing_else(scene: Scene) -> None:
    scene.play(PlannedAction("assign", ANN))
    before = scene.user(ANN)
    scene.play(PlannedAction("deactivate", user=ANN.user_name))
    assert scene.user(ANN)["active"] is False
    scene.play(PlannedAction("reactivate", user=ANN.user_name))
    after = scene.user(ANN)
    assert {**after, "meta": None} == {**before, "meta": None}


def test_members_are_added_and_removed(scene: Scene) -> None:
    both = (ANN.user_name, BOB.user_name)
    scene.play(PlannedAction("assign", ANN), PlannedAction("assign", BOB), PlannedAction("push-group", group="Team"))
    scene.play(PlannedAction("add-members", group="Team", users=both))
    assert scene.members("Team") == set(both)
    scene.play(PlannedAction("remove-members", group="Team", users=(ANN.user_name,)))
    assert scene.members("Team") == {BOB.user_name}
    scene.play(PlannedAction("rename-group", group="Team", name="Crew"))
    assert scene.members("Crew") == {BOB.user_name}
    scene.play(PlannedAction("delete-group", group="Crew"))
    assert scene.client.listed("Groups")["totalResults"] == 0


def test_a_provider_without_memory_keeps_the_data_on_the_server(scene: Scene) -> None:
    scene.play(PlannedAction("assign", ANN), PlannedAction("assign", BOB), PlannedAction("push-group", group="Team"))
    scene.play(PlannedAction("add-members", group="Team", users=(ANN.user_name,)))
    before = scene.user(ANN)
    scene.provider = IdentityProvider(scene.provider.dialect)
    scene.play(PlannedAction("add-members", group="Team", users=(BOB.user_name,)))
    scene.play(PlannedAction("deactivate", user=ANN.user_name))
    assert scene.members("Team") == {ANN.user_name, BOB.user_name}
    assert {**scene.user(ANN), "meta": None} == {**before, "meta": None, "active": False}


def test_an_unassigned_user_can_no_longer_sign_in(scene: Scene) -> None:
    scene.play(PlannedAction("assign", ANN), PlannedAction("unassign", user=ANN.user_name))
    user = scene.user(ANN)
    assert (user is None) is scene.provider.dialect.deletes
    assert user is None or user["active"] is False


def test_a_refusal_of_the_server_is_raised(scene: Scene) -> None:
    with pytest.raises(ScimRefusal, match=r"404 nobody@example\.com does not exist"):
        scene.play(PlannedAction("deactivate", user="nobody@example.com"))
    scene.client.token = "unknown"
    with pytest.raises(ScimRefusal, match="401 the token selects no directory"):
        scene.play(PlannedAction("assign", ANN))


def test_okta_deactivates_without_a_path_and_never_deletes() -> None:
    scene = Scene("okta")
    scene.play(PlannedAction("assign", ANN), PlannedAction("unassign", user=ANN.user_name))
    assert scene.requests[-1].method == "PATCH"
    assert scene.requests[-1].body["Operations"] == [{"op": "replace", "value": {"active": False}}]


def test_entra_capitalises_operations_and_writes_booleans_as_strings() -> None:
    scene = Scene("entra")
    scene.play(PlannedAction("assign", ANN), PlannedAction("deactivate", user=ANN.user_name))
    assert scene.requests[-1].body["Operations"] == [{"op": "Replace", "path": "active", "value": "False"}]


@pytest.mark.parametrize("dialect", ["onelogin", "jumpcloud"])
def test_onelogin_and_jumpcloud_replace_whole_resources(dialect: str) -> None:
    scene = Scene(dialect)
    scene.play(
        PlannedAction("assign", ANN), PlannedAction("update", ANN), PlannedAction("deactivate", user=ANN.user_name)
    )
    assert [request.method for request in scene.requests] == ["GET", "POST", "PUT", "PUT"]


@pytest.mark.parametrize(
    "answer",
    [
        ScimResponse(200, None),
        ScimResponse(200, []),
        ScimResponse(200, {"Resources": {}}),
        ScimResponse(200, {"Resources": [{}, 5]}),
        ScimResponse(500, "x"),
        ScimResponse(201, {}),
    ],
)
def test_a_response_that_no_scim_server_gives_is_a_refusal(answer: ScimResponse) -> None:
    provider = IdentityProvider(DIALECTS["okta"])

    def carry(request: ScimRequest) -> ScimResponse:
        return ScimResponse(200, {"Resources": []}) if request.method == "GET" and answer.status == 201 else answer

    with pytest.raises(ScimRefusal):
        provider.play(PlannedAction("assign", ANN), carry)
