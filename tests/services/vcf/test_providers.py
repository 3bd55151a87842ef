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
    """Status and error code of a call that has to change nothing."""
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


def test_a_second_external_provider_is_refused() -> None:
    deployment = Deployment()
    deployment.add(adfs())
    assert refusal(deployment, "POST", PROVIDERS, okta()) == (409, "IDENTITY_PROVIDER_ALREADY_CONFIGURED")


def test_the_documents_own_scenario_takes_several_external_providers_one_of_them_active() -> None:
    deployment = Deployment("documented")
    deployment.add(adfs())
    deployment.add(okta())
    assert [status for _, status in statuses(deployment)] == ["inactive", "inactive", "inactive", "active"]


@pytest.mark.parametrize(("method", "body"), [("DELETE", None), ("PATCH", adfs())])
def test_the_embedded_provider_can_be_neither_changed_nor_deleted(method: str, body: object) -> None:
    deployment = Deployment()
    assert refusal(deployment, method, deployment.embedded(), body) == (409, "IDENTITY_PROVIDER_IS_EMBEDDED")


@pytest.mark.parametrize("spec", SPECS)
def test_no_secret_is_shown_or_kept(spec: dict[str, Any]) -> None:
    deployment = Deployment()
    path = deployment.add(spec)
    assert deployment.call("POST", f"{deployment.embedded()}/identity-sources", source("src.example.org")).status == 201
    shown = deployment.call("GET", path).body + deployment.call("GET", PROVIDERS).body
    assert b"hidden" not in shown + orjson.dumps(deployment.world.export())


def test_adfs_is_shown_as_the_page_shows_it() -> None:
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


def test_an_okta_provider_is_named_in_its_specification_or_by_the_request() -> None:
    assert _name(okta()) == "Okta"
    assert _name({**okta(), "name": "Login"}) == "Login"


def _name(spec: object) -> str:
    deployment = Deployment()
    return str(deployment.call("GET", deployment.add(spec)).json()["name"])


def test_the_lifetime_of_sync_client_tokens_is_half_a_year_unless_it_is_given() -> None:
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
def test_a_provider_does_not_change_its_kind(present: object, other: object) -> None:
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
def test_a_domain_of_an_identity_source_is_not_free_for_an_external_provider(spec: object) -> None:
    deployment = Deployment()
    deployment.call("POST", f"{deployment.embedded()}/identity-sources", source("corp.example.org"))
    assert refusal(deployment, "POST", PROVIDERS, spec) == (409, "IDENTITY_SOURCE_DOMAIN_IN_USE")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("key", ["e774bd90-0000-4000-8000-000000000000", "x", "%F0%9F%98%80"])
def test_an_unknown_provider_is_not_found(method: str, key: str) -> None:
    body = adfs() if method == "PATCH" else None
    assert refusal(Deployment(), method, f"{PROVIDERS}/{key}", body) == (404, "IDENTITY_PROVIDER_NOT_FOUND")


def test_a_created_provider_is_named_in_bare_text_or_as_json_where_the_world_says_so() -> None:
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
    """A good specification in which one value, anywhere, is replaced or gone."""
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
def test_whatever_is_sent_is_taken_whole_or_refused_without_a_change(spec: object) -> None:
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
