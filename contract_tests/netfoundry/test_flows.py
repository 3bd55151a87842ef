"""What people and programs do with the identity service, over HTTP: logging in, inviting, being invited."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.netfoundry.bodies import organization
from contract_tests.netfoundry.deployment import Deployment

PAGE = "https://console.test.example/invitation"
MOVES = {"accept": "Accepted", "decline": "Declined", "revoke": "Revoked"}


def invited(deployment: Deployment) -> tuple[Any, str]:
    """A new invitation and its key."""
    home = organization(deployment)
    email = f"{deployment.label()}@test.example"
    person = {"organizationId": home, "firstName": "Ann", "lastName": "Test", "email": email}
    target = deployment.call("POST", "/user-identities", person)["id"]
    wish = {"toOrganizationId": home, "invitedEmailAddress": email, "invitationUrl": PAGE}
    invitation = deployment.call("POST", "/invitations", wish | {"targetUserIdentityId": target})
    (mail,) = deployment.mail(email)
    return invitation, mail["facts"]["key"]


def test_an_account_logs_in_and_is_refused_what_it_may_not(deployment: Deployment) -> None:
    home = organization(deployment)
    wish = {"organizationId": home, "name": "robot", "contactEmail": "robot@test.example"}
    made = deployment.call("POST", "/api-account-identities", wish)
    robot = deployment.as_account(made)
    assert robot.call("GET", "/identities/self") == made["apiAccountIdentity"]
    assert robot.send("GET", "/organizations").status == 403
    deployment.call("PUT", f"/api-account-identities/{made['apiAccountIdentity']['id']}/deactivate")
    assert robot.send("GET", "/identities/self").status == 401


def test_a_granted_role_opens_the_accounts_own_organization(deployment: Deployment) -> None:
    home = deployment.call("GET", "/organizations/label/ACME-0")["id"]
    wish = {"organizationId": home, "name": "robot", "contactEmail": "robot@test.example", "grantDefaultRoles": True}
    robot = deployment.as_account(deployment.call("POST", "/api-account-identities", wish))
    assert [it["id"] for it in robot.call("GET", "/organizations")] == [home]
    assert {it["organizationId"] for it in robot.call("GET", "/user-identities")} == {home}
    assert robot.send("POST", "/organizations", {"name": "Test", "label": deployment.label()}).status == 403


@pytest.mark.parametrize("first", MOVES)
@pytest.mark.parametrize("second", MOVES)
def test_an_invitation_moves_once(deployment: Deployment, first: str, second: str) -> None:
    invitation, key = invited(deployment)
    path = f"/invitations/{invitation['id']}"
    assert deployment.call("PUT", f"{path}/{first}")["state"] == MOVES[first]
    assert deployment.send("PUT", f"{path}/{second}").status == 400
    guest = Deployment(deployment.url, None)
    assert guest.call("GET", f"/invitations/key/{key}")["state"] == MOVES[first]
    assert guest.send("PUT", f"/invitations/key/{key}/decline").status == 400
    begin = {"intermediateReturnUrl": PAGE}
    assert guest.send("POST", f"/invitations/key/{key}/accept-initiate", begin).status == 400


def test_the_invited_person_needs_nothing_but_the_key(deployment: Deployment) -> None:
    invitation, key = invited(deployment)
    guest, path = Deployment(deployment.url, None), f"/invitations/key/{key}"
    assert guest.call("GET", path)["invitedEmailAddress"] == invitation["invitedEmailAddress"]
    assert guest.call("POST", f"{path}/accept-initiate", {"intermediateReturnUrl": PAGE})["nfToken"].count(".") == 2
    assert guest.call("GET", path)["state"] == "Open"
    assert guest.call("PUT", f"{path}/decline")["state"] == "Declined"
    assert deployment.call("GET", f"/invitations/{invitation['id']}")["accepted"] is False
