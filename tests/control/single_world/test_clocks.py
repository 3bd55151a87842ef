"""The control plane freezes, sets and advances the clock of a world, and everything in the world follows it."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest

from mockserver.core.messages import Headers, Request
from tests.control.single_world.world import ControlledWorld


def test_a_frozen_clock_stays_frozen_when_it_is_advanced(world: ControlledWorld) -> None:
    assert world.control_json("PATCH", "/clock", {"advance": "P7DT1H0.25S"}) == {
        "now": "2026-11-28T22:00:00.250Z",
        "frozen": True,
    }
    assert world.control_json("GET", "/clock") == {"now": "2026-11-28T22:00:00.250Z", "frozen": True}


def test_a_clock_is_set_then_advanced_then_resumed(world: ControlledWorld) -> None:
    body = {"now": "2030-01-01T00:00:00+01:00", "advance": "PT1H", "frozen": False}
    answer = world.control_json("PATCH", "/clock", body)
    assert answer["now"].startswith("2030-01-01T00:00:0")
    assert answer["frozen"] is False


def test_an_empty_change_changes_nothing(world: ControlledWorld) -> None:
    before = world.state()
    world.control_json("PATCH", "/clock", {})
    assert world.state() == before


@pytest.mark.parametrize(
    "body",
    [
        {"advance": "P1Y"},
        {"advance": "P1M"},
        {"advance": "P"},
        {"advance": "PT"},
        {"advance": "-P1D"},
        {"advance": 60},
        {"now": "tomorrow"},
        {"now": "2026-12-31T23:59:60Z"},
        {"now": "2026-01-01T00:00:00"},
        {"frozen": "yes"},
    ],
)
def test_an_invalid_change_is_refused_and_changes_nothing(world: ControlledWorld, body: object) -> None:
    before = world.state()
    world.control_json("PATCH", "/clock", body, status=400)
    assert world.state() == before


def test_a_clock_cannot_pass_the_latest_instant(world: ControlledWorld) -> None:
    world.control_json("PATCH", "/clock", {"now": "2199-12-31T00:00:00Z", "advance": "P2D"}, status=409)
    world.control_json("PATCH", "/clock", {"now": "2199-12-31T00:00:00Z", "advance": "PT1H"})
    assert world.statuses(1) == [200]


def test_an_invitation_expires_by_the_clock_of_its_world(world: ControlledWorld) -> None:
    user = world.ask("GET", "/identity/v1/user-identities").json()[0]
    body = {
        "toOrganizationId": user["organizationId"],
        "invitedEmailAddress": "guest@example.org",
        "invitationUrl": "https://console.example.org/invitation/",
        "targetUserIdentityId": user["id"],
    }
    made = world.ask("POST", "/identity/v1/invitations", body)
    assert made.status == 201, made.body
    path = f"/identity/v1/invitations/{made.json()['id']}"
    world.control_json("PATCH", "/clock", {"advance": "P6DT23H"})
    assert world.ask("GET", path).json()["state"] == "Open"
    world.control_json("PATCH", "/clock", {"advance": "PT2H"})
    assert world.ask("GET", path).json()["state"] == "Expired"


def test_a_login_expires_by_the_clock_of_its_world(world: ControlledWorld) -> None:
    organization = world.ask("GET", "/identity/v1/organizations").json()[0]["id"]
    body = {"organizationId": organization, "name": "robot", "contactEmail": "robot@example.org"}
    account = world.ask("POST", "/identity/v1/api-account-identities", body).json()
    token = _log_in(world, account["clientId"], account["password"])
    assert world.ask("GET", "/identity/v1/identities/self", token=token).status == 200
    world.control_json("PATCH", "/clock", {"advance": "P30D"})
    assert world.ask("GET", "/identity/v1/identities/self", token=token).status == 401


def _log_in(world: ControlledWorld, client_id: str, password: str) -> str:
    basic = base64.b64encode(f"{client_id}:{password}".encode()).decode()
    headers = {
        "X-Mock-World": world.name,
        "Authorization": f"Basic {basic}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    form = urlencode({"grant_type": "client_credentials"}).encode()
    answer = world.server.handle(Request("POST", "/oauth2/token", Headers(headers), form))
    return str(json.loads(answer.body)["access_token"])


def test_directories_are_synchronised_once_for_each_interval_that_passes(world: ControlledWorld) -> None:
    integration = world.ask("GET", "/api/integrations/google-idp").json()[0]
    world.ask("PUT", f"/api/integrations/google-idp/{integration['id']}", {"enabled": True, "sync_interval": 3600})
    logs = f"/api/integrations/google-idp/{integration['id']}/logs"
    before = len(world.ask("GET", logs).json())
    world.control_json("PATCH", "/clock", {"advance": "PT3H"})
    assert len(world.ask("GET", logs).json()) > before
