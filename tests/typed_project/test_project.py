"""A project of a user with typed tests: `tests/test_typing.py` has mypy check it, and pytest runs it as it is."""

from __future__ import annotations

from datetime import datetime
from typing import assert_type

import httpx
from aiohttp import web

import mockserver
from mockserver import Headers, MockApi, MockServer, MockWorld, Request, Response


def test_a_server_answers_in_process() -> None:
    server = MockServer(scenario="empty", seed=1)
    request = Request("GET", "/api/identity-providers", Headers({"Authorization": "Token any"}))
    response = assert_type(server.handle(request), Response)
    assert assert_type(response.status, int) == 200


def test_a_test_has_a_world(mock_world: MockWorld) -> None:
    mock_world.clock.advance(days=7)
    mock_world.faults.add(operation="listIdentityProviders", status=503, times=1)
    assert assert_type(mock_world.clock.now, datetime).tzinfo is not None
    assert assert_type(mock_world.url, str).startswith("http://")


def test_a_test_has_an_api(netbird_api: MockApi) -> None:
    assert_type(netbird_api.world, MockWorld)
    headers = assert_type(netbird_api.headers, dict[str, str])
    assert httpx.get(f"{netbird_api.url}/api/identity-providers", headers=headers).status_code == 200


def test_httpx_meets_the_mock_without_sockets() -> None:
    with mockserver.respx_router() as router:
        assert_type(router.calls.call_count, int)
        response = httpx.get("https://api.netbird.io/api/identity-providers", headers={"Authorization": "Token any"})
    assert response.status_code == 200


def test_the_mock_is_an_application_of_aiohttp() -> None:
    assert not assert_type(mockserver.web_application(scenario="empty"), web.Application).frozen
