"""A world's clock is stopped, set and moved through the control plane, and everything in the world follows it."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest

from mockserver.core.messages import Headers, Request
from tests.control.fresh.plane import Plane


def test_a_clock_is_moved_on_and_stays_frozen(plane: Plane) -> None:
    assert plane.said("PATCH", "/clock", {"advance": "P7DT1H0.25S"}) == {
        "now": "2026-11-28T22:00:00.250Z",
        "frozen": True,
    }
    assert plane.said("GET", "/clock") == {"now": "2026-11-28T22:00:00.250Z", "frozen": True}


def test_a_clock_is_set_then_moved_then_left_to_run(plane: Plane) -> None:
    wish = {"now": "2030-01-01T00:00:00+01:00", "advance": "PT1H", "frozen": False}
    answer = plane.said("PATCH", "/clock", wish)
    assert answer["now"].startswith("2030-01-01T00:00:0")
    assert answer["frozen"] is False


def test_nothing_asked_for_changes_nothing(plane: Plane) -> None:
    before = plane.state()
    plane.said("PATCH", "/clock", {})
    assert plane.state() == before


@pytest.mark.parametrize(
    "wish",
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
def test_what_is_no_time_is_refused_and_changes_nothing(plane: Plane, wish: object) -> None:
    before = plane.state()
    plane.said("PATCH", "/clock", wish, status=400)
    assert plane.state() == before


def test_no_clock_gets_beyond_the_years_that_instants_can_tell(plane: Plane) -> None:
    plane.said("PATCH", "/clock", {"now": "2199-12-31T00:00:00Z", "advance": "P2D"}, status=409)
    plane.said("PATCH", "/clock", {"now": "2199-12-31T00:00:00Z", "advance": "PT1H"})
    assert plane.statuses(1) == [200]


def test_an_invitation_expires_on_the_clock_of_its_world(plane: Plane) -> None:
    user = plane.ask("GET", "/identity/v1/user-identities").json()[0]
    wish = {
        "toOrganizationId": user["organizationId"],
        "invitedEmailAddress": "guest@example.org",
        "invitationUrl": "https://console.example.org/invitation/",
        "targetUserIdentityId": user["id"],
    }
    made = plane.ask("POST", "/identity/v1/invitations", wish)
    assert made.status == 201, made.body
    path = f"/identity/v1/invitations/{made.json()['id']}"
    plane.said("PATCH", "/clock", {"advance": "P6DT23H"})
    assert plane.ask("GET", path).json()["state"] == "Open"
    plane.said("PATCH", "/clock", {"advance": "PT2H"})
    assert plane.ask("GET", path).json()["state"] == "Expired"


def test_a_login_ends_on_the_clock_of_its_world(plane: Plane) -> None:
    organization = plane.ask("GET", "/identity/v1/organizations").json()[0]["id"]
    wish = {"organizationId": organization, "name": "robot", "contactEmail": "robot@example.org"}
    account = plane.ask("POST", "/identity/v1/api-account-identities", wish).json()
    token = _log_in(plane, account["clientId"], account["password"])
    assert plane.ask("GET", "/identity/v1/identities/self", token=token).status == 200
    plane.said("PATCH", "/clock", {"advance": "P30D"})
    assert plane.ask("GET", "/identity/v1/identities/self", token=token).status == 401


def _log_in(plane: Plane, client_id: str, password: str) -> str:
    basic = base64.b64encode(f"{client_id}:{password}".encode()).decode()
    headers = {
        "X-Mock-World": plane.name,
        "Authorization": f"Basic {basic}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    form = urlencode({"grant_type": "client_credentials"}).encode()
    answer = plane.server.handle(Request("POST", "/oauth2/token", Headers(headers), form))
    return str(json.loads(answer.body)["access_token"])


def test_directories_are_synchronised_as_often_as_their_interval_passes(plane: Plane) -> None:
    integration = plane.ask("GET", "/api/integrations/google-idp").json()[0]
    plane.ask("PUT", f"/api/integrations/google-idp/{integration['id']}", {"enabled": True, "sync_interval": 3600})
    logs = f"/api/integrations/google-idp/{integration['id']}/logs"
    before = len(plane.ask("GET", logs).json())
    plane.said("PATCH", "/clock", {"advance": "PT3H"})
    assert len(plane.ask("GET", logs).json()) > before
