"""Embedded and external identity providers."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.vcf.deployment import PROVIDERS, Deployment, adfs, ldap, okta, source

SPECS = [pytest.param(adfs(), id="adfs"), pytest.param(okta(), id="okta")]


def refusal(deployment: Deployment, method: str, path: str, body: object = None) -> tuple[int, str]:
    """Returns the status and error code of a call that must not change anything."""
    before = deployment.world.state
    answer = deployment.call(method, path, body)
    assert deployment.world.state is before
    return answer.status, answer.json()["errorCode"]


def statuses(deployment: Deployment) -> list[tuple[str, str]]:
    return [(provider["type"], provider["status"]) for provider in deployment.list()]


@pytest.mark.parametrize("spec", SPECS)
def test_a_new_external_provider_is_active_and_the_embedded_one_inactive(spec: dict[str, Any]) -> None:
    deployment = Deployment()
    deployment.add(spec)
    assert [status for _, status in statuses(deployment)] == ["inactive", "active"]


@pytest.mark.parametrize("spec", SPECS)
def test_deleting_the_external_provider_makes_the_embedded_one_active_again(spec: dict[str, Any]) -> None:
    deployment = Deployment()
    path = deployment.add(spec)
    assert deployment.call("DELETE", path).status == 204
    assert statuses(deployment) == [("Embedded", "active")]
    assert refusal(deployment, "GET", path) == (404, "IDENTITY_PROVIDER_NOT_FOUND")


def test_a_second_external_provider_is_a_conflict() -> None:
    deployment = Deployment()
    deployment.add(adfs())
    assert refusal(deployment, "POST", PROVIDERS, okta()) == (409, "IDENTITY_PROVIDER_ALREADY_CONFIGURED")


def test_the_documented_scenario_accepts_several_external_providers_of_which_one_is_active() -> None:
    deployment = Deployment("documented")
    deployment.add(adfs())
    deployment.add(okta())
    assert [status for _, status in statuses(deployment)] == ["inactive", "inactive", "inactive", "active"]


@pytest.mark.parametrize(("method", "body"), [("DELETE", None), ("PATCH", adfs())])
def test_the_embedded_provider_can_be_neither_changed_nor_deleted(method: str, body: object) -> None:
    deployment = Deployment()
    assert refusal(deployment, method, deployment.embedded(), body) == (409, "IDENTITY_PROVIDER_IS_EMBEDDED")


@pytest.mark.parametrize("spec", SPECS)
def test_secrets_are_neither_returned_nor_stored(spec: dict[str, Any]) -> None:
    deployment = Deployment()
    path = deployment.add(spec)
    assert deployment.call("POST", f"{deployment.embedded()}/identity-sources", source("src.example.org")).status == 201
    bodies = deployment.call("GET", path).body + deployment.call("GET", PROVIDERS).body
    assert b"hidden" not in bodies + orjson.dumps(deployment.world.export())


def test_an_adfs_provider_has_the_documented_form() -> None:
    deployment = Deployment()
    provider = deployment.call("GET", deployment.add(adfs())).json()
    assert provider.pop("id")
    assert provider == {
        "name": "ADFS",
        "type": "Microsoft ADFS",
        "domainNames": ["adfs.example.org"],
        "ldap": {
            "type": "Oidc",
            "domainName": "adfs.example.org",
            "username": "svc",
            "sourceDetails": {
                "usersBaseDn": "ou=people",
                "groupsBaseDn": "ou=groups",
                "serverEndpoints": ["ldap://dc1.example.org"],
            },
        },
        "oidc": {"clientId": "client", "discoveryEndpoint": "https://login.example.org/oidc"},
        "status": "active",
    }


def test_the_name_of_an_okta_provider_is_in_the_request_or_in_its_specification() -> None:
    assert _name(okta()) == "Okta"
    assert _name({**okta(), "name": "Login"}) == "Login"


def _name(spec: object) -> str:
    deployment = Deployment()
    return str(deployment.call("GET", deployment.add(spec)).json()["name"])


def test_the_default_lifetime_of_sync_client_tokens_is_half_a_year() -> None:
    assert _lifetime(okta()) == 15_552_000
    assert _lifetime(okta(syncClientTokenTTL=60)) == 60


def _lifetime(spec: object) -> int:
    deployment = Deployment()
    return int(deployment.call("GET", deployment.add(spec)).json()["fedIdp"]["syncClientTokenTTL"])


def test_an_update_replaces_the_settings_and_keeps_id_status_and_token() -> None:
    deployment = Deployment()
    path = deployment.add(okta())
    deployment.call("POST", f"{path}/sync-client")
    before = deployment.call("GET", path).json()
    assert deployment.call("PATCH", path, okta(name="Renamed")).status == 204
    after = deployment.call("GET", path).json()
    assert (after["name"], after["fedIdp"]["name"]) == ("Renamed", "Renamed")
    assert (after["id"], after["status"]) == (before["id"], before["status"])
    assert after["fedIdp"]["syncClientTokenInfo"] == before["fedIdp"]["syncClientTokenInfo"]


@pytest.mark.parametrize(("present", "other"), [(adfs(), okta()), (okta(), adfs())], ids=["adfs", "okta"])
def test_an_update_cannot_change_the_type_of_a_provider(present: object, other: object) -> None:
    deployment = Deployment()
    path = deployment.add(present)
    assert refusal(deployment, "PATCH", path, other) == (409, "IDENTITY_PROVIDER_TYPE_MISMATCH")


def test_the_default_domain_is_one_of_the_domains_in_any_case() -> None:
    directory = {"name": "people", "defaultDomain": "A.example.org", "domains": ["a.Example.org"]}
    deployment = Deployment()
    wrong = okta(directory={**directory, "defaultDomain": "c.example.org"})
    assert refusal(deployment, "POST", PROVIDERS, wrong) == (409, "IDENTITY_PROVIDER_DEFAULT_DOMAIN_UNKNOWN")
    deployment.add(okta(directory=directory))


@pytest.mark.parametrize("spec", [adfs(ldap=ldap("Corp.Example.org")), okta(directory={
    "name": "people", "defaultDomain": "CORP.example.org", "domains": ["corp.example.org"]
})], ids=["adfs", "okta"])  # fmt: skip
def test_an_external_provider_cannot_take_the_domain_of_an_identity_source(spec: object) -> None:
    deployment = Deployment()
    deployment.call("POST", f"{deployment.embedded()}/identity-sources", source("corp.example.org"))
    assert refusal(deployment, "POST", PROVIDERS, spec) == (409, "IDENTITY_SOURCE_DOMAIN_IN_USE")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("key", ["e774bd90-0000-4000-8000-000000000000", "x", "%F0%9F%98%80"])
def test_an_unknown_provider_is_not_found(method: str, key: str) -> None:
    body = adfs() if method == "PATCH" else None
    assert refusal(Deployment(), method, f"{PROVIDERS}/{key}", body) == (404, "IDENTITY_PROVIDER_NOT_FOUND")


def test_the_id_of_a_created_provider_is_bare_text_or_json_as_the_option_says() -> None:
    bare = Deployment().call("POST", PROVIDERS, adfs())
    quoted = Deployment(options={"vcf.json-bodies": True}).call("POST", PROVIDERS, adfs())
    assert bare.header("Content-Type") == quoted.header("Content-Type") == "application/json"
    assert quoted.json() == bare.body.decode()


json = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def mangled(draw: st.DrawFn) -> Any:
    """Yields valid specifications in which one value, at any depth, is replaced or removed."""
    spec = orjson.loads(orjson.dumps(draw(st.sampled_from([adfs(), okta()]))))
    at, key = spec, draw(st.sampled_from(sorted(spec)))
    while isinstance(at[key], dict) and draw(st.booleans()):
        at = at[key]
        key = draw(st.sampled_from(sorted(at)))
    if draw(st.booleans()):
        del at[key]
    else:
        at[key] = draw(json)
    return spec


@settings(max_examples=300)
@given(spec=mangled() | json)
def test_any_request_is_applied_as_a_whole_or_changes_nothing(spec: object) -> None:
    before = SHARED.world.state
    answer = SHARED.call("POST", PROVIDERS, spec)
    if answer.status == 201:
        assert SHARED.call("GET", f"{PROVIDERS}/{answer.body.decode()}").status == 200
        assert SHARED.call("POST", f"{PROVIDERS}/{answer.body.decode()}/sync-client").status in (200, 409)
        assert SHARED.call("DELETE", f"{PROVIDERS}/{answer.body.decode()}").status == 204
    else:
        assert answer.status in (400, 409)
        assert answer.json()["message"]
        assert answer.json()["remediationMessage"]
        assert SHARED.world.state is before


SHARED = Deployment()
