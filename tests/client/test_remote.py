"""A running server and its worlds as Python objects."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mockserver import MockServer
from mockserver.client.remote import ControlPlaneError, MockServerClient, MockWorld
from mockserver.transports.background import Background
from mockserver.transports.http_client import HttpClient

PATH = "/api/identity-providers"
TOKEN = {"Authorization": "Token any"}
WORLDS = 1_000


@pytest.fixture(scope="module")
def server() -> Iterator[MockServerClient]:
    with Background(MockServer()) as url:
        client = MockServerClient(url)
        yield client
        client.close()


@pytest.fixture
def world(server: MockServerClient) -> Iterator[MockWorld]:
    world = server.world()
    yield world
    world.drop()


def ask(world: MockWorld, **headers: str) -> int:
    return httpx.get(world.url + PATH, headers={**TOKEN, **headers}).status_code


def test_a_world_is_reached_by_its_url_and_by_its_headers(server: MockServerClient, world: MockWorld) -> None:
    assert ask(world) == 200
    assert httpx.get(server.url + PATH, headers={**TOKEN, **world.headers}).status_code == 200
    assert [it["service"] for it in world.journal] == ["netbird", "netbird"]
    assert world.journal[-1]["id"] == len(world.journal) == 2


def test_a_world_is_created_with_its_settings(server: MockServerClient) -> None:
    world = server.world("wished", scenario="empty", now="2026-11-21T21:00:00Z", options={"auth": "strict"})
    assert (world.clock.frozen, ask(world)) == (True, 401)
    world.drop()


def test_a_clock_is_frozen_advanced_set_and_resumed(world: MockWorld) -> None:
    start = datetime(2030, 1, 1, tzinfo=UTC)
    world.clock.freeze(start)
    world.clock.advance(days=7)
    world.clock.advance(timedelta(hours=1))
    world.clock.advance("PT30M")
    assert world.clock.now == start + timedelta(days=7, hours=1, minutes=30)
    world.clock.set(start)
    assert world.clock.now == start
    world.clock.run()
    assert not world.clock.frozen


def test_faults_are_added_by_the_names_of_the_control_document(world: MockWorld) -> None:
    world.faults.add(service="netbird", operationId="listIdentityProviders", status=503, retryAfter=3, times=1)
    (rule,) = world.faults
    assert rule["match"] == {"service": "netbird", "operationId": "listIdentityProviders"}
    assert rule["effect"] == {"status": 503, "retryAfter": 3}
    assert [ask(world), ask(world)] == [503, 200]
    world.faults.clear()
    assert list(world.faults) == []


def test_a_met_expectation_returns_the_exchanges_and_an_unmet_one_explains_itself(world: MockWorld) -> None:
    ask(world)
    assert world.journal.expect(operation="listIdentityProviders", times=1) == [1]
    with pytest.raises(AssertionError, match="status is 200, not 404"):
        world.journal.expect(path=PATH, status=404)
    with pytest.raises(AssertionError, match=r"expected 2 exchanges .*, found 1"):
        world.journal.expect(path=PATH, times=2)
    world.journal.clear()
    assert world.journal.expect(times=0) == []


def test_a_world_is_rewound_reset_and_restored(world: MockWorld) -> None:
    provider = {"type": "oidc", "name": "A", "issuer": "https://a.example.org", "client_id": "a", "client_secret": "b"}
    first = world.state()
    exchange = httpx.get(world.url + PATH, headers=TOKEN).headers["X-Mock-Exchange"]
    httpx.post(world.url + PATH, headers=TOKEN, json=provider).raise_for_status()
    second = world.state()
    assert second != first
    world.rewind(exchange)
    assert world.state() == first
    world.restore(second)
    assert world.state() == second
    world.reset()
    assert world.state() == first


def test_deliveries_and_mail_are_lists(world: MockWorld) -> None:
    directory = httpx.post(
        world.url + "/api/v1/directory-sync",
        headers=TOKEN | {"Authorization": "Api-Key any"},
        json={"tenant": "t", "product": "p", "webhook_url": "https://example.org/hook", "webhook_secret": "s"},
    ).json()["data"]
    bearer = {"Authorization": f"Bearer {directory['scim']['secret']}"}
    httpx.post(directory["scim"]["endpoint"] + "/Users", headers=bearer, json={"userName": "ann"}).raise_for_status()
    (delivery,) = world.deliveries
    assert world.redeliver(delivery["id"])["status"] == "waiting"
    assert world.mail == []


def test_a_refusal_is_raised_with_its_message(world: MockWorld) -> None:
    with pytest.raises(ControlPlaneError, match="no exchange 99"):
        world.rewind(99)


def test_a_closed_connection_is_opened_again(server: MockServerClient) -> None:
    server.close()
    assert server.ask("GET", "/health")["status"] == "ok"


def test_a_fresh_world_takes_less_than_five_milliseconds(server: MockServerClient) -> None:
    taken = []
    for _ in range(100):
        started = time.perf_counter()
        world = server.world()
        taken.append(time.perf_counter() - started)
        world.drop()
    assert sorted(taken)[50] < 0.005


def test_a_thousand_simultaneous_worlds_are_isolated(server: MockServerClient) -> None:
    """In each step every world creates a provider of its own, over many connections; each finds only its own."""
    local = threading.local()
    provider = {"type": "oidc", "issuer": "https://a.example.org", "client_id": "a", "client_secret": "b"}

    def call(number: int, method: str, body: object = None) -> Any:
        if not hasattr(local, "connection"):
            local.connection = HttpClient(server.url, {**TOKEN, "Content-Type": "application/json"})
            connections.append(local.connection)
        return local.connection.send(method, f"/_mock/w/crowd-{number}{PATH}", body)

    def create(number: int) -> str | None:
        made: str | None = call(number, "POST", {**provider, "name": f"of {number}"}).header("X-Mock-Exchange")
        return made

    def names(number: int) -> list[str]:
        return [it["name"] for it in call(number, "GET").json()]

    connections: list[HttpClient] = []
    crowd = range(WORLDS)
    with ThreadPoolExecutor(16) as pool:
        before = list(pool.map(names, crowd))
        for step in (2, 3):
            assert set(pool.map(create, crowd)) == {str(step)}
        after = list(pool.map(names, crowd))
    assert [sorted(it) for it in after] == [sorted([*before[it], f"of {it}", f"of {it}"]) for it in crowd]
    mine = [it for it in server.ask("GET", "/worlds") if it["name"].startswith("crowd-")]
    assert [it["exchanges"] for it in mine] == [4] * WORLDS
    for connection in connections:
        connection.close()
    for world in mine:
        server.ask("DELETE", f"/worlds/{world['name']}")
