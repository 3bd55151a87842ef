"""VMware Cloud Foundation's external provider: there is one at most, and its sync client gets in where it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ..framework.deployment import Deployment
from ..framework.documents import body_example, operations

pytestmark = [pytest.mark.once, pytest.mark.proves("lifecycle"), pytest.mark.service("vcf")]

PROVIDERS = "/v1/identity-providers"


@pytest.fixture
def vcf(deployment_of: Callable[[str], Deployment]) -> Deployment:
    """A deployment with an Okta provider."""
    return (
        deployment_of("vcf")
        .fresh("documented-okta", auth="strict")
        .only_mock("a deployment's own provider is left alone")
    )


def external(vcf: Deployment) -> Any:
    """The external provider, as the list shows it."""
    (found,) = (it for it in vcf.send("GET", PROVIDERS).json()["elements"] if "fedIdp" in it)
    return found


def test_a_second_external_provider_is_refused_and_nothing_changes(vcf: Deployment) -> None:
    before = vcf.state()
    body = body_example(operations("vcf")["addExternalIdentityProvider"])
    assert vcf.send("POST", PROVIDERS, body).status_code == 409
    assert vcf.state() == before


def test_the_sync_client_s_token_opens_the_place_that_comes_with_it(vcf: Deployment) -> None:
    provider = external(vcf)
    given = vcf.send("POST", f"{PROVIDERS}/{provider['id']}/sync-client").json()
    path = given["scimUrl"].partition("://")[2].partition("/")[2]
    headers = {"Authorization": f"Bearer {given['token']}"}
    assert vcf.send("GET", f"/{path}/Users", headers=headers).status_code == 200
    information = external(vcf)["fedIdp"]["syncClientTokenInfo"]
    assert information["scimUrl"] == given["scimUrl"]
    again = vcf.send("POST", f"{PROVIDERS}/{provider['id']}/sync-client").json()
    assert again["token"] != given["token"]
    assert vcf.send("GET", f"/{path}/Users", headers=headers).status_code == 401


def test_a_domain_is_the_source_s_that_has_it_first(vcf: Deployment) -> None:
    (embedded,) = (it["id"] for it in vcf.send("GET", PROVIDERS).json()["elements"] if "fedIdp" not in it)
    example = body_example(operations("vcf")["addEmbeddedIdentitySource"])
    body = {**example, "ldap": {**example["ldap"], "domainName": "new.test.example", "domainAlias": "new"}}
    path = f"{PROVIDERS}/{embedded}/identity-sources"
    assert vcf.send("POST", path, body).status_code == 201
    before = vcf.state()
    assert vcf.send("POST", path, body).status_code == 409
    assert vcf.state() == before


def test_a_renewed_login_gets_in(vcf: Deployment) -> None:
    good = body_example(operations("vcf")["createToken"])
    login = vcf.send("POST", "/v1/tokens", good, credential=None).json()
    renewed = vcf.send("PATCH", "/v1/tokens/access-token/refresh", login["refreshToken"]["id"], credential=None)
    assert renewed.status_code == 200
    for token in (login["accessToken"], renewed.text.strip('"')):
        assert vcf.send("GET", PROVIDERS, credential=token).status_code == 200


def test_only_who_knows_the_password_logs_in_and_only_that_login_is_renewed(vcf: Deployment) -> None:
    good = body_example(operations("vcf")["createToken"])
    assert vcf.send("POST", "/v1/tokens", good, credential=None).status_code == 201
    for wrong in ({**good, "password": "wrong"}, {**good, "username": "nobody@test.example"}):
        assert vcf.send("POST", "/v1/tokens", wrong, credential=None).status_code == 401
    refreshed = vcf.send("PATCH", "/v1/tokens/access-token/refresh", "00000000-0000-4000-8000-000000000000")
    assert refreshed.status_code == 404
