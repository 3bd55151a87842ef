"""The state machine of invitations, exhaustively: every transition in every state."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from mockserver.core import tokens
from tests.services.netfoundry.client import WEEK, Client

MOVES = {
    "accept": "Accepted",
    "decline": "Declined",
    "revoke": "Revoked",
    "decline by key": "Declined",
    "begin to accept": "Open",
}
"""What can happen to an invitation → the state that follows Open."""

WAYS = {"Open": None, "Accepted": "accept", "Declined": "decline", "Revoked": "revoke", "Expired": None}
"""State → the transition that leads a new invitation into it."""

ACCEPTED = {"Open": None, "Accepted": True, "Declined": False, "Revoked": None, "Expired": None}


class Guest:
    """An invitation in a world of its own."""

    def __init__(self) -> None:
        self.client = Client()
        self.organization = self.client.organization(auth0ConnectionId="con-1")
        target = self.client.user(self.organization["id"])
        request_body = {
            "toOrganizationId": self.organization["id"],
            "invitedEmailAddress": "guest@test.example",
            "invitationUrl": "https://console.test.example/invitation/",
            "targetUserIdentityId": target["id"],
        }
        self.invitation = self.client.call("POST", "/invitations", request_body)
        self.mail = self.client.server.worlds.get(self.client.world).export()["collections"]["mail"]
        (mail,) = self.mail.values()
        self.key = mail["facts"]["key"]

    def move(self, move: str) -> Any:
        """Performs one of `MOVES` and returns the response."""
        by_id, by_key = f"/invitations/{self.invitation['id']}", f"/invitations/key/{self.key}"
        if move == "decline by key":
            return self.client.send("PUT", f"{by_key}/decline", token=None)
        if move == "begin to accept":
            page = {"intermediateReturnUrl": "https://console.test.example/"}
            return self.client.send("POST", f"{by_key}/accept-initiate", page, token=None)
        return self.client.send("PUT", f"{by_id}/{move}")

    def bring_to(self, state: str) -> None:
        """Brings the new invitation into a state."""
        move = WAYS[state]
        if move is not None:
            assert self.move(move).status == 200
        if state == "Expired":
            self.client.pass_time(WEEK)

    def seen(self) -> Any:
        """Returns the invitation, read by its id."""
        return self.client.call("GET", f"/invitations/{self.invitation['id']}")


@pytest.mark.parametrize(("state", "move"), list(product(WAYS, MOVES)))
def test_an_invitation_leaves_the_state_open_once_and_no_other_state_ever(state: str, move: str) -> None:
    guest = Guest()
    guest.bring_to(state)
    before = guest.client.state()
    response = guest.move(move)
    if state == "Open":
        assert response.status == 200
        assert guest.seen()["state"] == MOVES[move]
        assert guest.seen()["accepted"] == ACCEPTED[MOVES[move]]
    else:
        assert response.status == 400
        assert response.json()["message"].endswith(state)
        assert guest.seen()["state"] == state
        assert guest.client.state() == before


@pytest.mark.parametrize("state", WAYS)
def test_a_state_is_the_same_by_id_by_key_and_in_lists(state: str) -> None:
    guest = Guest()
    guest.bring_to(state)
    assert guest.seen()["state"] == state
    assert guest.client.call("GET", f"/invitations/key/{guest.key}", token=None)["state"] == state
    for other in WAYS:
        found = guest.client.call("GET", f"/invitations?states={other}")
        assert [it["id"] for it in found] == ([guest.invitation["id"]] if other == state else [])


@pytest.mark.parametrize("state", ["Accepted", "Declined", "Revoked"])
def test_a_closed_invitation_does_not_expire(state: str) -> None:
    guest = Guest()
    guest.bring_to(state)
    guest.client.pass_time(2 * WEEK)
    assert guest.seen()["state"] == state


def test_an_invitation_is_open_until_the_last_second_of_its_week() -> None:
    guest = Guest()
    guest.client.pass_time(WEEK - 1)
    assert guest.seen()["state"] == "Open"
    guest.client.pass_time(1)
    assert guest.seen()["state"] == "Expired"


def test_an_invitation_contains_the_times_of_its_transition() -> None:
    guest = Guest()
    assert guest.seen()["responseReceivedAt"] is None
    guest.client.pass_time(60)
    guest.move("revoke")
    revoked = guest.seen()
    assert revoked["revokedAt"] == revoked["responseReceivedAt"]
    assert revoked["expiration"]["epochSecond"] - revoked["revokedAt"]["epochSecond"] == WEEK - 60


def test_only_the_mail_contains_the_key() -> None:
    guest = Guest()
    (mail,) = guest.mail.values()
    assert mail["to"] == "guest@test.example"
    assert mail["facts"]["link"] == f"https://console.test.example/invitation/{guest.key}"
    assert mail["facts"]["link"] in mail["text"]
    assert guest.key not in str(guest.seen())
    assert guest.key not in str(guest.client.call("GET", "/invitations"))


def test_the_invited_person_sees_both_parties_and_the_organization() -> None:
    guest = Guest()
    seen = guest.client.call("GET", f"/invitations/key/{guest.key}", token=None)
    assert seen["targetIdentity"] == {"name": "Ann Test", "email": "ann@test.example"}
    assert seen["fromIdentity"]["name"] == "Ada Administrator"
    assert (seen["toOrganizationName"], seen["toTenantLabel"]) == ("Test", "TEST")


def test_initiating_the_acceptance_returns_a_token_for_the_login() -> None:
    guest = Guest()
    answer = guest.move("begin to accept").json()
    claims = tokens.verify(answer["nfToken"])
    assert claims is not None
    assert claims["exp"] - claims["iat"] == 900
    assert claims["flow"] == "invitation"
    assert claims["invitationId"] == guest.invitation["id"]
    assert claims["tenantLabel"] == "TEST"
    assert claims["auth0ConnectionIds"] == answer["auth0ConnectionIds"] == ["con-1"]
    assert claims["redirectUrl"] == "https://console.test.example/"


@pytest.mark.parametrize("move", ["accept", "begin to accept"])
def test_an_invitation_to_an_inactive_organization_cannot_be_accepted(move: str) -> None:
    guest = Guest()
    guest.client.call("PUT", f"/organizations/{guest.organization['id']}/deactivate")
    assert guest.move(move).status == 400
    assert guest.seen()["state"] == "Open"
    assert guest.move("decline").status == 200


def test_an_unknown_key_is_not_found() -> None:
    assert Client().send("GET", f"/invitations/key/{'x' * 36}", token=None).status == 404


@pytest.mark.parametrize("key", ["x" * 35, "x" * 37, "-" * 36])
def test_a_malformed_key_is_an_unknown_path(key: str) -> None:
    assert Client().send("GET", f"/invitations/key/{key}", token=None).status == 404


def test_a_standing_invitation_counts_as_sent_when_the_world_began() -> None:
    client = Client("documented")
    path = "/invitations/cf960ca5-797b-48db-81d0-d69682046e59"
    assert client.call("GET", path)["state"] == "Open"
    client.pass_time(WEEK)
    assert client.call("GET", path)["state"] == "Expired"
