"""Tokens: who gets one, which key signs it, and what a granted role allows."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from ..framework.session import OpenSession
from .identity_api import MOUNT, IdentityApi

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("authentication"), pytest.mark.service("netfoundry")]


@pytest.fixture
def api(open_session: OpenSession) -> IdentityApi:
    """The API as the administrator uses it, with the documented organizations."""
    session = open_session("netfoundry", auth="strict").require_mock(
        "which organizations a deployment has is not known"
    )
    return IdentityApi(session)


def create_account(api: IdentityApi) -> Any:
    """Creates an API account. Returns it with its credentials."""
    home = api.call("GET", "/organizations/label/ACME-0")["id"]
    return api.call(
        "POST",
        "/api-account-identities",
        {"organizationId": home, "name": "robot", "contactEmail": "robot@test.example"},
    )


def log_in(api: IdentityApi, client_id: str, password: str) -> httpx.Response:
    """Logs in and returns the response."""
    basic = b64encode(f"{client_id}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode({"grant_type": "client_credentials"}).encode()
    return api.session.send("POST", "/oauth2/token", headers=headers, content=form)


def test_a_token_needs_the_right_password(api: IdentityApi) -> None:
    account = create_account(api)
    granted = log_in(api, account["clientId"], account["password"])
    assert (granted.status_code, granted.json()["token_type"]) == (200, "Bearer")
    assert granted.json()["expires_in"] > 0
    refused = log_in(api, account["clientId"], "wrong")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_a_token_is_signed_with_a_published_key(api: IdentityApi) -> None:
    account = create_account(api)
    token = log_in(api, account["clientId"], account["password"]).json()["access_token"]
    header = json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))
    published = api.session.send("GET", f"{MOUNT}/.well-known/jwks.json").json()["keys"]
    assert header["kid"] in [key["kid"] for key in published]


def test_a_granted_default_role_lets_an_account_read_its_organization(api: IdentityApi) -> None:
    account = create_account(api)
    robot, identity = api.log_in(account), account["apiAccountIdentity"]
    assert robot.send("GET", "/organizations").status_code == 403
    organization = api.call("GET", f"/organizations/{identity['organizationId']}")
    for role in api.call("GET", "/default-roles"):
        if role["organizationId"] == organization["id"]:
            path = f"/default-roles/{role['id']}/grant"
            assert api.call("POST", path, {"includeIdentityIds": [identity["id"]]}) == {identity["id"]: True}
    assert [it["id"] for it in robot.call("GET", "/organizations")] == [organization["id"]]
