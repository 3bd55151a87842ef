"""Flows of several requests: an API account logs in, and a person is invited."""

from __future__ import annotations

from typing import Any

import pytest

from ..framework.session import OpenSession
from .identity_api import IdentityApi
from .resources import organization

pytestmark = [pytest.mark.proves("lifecycle"), pytest.mark.service("netfoundry")]

PAGE = "https://console.test.example/invitation"
STATES = {"accept": "Accepted", "decline": "Declined", "revoke": "Revoked"}


@pytest.fixture
def api(open_session: OpenSession) -> IdentityApi:
    """The API as the administrator uses it."""
    return IdentityApi(open_session("netfoundry", auth="strict"))


def invited(api: IdentityApi) -> tuple[Any, str]:
    """Invites a new person. Returns the invitation and its key."""
    home = organization(api)
    email = f"{api.label()}@test.example"
    person = {"organizationId": home, "firstName": "Ann", "lastName": "Test", "email": email}
    target = api.call("POST", "/user-identities", person)["id"]
    body = {"toOrganizationId": home, "invitedEmailAddress": email, "invitationUrl": PAGE}
    invitation = api.call("POST", "/invitations", body | {"targetUserIdentityId": target})
    return invitation, api.mailed_key(email)


def test_an_account_can_log_in_and_is_refused_what_it_may_not_do(api: IdentityApi) -> None:
    home = organization(api)
    body = {"organizationId": home, "name": "robot", "contactEmail": "robot@test.example"}
    account = api.call("POST", "/api-account-identities", body)
    robot = api.log_in(account)
    assert robot.call("GET", "/identities/self") == account["apiAccountIdentity"]
    assert robot.send("GET", "/organizations").status_code == 403
    api.call("PUT", f"/api-account-identities/{account['apiAccountIdentity']['id']}/deactivate")
    assert robot.send("GET", "/identities/self").status_code == 401


def test_a_default_role_lets_an_account_read_its_own_organization(api: IdentityApi) -> None:
    home = api.call("GET", "/organizations/label/ACME-0")["id"]
    body = {"organizationId": home, "name": "robot", "contactEmail": "robot@test.example", "grantDefaultRoles": True}
    robot = api.log_in(api.call("POST", "/api-account-identities", body))
    assert [it["id"] for it in robot.call("GET", "/organizations")] == [home]
    assert {it["organizationId"] for it in robot.call("GET", "/user-identities")} == {home}
    assert robot.send("POST", "/organizations", {"name": "Test", "label": api.label()}).status_code == 403


@pytest.mark.parametrize("first", STATES)
@pytest.mark.parametrize("second", STATES)
def test_an_invitation_can_be_accepted_declined_or_revoked_only_once(api: IdentityApi, first: str, second: str) -> None:
    invitation, key = invited(api)
    path = f"/invitations/{invitation['id']}"
    assert api.call("PUT", f"{path}/{first}")["state"] == STATES[first]
    assert api.send("PUT", f"{path}/{second}").status_code == 400
    guest = IdentityApi(api.session, None)
    assert guest.call("GET", f"/invitations/key/{key}")["state"] == STATES[first]
    assert guest.send("PUT", f"/invitations/key/{key}/decline").status_code == 400
    begin = {"intermediateReturnUrl": PAGE}
    assert guest.send("POST", f"/invitations/key/{key}/accept-initiate", begin).status_code == 400


def test_an_invited_person_needs_only_the_key(api: IdentityApi) -> None:
    invitation, key = invited(api)
    guest, path = IdentityApi(api.session, None), f"/invitations/key/{key}"
    assert guest.call("GET", path)["invitedEmailAddress"] == invitation["invitedEmailAddress"]
    assert guest.call("POST", f"{path}/accept-initiate", {"intermediateReturnUrl": PAGE})["nfToken"].count(".") == 2
    assert guest.call("GET", path)["state"] == "Open"
    assert guest.call("PUT", f"{path}/decline")["state"] == "Declined"
    assert api.call("GET", f"/invitations/{invitation['id']}")["accepted"] is False
