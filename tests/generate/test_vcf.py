"""The scenarios of VMware Cloud Foundation."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest

from mockserver.generate import vcf
from mockserver.registry import resources
from tests.services.vcf.deployment import PROVIDERS, Deployment

SCENARIOS = [vcf.documented, vcf.documented_okta, vcf.empty, vcf.acme, vcf.acme_okta]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_every_record_obeys_its_schema(scenario: Callable[[], vcf.Collections]) -> None:
    """The engine checks every response against the document."""
    deployment = Deployment(scenario.__name__.replace("_", "-"))
    for key in scenario()["vcf.providers"]:
        assert deployment.call("GET", f"{PROVIDERS}/{key}").status == 200
    for result in vcf.PRECHECKS:
        deployment.world.options["vcf.precheck"] = result
        assert deployment.call("GET", "/v1/identity-broker/prechecks").json()["status"] == result


def test_one_provider_is_active_and_the_embedded_one_comes_first() -> None:
    for scenario in SCENARIOS:
        listed = Deployment(scenario.__name__.replace("_", "-")).list()
        assert listed[0]["type"] == "Embedded"
        assert [provider["status"] for provider in listed].count("active") == 1


def test_every_id_in_the_examples_leads_to_a_provider() -> None:
    path = resources.folder("contract_tests") / "documented" / "vcf.json"
    for example in orjson.loads(path.read_bytes()):
        parts = example["request"]["path"].split("/")
        if parts[2] == "identity-providers" and len(parts) > 3:
            assert Deployment("documented").call("GET", f"{PROVIDERS}/{parts[3]}").status == 200


def test_the_token_of_acmes_sync_client_lists_acmes_people() -> None:
    deployment = Deployment("acme-okta")
    provider = deployment.list()[1]
    token = deployment.call("POST", f"{PROVIDERS}/{provider['id']}/sync-client").json()["token"]
    users = deployment.call("GET", "/usergroup/t/CUSTOMER/scim/v2/Users?count=1", credential=token).json()
    groups = deployment.call("GET", "/usergroup/t/CUSTOMER/scim/v2/Groups?count=1", credential=token).json()
    assert (users["totalResults"], groups["totalResults"]) == (vcf.STAFF, len(vcf.GROUPS))


def test_a_variant_has_the_other_services_of_its_original() -> None:
    base, variant = resources.scenario("documented"), resources.scenario("documented-okta")
    for name, records in base["collections"].items():
        if not name.startswith("vcf."):
            assert variant["collections"][name] == records
