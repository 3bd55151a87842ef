"""httpx code reaches the mock at the vendors' real host names, without a socket, in a world of its own."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from typing import Any

import httpx
import pytest
import respx

import mockserver
from mockserver import MockServer
from mockserver.transports.inprocess import transport

NETBIRD = "https://api.netbird.io/api/identity-providers"
HOSTS = [
    NETBIRD,
    "http://localhost:5225/api/v1/directory-sync?tenant=boxyhq&product=saml-jackson.demo",
    "https://sfo-vcf01.rainpole.io/v1/identity-providers",
    "https://gateway.netfoundry.io/identity/v1/organizations",
    "https://gateway.netFoundry.io/identity/v1/organizations",
    "https://gateway.production.netfoundry.io/identity/v1/organizations",
]
HEADERS = {"Authorization": "Bearer any"}
PROVIDER = {"type": "oidc", "name": "A", "issuer": "https://a.example.org", "client_id": "a", "client_secret": "b"}


@pytest.fixture(scope="module")
def server() -> MockServer:
    return MockServer()


@pytest.fixture(autouse=True)
def without_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("url", HOSTS)
def test_every_vendors_host_answers(server: MockServer, url: str) -> None:
    with mockserver.respx_router(server):
        assert httpx.get(url, headers=HEADERS).status_code == 200


@pytest.mark.parametrize("url", HOSTS)
def test_asynchronous_clients_are_answered_too(server: MockServer, url: str) -> None:
    async def ask() -> int:
        async with httpx.AsyncClient() as client:
            return (await client.get(url, headers=HEADERS)).status_code

    with mockserver.respx_router(server):
        assert asyncio.run(ask()) == 200


def test_a_router_brings_its_own_server_and_can_be_a_decorator() -> None:
    @mockserver.respx_router()
    def ask() -> int:
        return httpx.get(NETBIRD, headers=HEADERS).status_code

    assert ask() == 200


def test_other_hosts_are_refused_unless_the_test_routes_them(server: MockServer) -> None:
    with mockserver.respx_router(server) as router:
        for url in ("https://example.org/", "https://api.netbird.io.example.org/", "https://a.b.netfoundry.io/"):
            with pytest.raises(respx.models.AllMockedAssertionError):
                httpx.get(url)
        router.get("https://example.org/").respond(204)
        assert httpx.get("https://example.org/").status_code == 204


def test_each_router_has_a_fresh_world_that_goes_with_it(server: MockServer) -> None:
    def names() -> list[str]:
        return [it["name"] for it in httpx.get(NETBIRD, headers=HEADERS).json()]

    with mockserver.respx_router(server):
        before = names()
        httpx.post(NETBIRD, json=PROVIDER, headers=HEADERS)
        assert len(names()) == len(before) + 1
    with mockserver.respx_router(server):
        assert names() == before
    gc.collect()
    assert [world.name for world in server.worlds if world.name.startswith("inprocess")] == []


def test_a_named_world_stays_and_is_the_tests_to_look_at(server: MockServer) -> None:
    with mockserver.respx_router(server, world="mine"):
        httpx.get(NETBIRD, headers=HEADERS)
    assert len(server.worlds.get("mine").journal) == 1


def test_urls_that_are_handed_out_lead_to_the_same_world(server: MockServer) -> None:
    with mockserver.respx_router(server):
        body = {"tenant": "t", "product": "p"}
        made = httpx.post("http://localhost:5225/api/v1/directory-sync", json=body, headers=HEADERS).json()["data"]
        bearer = {"Authorization": f"Bearer {made['scim']['secret']}"}
        assert httpx.get(f"{made['scim']['endpoint']}/Users", headers=bearer).json()["totalResults"] == 0


def test_a_transport_answers_any_base_url(server: MockServer) -> None:
    with httpx.Client(transport=transport(server), base_url="https://mock.example.org", headers=HEADERS) as client:
        assert client.post("/api/identity-providers", json=PROVIDER).status_code == 200
        assert client.head("/api/identity-providers").content == b""
        assert client.get("/_mock/worlds").status_code == 200


def test_a_transport_answers_many_asynchronous_requests_at_a_time(server: MockServer) -> None:
    async def ask() -> list[str]:
        async with httpx.AsyncClient(transport=transport(server), base_url="https://mock.example.org") as client:
            asked = [client.post("/api/identity-providers", json=PROVIDER, headers=HEADERS) for _ in range(50)]
            return [answer.json()["id"] for answer in await asyncio.gather(*asked)]

    assert len(set(asyncio.run(ask()))) == 50


def test_delays_pass_side_by_side_and_time_out_like_real_ones(server: MockServer) -> None:
    late = {**HEADERS, "X-Mock-Fault": "delay=300ms"}

    async def ask() -> None:
        async with httpx.AsyncClient() as client:
            await asyncio.gather(*(client.get(NETBIRD, headers=late) for _ in range(10)))

    with mockserver.respx_router(server):
        started = time.perf_counter()
        asyncio.run(ask())
        httpx.get(NETBIRD, headers=late)
        assert 0.6 <= time.perf_counter() - started < 2
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(NETBIRD, headers=late, timeout=0.1)


@pytest.mark.parametrize("fault", ["disconnect", "truncate"])
def test_a_fault_that_breaks_a_response_off_raises_the_error_of_httpx(server: MockServer, fault: str) -> None:
    with mockserver.respx_router(server), pytest.raises(httpx.RemoteProtocolError):
        httpx.get(NETBIRD, headers={**HEADERS, "X-Mock-Fault": fault})


def test_garbage_is_no_json(server: MockServer) -> None:
    with mockserver.respx_router(server):
        answer = httpx.get(NETBIRD, headers={**HEADERS, "X-Mock-Fault": "garbage"})
        with pytest.raises(ValueError, match=r"."):
            answer.json()
