"""VMware Cloud Foundation: at most one external provider, whose sync client can use SCIM; unique domains; logins."""

from __future__ import annotations

from typing import Any

import pytest

from ..framework.documents import operations
from ..framework.samples import body_example
from ..framework.session import OpenSession, Session

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("lifecycle"), pytest.mark.service("vcf")]

PROVIDERS = "/v1/identity-providers"


@pytest.fixture
def vcf(open_session: OpenSession) -> Session:
    """A session with a deployment that has an Okta provider."""
    return open_session("vcf", "documented-okta", auth="strict").require_mock(
        "the suite does not touch the provider that a deployment has"
    )


def external(vcf: Session) -> Any:
    """Returns the external provider, as the list of all providers shows it."""
    (provider,) = (it for it in vcf.send("GET", PROVIDERS).json()["elements"] if "fedIdp" in it)
    return provider


def test_a_second_external_provider_is_refused_and_nothing_changes(vcf: Session) -> None:
    before = vcf.state()
    body = body_example(operations("vcf")["addExternalIdentityProvider"])
    assert vcf.send("POST", PROVIDERS, body).status_code == 409
    assert vcf.state() == before


def test_the_newest_token_of_the_sync_client_is_valid_at_the_scim_url_that_comes_with_it(vcf: Session) -> None:
    provider = external(vcf)
    first = vcf.send("POST", f"{PROVIDERS}/{provider['id']}/sync-client").json()
    path = first["scimUrl"].partition("://")[2].partition("/")[2]
    headers = {"Authorization": f"Bearer {first['token']}"}
    assert vcf.send("GET", f"/{path}/Users", headers=headers).status_code == 200
    token_info = external(vcf)["fedIdp"]["syncClientTokenInfo"]
    assert token_info["scimUrl"] == first["scimUrl"]
    second = vcf.send("POST", f"{PROVIDERS}/{provider['id']}/sync-client").json()
    assert second["token"] != first["token"]
    assert vcf.send("GET", f"/{path}/Users", headers=headers).status_code == 401


def test_a_domain_belongs_to_only_one_identity_source(vcf: Session) -> None:
    (embedded,) = (it["id"] for it in vcf.send("GET", PROVIDERS).json()["elements"] if "fedIdp" not in it)
    example = body_example(operations("vcf")["addEmbeddedIdentitySource"])
    body = {**example, "ldap": {**example["ldap"], "domainName": "new.test.example", "domainAlias": "new"}}
    path = f"{PROVIDERS}/{embedded}/identity-sources"
    assert vcf.send("POST", path, body).status_code == 201
    before = vcf.state()
    assert vcf.send("POST", path, body).status_code == 409
    assert vcf.state() == before


def test_the_access_token_of_a_login_and_its_refreshed_one_are_valid(vcf: Session) -> None:
    valid = body_example(operations("vcf")["createToken"])
    login = vcf.send("POST", "/v1/tokens", valid, credential=None).json()
    refreshed = vcf.send("PATCH", "/v1/tokens/access-token/refresh", login["refreshToken"]["id"], credential=None)
    assert refreshed.status_code == 200
    for token in (login["accessToken"], refreshed.text.strip('"')):
        assert vcf.send("GET", PROVIDERS, credential=token).status_code == 200


def test_a_login_needs_the_password_and_a_refresh_needs_a_login(vcf: Session) -> None:
    valid = body_example(operations("vcf")["createToken"])
    assert vcf.send("POST", "/v1/tokens", valid, credential=None).status_code == 201
    for wrong in ({**valid, "password": "wrong"}, {**valid, "username": "nobody@test.example"}):
        assert vcf.send("POST", "/v1/tokens", wrong, credential=None).status_code == 401
    response = vcf.send("PATCH", "/v1/tokens/access-token/refresh", "00000000-0000-4000-8000-000000000000")
    assert response.status_code == 404
