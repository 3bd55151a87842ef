"""Teams, as a client of the API sees them, in a world that this test has for itself."""

from __future__ import annotations

import httpx
from mockserver.client.pytest_plugin import MockApi

TEAMS = "/new-api/v1/teams"


def client(api: MockApi) -> httpx.Client:
    return httpx.Client(base_url=api.url, headers=api.headers)


def test_a_created_team_is_listed_until_it_is_deleted(new_api_api: MockApi) -> None:
    with client(new_api_api) as http:
        created = http.post(TEAMS, json={"name": "Research"})
        assert created.status_code == 201
        team = created.json()
        assert team in http.get(TEAMS).json()
        assert http.delete(f"{TEAMS}/{team['id']}").status_code == 204
        assert http.get(f"{TEAMS}/{team['id']}").status_code == 404


def test_a_team_needs_a_name(new_api_api: MockApi) -> None:
    with client(new_api_api) as http:
        refused = http.post(TEAMS, json={})
        assert (refused.status_code, refused.json()["code"]) == (400, 400)


def test_nobody_gets_in_without_a_token(new_api_api: MockApi) -> None:
    assert httpx.get(new_api_api.url + TEAMS).status_code == 401
