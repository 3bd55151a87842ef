"""What people and programs do with the identity service: logging in, inviting, being invited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ..framework.deployment import Deployment
from .api import Api
from .bodies import organization

pytestmark = [pytest.mark.proves("lifecycle"), pytest.mark.service("netfoundry")]

PAGE = "https://console.test.example/invitation"
MOVES = {"accept": "Accepted", "decline": "Declined", "revoke": "Revoked"}


@pytest.fixture
def api(deployment_of: Callable[[str], Deployment]) -> Api:
    """The administrator's view of a fresh world."""
    return Api(deployment_of("netfoundry").fresh(auth="strict"))


def invited(api: Api) -> tuple[Any, str]:
    """A new invitation and its key."""
    home = organization(api)
    email = f"{api.label()}@test.example"
    person = {"organizationId": home, "firstName": "Ann", "lastName": "Test", "email": email}
    target = api.call("POST", "/user-identities", person)["id"]
    wish = {"toOrganizationId": home, "invitedEmailAddress": email, "invitationUrl": PAGE}
    invitation = api.call("POST", "/invitations", wish | {"targetUserIdentityId": target})
    return invitation, api.mailed_key(email)


def test_an_account_logs_in_and_is_refused_what_it_may_not(api: Api) -> None:
    home = organization(api)
    wish = {"organizationId": home, "name": "robot", "contactEmail": "robot@test.example"}
    made = api.call("POST", "/api-account-identities", wish)
    robot = api.log_in(made)
    assert robot.call("GET", "/identities/self") == made["apiAccountIdentity"]
    assert robot.send("GET", "/organizations").status_code == 403
    api.call("PUT", f"/api-account-identities/{made['apiAccountIdentity']['id']}/deactivate")
    assert robot.send("GET", "/identities/self").status_code == 401


def test_a_granted_role_opens_the_accounts_own_organization(api: Api) -> None:
    home = api.call("GET", "/organizations/label/ACME-0")["id"]
    wish = {"organizationId": home, "name": "robot", "contactEmail": "robot@test.example", "grantDefaultRoles": True}
    robot = api.log_in(api.call("POST", "/api-account-identities", wish))
    assert [it["id"] for it in robot.call("GET", "/organizations")] == [home]
    assert {it["organizationId"] for it in robot.call("GET", "/user-identities")} == {home}
    assert robot.send("POST", "/organizations", {"name": "Test", "label": api.label()}).status_code == 403


@pytest.mark.parametrize("first", MOVES)
@pytest.mark.parametrize("second", MOVES)
def test_an_invitation_moves_once(api: Api, first: str, second: str) -> None:
    invitation, key = invited(api)
    path = f"/invitations/{invitation['id']}"
    assert api.call("PUT", f"{path}/{first}")["state"] == MOVES[first]
    assert api.send("PUT", f"{path}/{second}").status_code == 400
    guest = Api(api.deployment, None)
    assert guest.call("GET", f"/invitations/key/{key}")["state"] == MOVES[first]
    assert guest.send("PUT", f"/invitations/key/{key}/decline").status_code == 400
    begin = {"intermediateReturnUrl": PAGE}
    assert guest.send("POST", f"/invitations/key/{key}/accept-initiate", begin).status_code == 400


def test_the_invited_person_needs_nothing_but_the_key(api: Api) -> None:
    invitation, key = invited(api)
    guest, path = Api(api.deployment, None), f"/invitations/key/{key}"
    assert guest.call("GET", path)["invitedEmailAddress"] == invitation["invitedEmailAddress"]
    assert guest.call("POST", f"{path}/accept-initiate", {"intermediateReturnUrl": PAGE})["nfToken"].count(".") == 2
    assert guest.call("GET", path)["state"] == "Open"
    assert guest.call("PUT", f"{path}/decline")["state"] == "Declined"
    assert api.call("GET", f"/invitations/{invitation['id']}")["accepted"] is False
