"""Health, services, their documents with absolute URLs, and the public keys."""

from __future__ import annotations

import pytest

from mockserver.core import tokens
from mockserver.registry.apis import services
from tests.toy.control import ControlPlane

NAMES = [service.name for service in services()]


def test_health_needs_no_token() -> None:
    guarded = ControlPlane(control_token="opensesame")
    health = guarded.ask("GET", "health")
    assert (health["status"], health["services"]) == ("ok", NAMES)


def test_each_service_is_listed_with_its_urls(control: ControlPlane) -> None:
    services = control.ask("GET", "services")
    assert [it["name"] for it in services] == NAMES
    (netbird,) = [it for it in services if it["name"] == "netbird"]
    assert netbird["urls"] == ["http://127.0.0.1:8080"]
    assert netbird["document"] == "http://127.0.0.1:8080/_mock/openapi/netbird.json"
    assert netbird["operations"] == 26


@pytest.mark.parametrize("name", [*NAMES, "control"])
def test_every_document_is_served_with_absolute_urls(control: ControlPlane, name: str) -> None:
    document = control.ask("GET", f"openapi/{name}.json")
    assert document["openapi"] == "3.1.0"
    assert all(server["url"].startswith("http://127.0.0.1:8080") for server in document["servers"])


@pytest.mark.parametrize("name", [*NAMES, "control"])
def test_no_query_parameter_of_a_served_document_is_an_object(control: ControlPlane, name: str) -> None:
    document = control.ask("GET", f"openapi/{name}.json")
    shared = document["components"].get("parameters", {}).values()
    own = [
        it
        for item in document["paths"].values()
        for part in item.values()
        if "parameters" in part
        for it in part["parameters"]
    ]
    parameters = [it for it in (*shared, *own) if it.get("in") == "query"]
    assert not [it["name"] for it in parameters if it["schema"].get("type") == "object"]


def test_through_a_worlds_prefix_the_urls_lead_to_that_world(control: ControlPlane) -> None:
    document = control.call("GET", "/_mock/w/a/_mock/openapi/netbird.json").json()
    assert document["servers"] == [{"url": "http://127.0.0.1:8080/_mock/w/a"}]


def test_a_strict_server_serves_closed_requests(control: ControlPlane) -> None:
    def create(server: ControlPlane) -> bool:
        document = server.ask("GET", "openapi/netbird.json")
        return document["components"]["schemas"]["IdentityProviderCreate"].get("additionalProperties") is False

    assert not create(control)
    assert create(ControlPlane(strict=True))


@pytest.mark.parametrize("target", ["openapi/nowhere.json", "openapi/netbird", "openapi/../netbird.json"])
def test_an_unknown_document_is_not_found(control: ControlPlane, target: str) -> None:
    control.ask("GET", target, status=404)
    ControlPlane(services=["vcf"]).ask("GET", "openapi/netbird.json", status=404)


def test_the_public_keys_are_served(control: ControlPlane) -> None:
    assert control.ask("GET", "jwks.json") == tokens.key_set()


def test_unknown_paths_and_methods_are_refused_in_the_control_planes_format(control: ControlPlane) -> None:
    assert "GET /_mock/health" in control.ask("GET", "helth", status=404)["nearest"]
    response = control.call("DELETE", "/_mock/health")
    assert (response.status, response.header("Allow")) == (405, "GET, HEAD, OPTIONS")
