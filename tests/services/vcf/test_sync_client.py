"""Sync client tokens, and the SCIM endpoint at which they are valid."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from mockserver.core.clock import NANOSECONDS, instant_of
from tests.services.vcf.deployment import START, Deployment, adfs, okta
from tests.services.vcf.test_providers import refusal

YEAR = 31_536_000


def issued(deployment: Deployment, path: str, query: str = "") -> Any:
    answer = deployment.call("POST", f"{path}/sync-client{query}")
    assert answer.status == 200, answer.body
    return answer.json()


def test_the_token_verifies_with_the_key_set_of_the_control_plane() -> None:
    deployment = Deployment()
    client = issued(deployment, deployment.add(okta(syncClientTokenTTL=500)))
    keys = KeySet.import_key_set(deployment.call("GET", "/_mock/jwks.json").json())
    token = jwt.decode(client["token"], keys, ["RS256"])
    assert (token.header["alg"], token.header["typ"]) == ("RS256", "JWT")
    assert (token.claims["iat"], token.claims["exp"]) == (START // NANOSECONDS, START // NANOSECONDS + 500)
    assert token.claims["prn"] == f"{token.claims['cid']}@CUSTOMER"


def test_expire_in_is_the_second_of_expire_at() -> None:
    deployment = Deployment()
    path = deployment.add(okta(syncClientTokenTTL=500))
    assert "syncClientTokenInfo" not in deployment.call("GET", path).json()["fedIdp"]
    client = issued(deployment, path)
    token_info = deployment.call("GET", path).json()["fedIdp"]["syncClientTokenInfo"]
    assert instant_of(token_info["expireAt"]) // NANOSECONDS == client["expireIn"] == START // NANOSECONDS + 500
    assert token_info["scimUrl"] == client["scimUrl"] == f"{deployment.base}/usergroup/t/CUSTOMER/scim/v2"
    assert client["token"] not in str(deployment.list())


def test_a_lifetime_with_a_zero_fraction_is_a_whole_number_of_seconds() -> None:
    deployment = Deployment()
    path = deployment.add(okta(syncClientTokenTTL=60.0))
    assert issued(deployment, path)["expireIn"] == START // NANOSECONDS + 60
    assert b'"syncClientTokenTTL":60,' in deployment.call("GET", path).body


def test_a_lifetime_in_the_query_overrides_that_of_the_provider() -> None:
    deployment = Deployment()
    client = issued(deployment, deployment.add(okta(syncClientTokenTTL=500)), f"?syncClientTokenTTL={YEAR}")
    assert client["expireIn"] == START // NANOSECONDS + YEAR


@pytest.mark.parametrize("lifetime", ["0", "-1", str(YEAR + 1), "long", "1.5", ""])
def test_a_lifetime_is_from_a_second_to_a_year(lifetime: str) -> None:
    deployment = Deployment()
    path = f"{deployment.add(okta())}/sync-client?syncClientTokenTTL={lifetime}"
    assert refusal(deployment, "POST", path) == (400, "INVALID_INPUT")


def test_only_a_federated_provider_has_a_sync_client() -> None:
    deployment = Deployment()
    expected = (409, "IDENTITY_PROVIDER_NOT_FEDERATED")
    assert refusal(deployment, "POST", f"{deployment.add(adfs())}/sync-client") == expected
    assert refusal(deployment, "POST", f"{deployment.embedded()}/sync-client") == expected


USERS = "/usergroup/t/CUSTOMER/scim/v2/Users"


def test_only_the_current_token_is_valid_at_the_scim_endpoint() -> None:
    deployment = Deployment()
    path = deployment.add(okta())
    token = issued(deployment, path)["token"]
    assert deployment.call("GET", USERS, credential=token).status == 200
    assert deployment.call("GET", USERS.replace("CUSTOMER", "OTHER"), credential=token).status == 401
    assert deployment.call("GET", USERS, credential=token[:-1]).status == 401
    assert deployment.call("GET", USERS, credential=None).status == 401
    renewed = issued(deployment, path)["token"]
    assert deployment.call("GET", USERS, credential=token).status == 401
    assert deployment.call("GET", USERS, credential=renewed).status == 200


def test_the_token_expires_by_the_clock_of_the_world() -> None:
    deployment = Deployment()
    token = issued(deployment, deployment.add(okta(syncClientTokenTTL=60)))["token"]
    deployment.pass_time(59)
    assert deployment.call("GET", USERS, credential=token).status == 200
    deployment.pass_time(1)
    assert deployment.call("GET", USERS, credential=token).status == 401


def test_deleting_the_provider_deletes_pushed_users_and_groups() -> None:
    deployment = Deployment()
    path = deployment.add(okta())
    token = issued(deployment, path)["token"]
    schemas = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}
    ann = deployment.call("POST", USERS, {**schemas, "userName": "ann@a.example.org"}, credential=token).json()
    group = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Admins"}
    deployment.call("POST", USERS.replace("Users", "Groups"), {**group, "members": [{"value": ann["id"]}]}, token)
    renewed = issued(deployment, path)["token"]
    assert deployment.call("GET", f"{USERS}/{ann['id']}", credential=renewed).json()["groups"][0]["display"] == "Admins"
    deployment.call("DELETE", path)
    again = issued(deployment, deployment.add(okta()))["token"]
    assert deployment.call("GET", USERS, credential=renewed).status == 401
    assert deployment.call("GET", USERS, credential=again).json()["totalResults"] == 0
