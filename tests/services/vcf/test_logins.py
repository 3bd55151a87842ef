"""Logging in, and the validity of tokens."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.core import tokens
from mockserver.services.vcf import logins
from tests.services.vcf.deployment import PROVIDERS, Deployment, adfs

ADMINISTRATOR = {"username": "administrator@vsphere.local", "password": "VMw@re1!"}
VIEWER = {"username": "viewer@vsphere.local", "password": "VMw@re1!"}


def strict() -> Deployment:
    return Deployment(options={"auth": "strict"})


def pair(deployment: Deployment, login: object) -> Any:
    answer = deployment.call("POST", "/v1/tokens", login, credential=None)
    assert answer.status == 201, answer.body
    return answer.json()


def test_an_access_token_is_accepted_for_an_hour() -> None:
    deployment = strict()
    token = pair(deployment, ADMINISTRATOR)["accessToken"]
    deployment.pass_time(3_599)
    assert deployment.call("GET", PROVIDERS, credential=token).status == 200
    deployment.pass_time(1)
    assert deployment.call("GET", PROVIDERS, credential=token).status == 401


def test_an_expired_access_token_is_refused_in_a_lenient_world_too() -> None:
    deployment = Deployment()
    token = pair(deployment, ADMINISTRATOR)["accessToken"]
    deployment.pass_time(3_600)
    assert deployment.call("GET", PROVIDERS, credential=token).json()["message"] == "The access token has expired."


def test_an_access_token_names_its_user() -> None:
    claims = tokens.verify(pair(strict(), VIEWER)["accessToken"])
    assert claims is not None
    assert (claims["sub"], claims["role"], claims["exp"] - claims["iat"]) == (VIEWER["username"], ["VIEWER"], 3_600)


@pytest.mark.parametrize("wrong", [{"password": "no"}, {"username": "nobody@vsphere.local"}])
def test_a_strict_world_accepts_only_the_users_of_its_scenario(wrong: dict[str, str]) -> None:
    deployment = strict()
    before = deployment.world.state
    answer = deployment.call("POST", "/v1/tokens", {**ADMINISTRATOR, **wrong}, credential=None)
    assert (answer.status, answer.json()["errorCode"]) == (401, "IDENTITY_UNAUTHORIZED_ENTITY")
    assert deployment.world.state is before
    pair(Deployment(), {**ADMINISTRATOR, **wrong})


def test_a_viewer_may_only_read() -> None:
    deployment = strict()
    token = pair(deployment, VIEWER)["accessToken"]
    assert deployment.call("GET", PROVIDERS, credential=token).status == 200
    refused = deployment.call("POST", PROVIDERS, adfs(), credential=token)
    assert (refused.status, refused.json()["errorCode"]) == (403, "IDENTITY_FORBIDDEN_OPERATION")


def test_a_refresh_token_gives_new_access_tokens_for_a_day() -> None:
    deployment = strict()
    refresh = pair(deployment, VIEWER)["refreshToken"]["id"]
    deployment.pass_time(24 * 3_600 - 1)
    answer = deployment.call("PATCH", "/v1/tokens/access-token/refresh", refresh, credential=None)
    assert answer.status == 200
    assert deployment.call("GET", PROVIDERS, credential=answer.json()).status == 200
    assert deployment.call("POST", PROVIDERS, adfs(), credential=answer.json()).status == 403
    deployment.pass_time(1)
    assert deployment.call("PATCH", "/v1/tokens/access-token/refresh", refresh, credential=None).status == 404


def test_an_unknown_refresh_token_is_404_and_not_in_the_error() -> None:
    answer = strict().call("PATCH", "/v1/tokens/access-token/refresh", "made-up", credential=None)
    assert (answer.status, answer.json()["errorCode"]) == (404, "REFRESH_TOKEN_NOT_FOUND")
    assert b"made-up" not in answer.body
    assert "POST /v1/tokens" in answer.json()["remediationMessage"]


def test_a_world_stores_a_bounded_number_of_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logins, "MAX_TOKENS", 3)
    deployment = strict()
    issued = [pair(deployment, ADMINISTRATOR)["accessToken"] for _ in range(4)]
    accepted = [deployment.call("GET", PROVIDERS, credential=token).status for token in issued]
    assert accepted == [401, 200, 200, 200]
