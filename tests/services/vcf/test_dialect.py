"""Error objects: each says what is wrong and how to correct it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.vcf.deployment import OIDC, PEM, PROVIDERS, Deployment, adfs, ldap, okta

DETAILS = ldap()["sourceDetails"]


def details(**changes: object) -> dict[str, Any]:
    return adfs(ldap=ldap(sourceDetails={**DETAILS, **changes}))


WRONG = {
    "adfs fields with a broker type": ({**adfs(), **okta()}, "ldap", "fedIdpSpec"),
    "broker fields with an adfs type": ({**adfs(), "fedIdpSpec": okta()["fedIdpSpec"]}, "fedIdpSpec", "oidc"),
    "an unknown type": (adfs(type="Ping"), "type", "FEDERATED_IDP_BROKER"),
    "no type": ({"name": "x"}, "type", "FEDERATED_IDP_BROKER"),
    "no client secret": (adfs(oidc={**OIDC, "clientSecret": ""}), "oidc.clientSecret", "causes"),
    "no password": (adfs(ldap={k: v for k, v in ldap().items() if k != "password"}), "ldap.password", "causes"),
    "a certificate that is not PEM": (adfs(certChain=["MIIB"]), "certChain.0", "PEM"),
    "a certificate cut short": (details(certChain=[PEM[:-40]]), "ldap.sourceDetails.certChain.0", "PEM"),
    "an LDAP URL that is none": (
        details(serverEndpoints=["http://dc1"]),
        "ldap.sourceDetails.serverEndpoints.0",
        "ldap",
    ),
    "no LDAP URL": (details(serverEndpoints=[]), "ldap.sourceDetails.serverEndpoints", "ldap"),
    "ldaps without a certificate": (details(serverEndpoints=["ldaps://dc1"]), "ldap.sourceDetails.certChain", "PEM"),
    "a domain that is none": (adfs(ldap=ldap("not a domain")), "ldap.domainName", "DNS"),
    "a discovery endpoint that is no URL": (
        adfs(oidc={**OIDC, "discoveryEndpoint": "login"}),
        "oidc.discoveryEndpoint",
        "http",
    ),
    "a TTL of 0": (okta(syncClientTokenTTL=0), "fedIdpSpec.syncClientTokenTTL", "31536000"),
    "a TTL beyond a year": (okta(syncClientTokenTTL=31_536_001), "fedIdpSpec.syncClientTokenTTL", "31536000"),
    "a TTL that is text": (okta(syncClientTokenTTL="60"), "fedIdpSpec.syncClientTokenTTL", "31536000"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_error_names_the_field_and_the_remedy(case: str) -> None:
    spec, field, remedy = WRONG[case]
    deployment = Deployment()
    before = deployment.world.state
    answer = deployment.call("POST", PROVIDERS, spec)
    error = answer.json()
    assert (answer.status, error["errorCode"]) == (400, "INVALID_INPUT")
    assert field in error["arguments"]
    assert any(cause["message"].startswith(field + " ") for cause in error["causes"])
    assert field in error["message"]
    assert remedy in error["remediationMessage"]
    assert deployment.world.state is before


def test_an_error_lists_a_bounded_number_of_causes() -> None:
    answer = Deployment().call("POST", PROVIDERS, adfs(certChain=["x"] * 90))
    assert len(answer.json()["causes"]) == 20


def raw(body: bytes, content_type: str = "application/json") -> tuple[int, str]:
    headers = {"Authorization": "Bearer mock-admin", "Content-Type": content_type}
    answer = Deployment().send("POST", PROVIDERS, headers, body)
    return answer.status, answer.json()["errorCode"]


def test_a_malformed_body_gets_an_error_of_the_same_form() -> None:
    assert raw(b"{") == (400, "MALFORMED_REQUEST")
    assert raw(b"") == (400, "MALFORMED_REQUEST")
    assert raw(b"[" * 10_000) == (400, "MALFORMED_REQUEST")
    assert raw(b"{}", "text/plain") == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_all_errors_have_the_same_form() -> None:
    deployment = Deployment()
    unauthenticated = deployment.call("GET", PROVIDERS, credential=None)
    assert (unauthenticated.status, unauthenticated.json()["errorCode"]) == (401, "IDENTITY_UNAUTHORIZED_ENTITY")
    forbidden = deployment.call("DELETE", deployment.embedded(), credential="mock-reader")
    assert (forbidden.status, forbidden.json()["errorCode"]) == (403, "IDENTITY_FORBIDDEN_OPERATION")
    method = deployment.call("PUT", PROVIDERS)
    assert (method.status, method.json()["errorCode"]) == (405, "METHOD_NOT_ALLOWED")
    assert method.header("Allow") == "GET, HEAD, OPTIONS, POST"
    path = deployment.call("GET", f"{PROVIDERS}/a/b/c")
    assert (path.status, path.json()["errorCode"]) == (404, "RESOURCE_NOT_FOUND")
    assert any(PROVIDERS in nearest for nearest in path.json()["arguments"])


def test_reference_tokens_are_equal_for_equal_errors_only() -> None:
    first, again, other = [Deployment().call("GET", f"{PROVIDERS}/{key}").json() for key in "aab"]
    assert first == again
    assert first["referenceToken"] != other["referenceToken"]
