"""The mock as an aiohttp application, on aiohttp's own test server."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from contract_tests.framework.receiver import Receiver
from mockserver import MockServer, web_application

PATH = "/api/identity-providers"
HEADERS = {"Authorization": "Token any"}
PROVIDER = {"type": "okta", "name": "n", "issuer": "https://a.example", "client_id": "c", "client_secret": "s"}
PAGE = "http://localhost:5173"

Mock: TypeAlias = TestClient[web.Request, web.Application]
Scene: TypeAlias = Callable[[Mock], Awaitable[None]]


@pytest.fixture(scope="module")
def server() -> MockServer:
    return MockServer(scenario="empty")


@asynccontextmanager
async def client_of(application: web.Application) -> AsyncIterator[Mock]:
    async with TestClient(TestServer(application)) as client:
        yield client


def play(application: web.Application, scene: Scene) -> None:
    async def run() -> None:
        async with asyncio.timeout(20), client_of(application) as client:
            await scene(client)

    asyncio.run(run())


@pytest.fixture(autouse=True)
def nothing_is_logged_as_an_error(caplog: pytest.LogCaptureFixture) -> Any:
    yield
    assert [it for it in caplog.records if it.levelno >= logging.WARNING] == []


def test_what_is_created_is_listed() -> None:
    async def scene(client: Mock) -> None:
        made = await client.post(PATH, json=PROVIDER, headers=HEADERS)
        assert (made.status, made.content_type) == (200, "application/json")
        listed = await client.get(PATH, headers=HEADERS)
        assert [it["name"] for it in await listed.json()] == ["n"]
        assert (await client.get("/_mock/health")).status == 200

    play(web_application(scenario="empty", services=["netbird"]), scene)


def test_settings_are_those_of_a_server(server: MockServer) -> None:
    with pytest.raises(ValueError, match="no scenario 'nowhere'"):
        web_application(scenario="nowhere")
    with pytest.raises(TypeError, match="settings already: seed"):
        web_application(server, seed=1)


def test_a_server_that_is_given_is_the_one_that_answers(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        await client.get(PATH, headers={**HEADERS, "X-Mock-World": "given"})

    play(web_application(server), scene)
    assert len(server.worlds.get("given").journal) == 1


def test_routes_that_a_program_adds_are_its_own(server: MockServer) -> None:
    async def own(_: web.Request) -> web.Response:
        return web.Response(text="own")

    async def scene(client: Mock) -> None:
        assert await (await client.get("/own")).text() == "own"
        assert (await client.get("/own/below")).status == 404
        assert "nearest" in await (await client.get("/own/below")).text()

    application = web_application(server)
    application.router.add_get("/own", own)
    play(application, scene)


def test_a_host_that_is_not_ours_is_misdirected_unless_it_is_allowed(server: MockServer) -> None:
    async def refused(client: Mock) -> None:
        answer = await client.get(PATH, headers={**HEADERS, "Host": "example.com"})
        assert answer.status == 421

    async def allowed(client: Mock) -> None:
        answer = await client.get(PATH, headers={**HEADERS, "Host": "example.com"})
        assert answer.status == 200

    play(web_application(server), refused)
    play(web_application(server, allow_hosts=["example.com"]), allowed)


def test_a_page_of_another_origin_may_use_the_services_and_not_the_control_plane(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        answer = await client.get(PATH, headers={**HEADERS, "Origin": PAGE})
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE
        assert (await client.get("/_mock/worlds", headers={"Origin": PAGE})).status == 403

    play(web_application(server), scene)


def test_a_body_that_is_too_large_is_refused_in_the_services_words(server: MockServer) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 50

    async def scene(client: Mock) -> None:
        for data in (b"x" * 101, pieces()):
            answer = await client.post(PATH, data=data, headers=HEADERS)
            assert (answer.status, (await answer.json())["code"]) == (413, 413)
        json_type = {**HEADERS, "Content-Type": "application/json"}
        assert (await client.post(PATH, data=b"x" * 100, headers=json_type)).status == 400

    play(web_application(server, max_body=100), scene)


def test_a_delay_delays_its_own_response_and_no_other(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        started = time.perf_counter()
        late = asyncio.create_task(_seconds(client, {**HEADERS, "X-Mock-Fault": "delay=500ms"}))
        assert (await client.get(PATH, headers=HEADERS)).status == 200
        assert time.perf_counter() - started < 0.5
        assert await late >= 0.5

    async def _seconds(client: Mock, headers: dict[str, str]) -> float:
        started = time.perf_counter()
        assert (await client.get(PATH, headers=headers)).status == 200
        return time.perf_counter() - started

    play(web_application(server), scene)


def test_a_disconnect_is_a_connection_that_ends_without_an_answer(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.post(PATH, headers={**HEADERS, "X-Mock-Fault": "disconnect"})

    play(web_application(server), scene)


def test_a_truncated_answer_breaks_off_in_its_body(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        answer = await client.get(PATH, headers={**HEADERS, "X-Mock-Fault": "truncate"})
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
        with pytest.raises(aiohttp.ClientError):
            await client.head(PATH, headers={**HEADERS, "X-Mock-Fault": "truncate"})

    play(web_application(MockServer(services=["netbird"])), scene)


def test_garbage_is_no_json(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        answer = await client.get(PATH, headers={**HEADERS, "X-Mock-Fault": "garbage"})
        with pytest.raises(ValueError, match=r"."):
            json.loads(await answer.read())

    play(web_application(server), scene)


def test_a_follower_receives_each_exchange_as_it_happens(server: MockServer) -> None:
    world = {**HEADERS, "X-Mock-World": "followed"}

    async def scene(client: Mock) -> None:
        await client.get(PATH, headers=world)
        stream = await client.get("/_mock/worlds/followed/journal?follow")
        assert stream.content_type == "text/event-stream"
        for number in (1, 2):
            assert await stream.content.readline() == b"id: %d\n" % number
            assert (await stream.content.readline()).startswith(b"data: {")
            assert await stream.content.readline() == b"\n"
            await client.get(PATH, headers=world)
        await client.delete("/_mock/worlds/followed")
        assert (await stream.content.read()).count(b"id: ") == 1

    play(web_application(server), scene)


def test_a_follower_that_leaves_is_forgotten(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        await client.get(PATH, headers=HEADERS)
        journal = server.worlds.get("default").journal
        stream = await client.get("/_mock/worlds/default/journal?follow")
        assert journal.followed
        stream.close()
        while journal.followed:
            await client.get(PATH, headers=HEADERS)
            await asyncio.sleep(0.01)

    play(web_application(server), scene)


def test_a_server_that_stops_does_not_wait_for_those_who_follow(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        await client.get(PATH, headers=HEADERS)
        stream = await client.get("/_mock/worlds/default/journal?follow&limit=1")
        started = time.perf_counter()
        await client.server.close()
        assert time.perf_counter() - started < 5
        assert b"id: " in await stream.content.read()

    play(web_application(server), scene)
    assert not server.worlds.get("default").journal.followed


def test_a_client_that_leaves_before_its_request_is_whole_asked_nothing(server: MockServer) -> None:
    async def scene(client: Mock) -> None:
        await client.get(PATH, headers={**HEADERS, "X-Mock-World": "unfinished"})
        reader, writer = await asyncio.open_connection(client.host, client.port)
        head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nX-Mock-World: unfinished\r\nContent-Length: 50\r\n\r\n"
        writer.write(head.encode() + b"{")
        await asyncio.sleep(0.05)
        writer.close()
        await asyncio.sleep(0.05)
        assert await reader.read() == b""

    play(web_application(server), scene)
    assert len(server.worlds.get("unfinished").journal) == 1


def test_webhooks_are_delivered_while_the_application_runs() -> None:
    async def scene(client: Mock) -> None:
        with Receiver("hush") as receiver:
            wish = {"tenant": "t", "product": "p", "webhook_url": receiver.url, "webhook_secret": "hush"}
            made = await client.post("/api/v1/directory-sync", json=wish, headers={"Authorization": "Bearer any"})
            scim = (await made.json())["data"]["scim"]
            assert scim["endpoint"].startswith(f"http://{client.host}:{client.port}/")
            bearer = {"Authorization": f"Bearer {scim['secret']}"}
            await client.post(f"{scim['path']}/Users", json={"userName": "ann"}, headers=bearer)
            (received,) = await asyncio.to_thread(receiver.wait, 1)
            assert received.verified

    play(web_application(scenario="empty"), scene)
