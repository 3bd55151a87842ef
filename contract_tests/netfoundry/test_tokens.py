"""Tokens of the identity service: who gets one, what it says, who can verify it, and what a granted role opens."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from ..framework.deployment import Deployment
from .api import MOUNT, Api

pytestmark = [pytest.mark.once, pytest.mark.proves("authentication"), pytest.mark.service("netfoundry")]


@pytest.fixture
def api(deployment_of: Callable[[str], Deployment]) -> Api:
    """The administrator's view of a deployment with the documented organizations."""
    deployment = (
        deployment_of("netfoundry").fresh(auth="strict").only_mock("which organizations a deployment has is not known")
    )
    return Api(deployment)


def account(api: Api) -> Any:
    """A new account with its credentials."""
    home = api.call("GET", "/organizations/label/ACME-0")["id"]
    return api.call(
        "POST",
        "/api-account-identities",
        {"organizationId": home, "name": "robot", "contactEmail": "robot@test.example"},
    )


def token(api: Api, name: str, password: str) -> httpx.Response:
    """The answer to a login."""
    basic = b64encode(f"{name}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode({"grant_type": "client_credentials"}).encode()
    return api.deployment.send("POST", "/oauth2/token", headers=headers, content=form)


def test_only_who_knows_the_password_gets_a_token(api: Api) -> None:
    made = account(api)
    given = token(api, made["clientId"], made["password"])
    assert (given.status_code, given.json()["token_type"]) == (200, "Bearer")
    assert given.json()["expires_in"] > 0
    refused = token(api, made["clientId"], "wrong")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_the_published_keys_are_those_that_sign(api: Api) -> None:
    made = account(api)
    signed = token(api, made["clientId"], made["password"]).json()["access_token"]
    header = json.loads(urlsafe_b64decode(signed.partition(".")[0] + "=="))
    published = api.deployment.send("GET", f"{MOUNT}/.well-known/jwks.json").json()["keys"]
    assert header["kid"] in [key["kid"] for key in published]


def test_a_granted_default_role_opens_the_organization(api: Api) -> None:
    made = account(api)
    robot, identity = api.log_in(made), made["apiAccountIdentity"]
    assert robot.send("GET", "/organizations").status_code == 403
    organization = api.call("GET", f"/organizations/{identity['organizationId']}")
    for role in api.call("GET", "/default-roles"):
        if role["organizationId"] == organization["id"]:
            path = f"/default-roles/{role['id']}/grant"
            assert api.call("POST", path, {"includeIdentityIds": [identity["id"]]}) == {identity["id"]: True}
    assert [it["id"] for it in robot.call("GET", "/organizations")] == [organization["id"]]
