"""`MockServer` puts documents, fixtures, services and worlds together, and refuses what does not exist."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import MockServer
from mockserver.core.messages import Headers, Request, Response
from mockserver.registry import resources
from mockserver.registry.apis import services

NAMES = [service.name for service in services()]
PATH = "/api/identity-providers"


def get(server: MockServer, path: str = PATH, **headers: str) -> Response:
    return server.handle(Request("GET", path, Headers({"Authorization": "Token any", **headers})))


def test_all_services_are_served_unless_some_are_named() -> None:
    assert [*MockServer().engine.operations] == [*NAMES, "control"]
    only = MockServer(services=["netbird"])
    assert [*only.engine.operations] == ["netbird", "control"]
    assert get(only).status == 200
    assert get(only, "/v1/identity-providers").status == 404


@pytest.mark.parametrize("settings", [{"services": ["nowhere"]}, {"scenario": "nowhere"}, {"scenario": ".."}])
def test_a_service_or_scenario_that_does_not_exist_is_refused_with_those_that_do(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"there are .*(netbird|documented)"):
        MockServer(**settings)


def test_worlds_begin_with_the_settings_of_the_server() -> None:
    server = MockServer(
        scenario="empty", seed=7, auth="strict", strict=True, options={"vcf.precheck": "WARNING"}, wall=lambda: 42
    )
    world = server.worlds.get_or_create("default")
    assert (world.origin, world.seed, world.clock.now()) == ("empty", 7, 42)
    assert world.options == {"auth": "strict", "strict": True, "vcf.precheck": "WARNING"}
    assert get(server).status == 401


def test_the_control_plane_is_open_unless_it_has_a_token() -> None:
    assert get(MockServer(), "/_mock/worlds").status == 200
    guarded = MockServer(control_token="opensesame")
    assert get(guarded, "/_mock/worlds").status == 401
    assert get(guarded, "/_mock/worlds", Authorization="Bearer opensesame").status == 200
    assert get(guarded, "/_mock/worlds", Authorization="Bearer \udcff").status == 401
    assert get(guarded, "/_mock/health").status == 200
    assert get(guarded, "/_mock/w/a/_mock/worlds").status == 401


def test_services_credentials_are_no_good_at_a_guarded_control_plane() -> None:
    guarded = MockServer(control_token="opensesame", auth="off")
    for credential in ("Bearer mock-admin", "Token opensesame", "Bearer ", "Bearer OPENSESAME"):
        assert get(guarded, "/_mock/worlds", Authorization=credential).status == 401


def test_a_reload_takes_documents_and_fixtures_anew_and_keeps_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    server = MockServer(scenario="empty")
    world = server.worlds.get_or_create("default")
    read: list[str] = []
    document, scenario = resources.document, resources.scenario

    def noted_document(name: str) -> Any:
        read.append(name)
        return document(name)

    def noted_scenario(name: str) -> Any:
        read.append(name)
        return scenario(name)

    monkeypatch.setattr(resources, "document", noted_document)
    server.worlds.scenario_data = noted_scenario
    server.reload()
    assert {*read} == {*NAMES, "control"}
    assert server.worlds.get_or_create("default") is world
    server.worlds.get_or_create("other")
    assert "empty" in read


def test_a_document_that_does_not_compile_leaves_the_old_one_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    server = MockServer()
    monkeypatch.setattr(resources, "document", lambda _: {"paths": {}, "info": {}})
    with pytest.raises(ValueError, match="do not agree"):
        server.reload()
    assert get(server).status == 200


@pytest.mark.parametrize("name", ["documented", "empty", "acme"])
def test_equal_seeds_scenarios_and_requests_give_equal_bytes(name: str) -> None:
    body = b'{"type":"okta","name":"n","issuer":"https://a.example","client_id":"c","client_secret":"s"}'
    both = [MockServer(scenario=name, seed=3, wall=lambda: 10**18) for _ in range(2)]
    for method, path, sent in [
        ("POST", PATH, body),
        ("GET", PATH, b""),
        ("POST", "/api/integrations/okta-scim-idp", b"{}"),
        ("POST", "/api/v1/directory-sync", b'{"tenant":"t","product":"p"}'),
        ("GET", "/_mock/worlds/default/state", b""),
        ("GET", "/_mock/worlds/default/journal", b""),
    ]:
        headers = Headers({"Authorization": "Bearer any"})
        one, other = (server.handle(Request(method, path, headers, sent)) for server in both)
        assert one.status < 300, one.body
        assert one == other
