"""Identity sources of the embedded provider."""

from __future__ import annotations

import pytest

from tests.services.vcf.deployment import PEM, PROVIDERS, Deployment, adfs, ldap, source
from tests.services.vcf.test_providers import refusal


def sources(deployment: Deployment) -> list[str]:
    return [domain for it in deployment.list()[0]["identitySources"] for domain in it["domainNames"]]


def test_a_source_is_added_updated_in_its_place_and_deleted() -> None:
    deployment = Deployment()
    path = f"{deployment.embedded()}/identity-sources"
    answer = deployment.call("POST", path, source("one.example.org"))
    assert (answer.status, answer.body) == (201, b"Added Identity source with domain name one.example.org successfully")
    deployment.call("POST", path, source("two.example.org"))
    assert deployment.call("PATCH", f"{path}/one.example.org", source("uno.example.org")).status == 204
    assert sources(deployment) == ["vsphere.local", "localos", "uno.example.org", "two.example.org"]
    assert deployment.call("DELETE", f"{path}/UNO.example.org").status == 204
    assert sources(deployment) == ["vsphere.local", "localos", "two.example.org"]
    assert refusal(deployment, "DELETE", f"{path}/uno.example.org") == (404, "IDENTITY_SOURCE_NOT_FOUND")


def test_a_source_contains_its_certificates() -> None:
    deployment = Deployment()
    details = {"usersBaseDn": "u", "groupsBaseDn": "g", "certChain": [PEM], "serverEndpoints": ["ldaps://dc1:636"]}
    spec = {"name": "Secure", "ldap": ldap(sourceDetails=details, domainAlias="corp")}
    deployment.call("POST", f"{deployment.embedded()}/identity-sources", spec)
    source = deployment.list()[0]["identitySources"][-1]
    assert source == {
        "name": "Secure",
        "type": "ActiveDirectory",
        "domainNames": ["corp.example.org"],
        "ldap": {
            "type": "ActiveDirectory",
            "domainName": "corp.example.org",
            "domainAlias": "corp",
            "username": "svc",
            "sourceDetails": details,
        },
    }


@pytest.mark.parametrize("domain", ["corp.example.org", "CORP.example.org", "vsphere.local", "adfs.example.org"])
def test_a_domain_belongs_to_one_source_or_provider_only(domain: str) -> None:
    deployment = Deployment()
    deployment.add(adfs())
    path = f"{deployment.embedded()}/identity-sources"
    deployment.call("POST", path, source("corp.example.org"))
    deployment.call("POST", path, source("other.example.org"))
    taken = (409, "IDENTITY_SOURCE_DOMAIN_IN_USE")
    assert refusal(deployment, "POST", path, source(domain)) == taken
    assert refusal(deployment, "PATCH", f"{path}/other.example.org", source(domain)) == taken


def test_an_update_may_change_the_case_of_the_domain() -> None:
    deployment = Deployment()
    path = f"{deployment.embedded()}/identity-sources"
    deployment.call("POST", path, source("corp.example.org"))
    assert deployment.call("PATCH", f"{path}/corp.example.org", source("Corp.Example.Org")).status == 204
    assert sources(deployment)[-1] == "Corp.Example.Org"


def test_the_domain_of_a_deleted_external_provider_is_free() -> None:
    deployment = Deployment()
    deployment.call("DELETE", deployment.add(adfs()))
    added = deployment.call("POST", f"{deployment.embedded()}/identity-sources", source("adfs.example.org"))
    assert added.status == 201


@pytest.mark.parametrize("domain", ["vsphere.local", "localos"])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_sources_of_vcenter_cannot_be_changed(domain: str, method: str) -> None:
    deployment = Deployment()
    path = f"{deployment.embedded()}/identity-sources/{domain}"
    body = source() if method == "PATCH" else None
    assert refusal(deployment, method, path, body) == (409, "IDENTITY_SOURCE_IS_BUILT_IN")


@pytest.mark.parametrize(
    ("method", "rest"), [("POST", ""), ("PATCH", "/adfs.example.org"), ("DELETE", "/adfs.example.org")]
)
def test_an_external_provider_has_no_sources(method: str, rest: str) -> None:
    deployment = Deployment()
    path = f"{deployment.add(adfs())}/identity-sources{rest}"
    body = None if method == "DELETE" else source()
    assert refusal(deployment, method, path, body) == (409, "IDENTITY_PROVIDER_NOT_EMBEDDED")


def test_a_source_of_an_unknown_provider_is_not_found() -> None:
    path = f"{PROVIDERS}/nobody/identity-sources"
    assert refusal(Deployment(), "POST", path, source()) == (404, "IDENTITY_PROVIDER_NOT_FOUND")
