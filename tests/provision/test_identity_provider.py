"""Every identity provider, playing towards the mock itself."""

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


class Stage:
    """An identity provider and a directory that it plays to; every request is noted."""

    def __init__(self, dialect: str) -> None:
        self.client = Client(empty_server())
        self.provider = IdentityProvider(DIALECTS[dialect])
        self.sent: list[ScimRequest] = []

    def play(self, *actions: PlannedAction) -> None:
        for action in actions:
            self.provider.play(action, self._carry)

    def _carry(self, sent: ScimRequest) -> ScimResponse:
        self.sent.append(sent)
        response = self.client.call(sent.method, sent.path, sent.body)
        return ScimResponse(response.status, response.json() if response.body else None)

    def user(self, person: Person) -> Any:
        found = self.client.listed(filter=f"userName eq {json.dumps(person.user_name)}")["Resources"]
        return found[0] if found else None

    def members(self, group: str) -> set[str]:
        (found,) = self.client.listed("Groups", filter=f"displayName eq {json.dumps(group)}")["Resources"]
        keys = {member["value"] for member in found.get("members", [])}
        return {user["userName"] for user in self.client.listed()["Resources"] if user["id"] in keys}


@pytest.fixture(params=DIALECTS)
def stage(request: pytest.FixtureRequest) -> Stage:
    """One for each dialect."""
    return Stage(request.param)


def test_a_whole_plan_is_played_without_a_refusal(stage: Stage) -> None:
    stage.play(*generate_plan(25))
    left = 24 if stage.provider.dialect.deletes else 25
    assert stage.client.listed()["totalResults"] == left
    assert stage.client.listed("Groups")["totalResults"] == 3
    assert len(stage.members("Sales")) == 9


def test_a_plan_can_be_played_again_by_a_provider_that_remembers_nothing(stage: Stage) -> None:
    stage.play(*generate_plan(12))
    stage.provider = IdentityProvider(stage.provider.dialect)
    stage.play(*generate_plan(12))
    assert stage.client.listed("Groups", filter='displayName sw "Engineering"')["totalResults"] == 2


def test_a_user_is_looked_up_and_then_created(stage: Stage) -> None:
    stage.play(PlannedAction("assign", ANN))
    assert [sent.method for sent in stage.sent] == ["GET", "POST"]
    user = stage.user(ANN)
    assert (user["name"]["familyName"], user["active"]) == ("Lee", True)


def test_a_user_that_is_there_is_brought_up_to_date(stage: Stage) -> None:
    stage.client.create("Users", userName=ANN.user_name, name={"familyName": "Old"})
    stage.play(PlannedAction("assign", ANN))
    assert stage.user(ANN)["name"]["familyName"] == "Lee"
    assert stage.client.listed()["totalResults"] == 1


def test_deactivating_and_reactivating_changes_nothing_else(stage: Stage) -> None:
    stage.play(PlannedAction("assign", ANN))
    before = stage.user(ANN)
    stage.play(PlannedAction("deactivate", user=ANN.user_name))
    assert stage.user(ANN)["active"] is False
    stage.play(PlannedAction("reactivate", user=ANN.user_name))
    after = stage.user(ANN)
    assert {**after, "meta": None} == {**before, "meta": None}


def test_members_come_and_go(stage: Stage) -> None:
    both = (ANN.user_name, BOB.user_name)
    stage.play(PlannedAction("assign", ANN), PlannedAction("assign", BOB), PlannedAction("push-group", group="Team"))
    stage.play(PlannedAction("add-members", group="Team", users=both))
    assert stage.members("Team") == set(both)
    stage.play(PlannedAction("remove-members", group="Team", users=(ANN.user_name,)))
    assert stage.members("Team") == {BOB.user_name}
    stage.play(PlannedAction("rename-group", group="Team", name="Crew"))
    assert stage.members("Crew") == {BOB.user_name}
    stage.play(PlannedAction("delete-group", group="Crew"))
    assert stage.client.listed("Groups")["totalResults"] == 0


def test_a_provider_that_remembers_nothing_keeps_what_is_there(stage: Stage) -> None:
    stage.play(PlannedAction("assign", ANN), PlannedAction("assign", BOB), PlannedAction("push-group", group="Team"))
    stage.play(PlannedAction("add-members", group="Team", users=(ANN.user_name,)))
    before = stage.user(ANN)
    stage.provider = IdentityProvider(stage.provider.dialect)
    stage.play(PlannedAction("add-members", group="Team", users=(BOB.user_name,)))
    stage.play(PlannedAction("deactivate", user=ANN.user_name))
    assert stage.members("Team") == {ANN.user_name, BOB.user_name}
    assert {**stage.user(ANN), "meta": None} == {**before, "meta": None, "active": False}


def test_who_is_unassigned_can_no_longer_sign_in(stage: Stage) -> None:
    stage.play(PlannedAction("assign", ANN), PlannedAction("unassign", user=ANN.user_name))
    user = stage.user(ANN)
    assert (user is None) is stage.provider.dialect.deletes
    assert user is None or user["active"] is False


def test_what_the_server_refuses_is_told(stage: Stage) -> None:
    with pytest.raises(ScimRefusal, match=r"404 nobody@example\.com is not there"):
        stage.play(PlannedAction("deactivate", user="nobody@example.com"))
    stage.client.token = "unknown"
    with pytest.raises(ScimRefusal, match="401 the token selects no directory"):
        stage.play(PlannedAction("assign", ANN))


def test_okta_deactivates_without_a_path_and_deletes_nobody() -> None:
    stage = Stage("okta")
    stage.play(PlannedAction("assign", ANN), PlannedAction("unassign", user=ANN.user_name))
    assert stage.sent[-1].method == "PATCH"
    assert stage.sent[-1].body["Operations"] == [{"op": "replace", "value": {"active": False}}]


def test_entra_capitalises_operations_and_writes_booleans_as_texts() -> None:
    stage = Stage("entra")
    stage.play(PlannedAction("assign", ANN), PlannedAction("deactivate", user=ANN.user_name))
    assert stage.sent[-1].body["Operations"] == [{"op": "Replace", "path": "active", "value": "False"}]


@pytest.mark.parametrize("dialect", ["onelogin", "jumpcloud"])
def test_the_others_put_whole_resources(dialect: str) -> None:
    stage = Stage(dialect)
    stage.play(
        PlannedAction("assign", ANN), PlannedAction("update", ANN), PlannedAction("deactivate", user=ANN.user_name)
    )
    assert [sent.method for sent in stage.sent] == ["GET", "POST", "PUT", "PUT"]


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
def test_an_answer_that_no_scim_server_gives_is_a_refusal(answer: ScimResponse) -> None:
    provider = IdentityProvider(DIALECTS["okta"])

    def carry(sent: ScimRequest) -> ScimResponse:
        return ScimResponse(200, {"Resources": []}) if sent.method == "GET" and answer.status == 201 else answer

    with pytest.raises(ScimRefusal):
        provider.play(PlannedAction("assign", ANN), carry)
