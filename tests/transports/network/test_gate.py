"""Over real sockets: which hosts the server answers to, and what a page of another origin may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.transports.network.bounds import Bounds
from tests.transports.sockets import Served

PATH = "/api/identity-providers"
PROVIDER = b'{"type":"okta","name":"n","issuer":"https://a.example","client_id":"c","client_secret":"s"}'
PAGE = "http://localhost:5173"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(Bounds(), "127.0.0.1", MockServer(scenario="empty")) as server:
        yield server


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.nip.io", "127.0.0.1:1@example.com", "[x.localhost", "\xff"])
def test_a_host_that_is_not_ours_is_misdirected(served: Served, host: str) -> None:
    reply = served.ask("GET", "/_mock/worlds", Host=host)
    assert reply.status == 421
    assert "--allow-host" in reply.json()["message"]


def test_the_host_names_the_world(served: Served) -> None:
    port = served.authority.rpartition(":")[2]
    served.ask("POST", PATH, PROVIDER, Host=f"team-a.localhost:{port}")
    assert len(served.ask("GET", f"/_mock/w/team-a{PATH}").json()) == 1
    assert served.ask("GET", PATH, Host=f"a.b.localhost:{port}").status == 400


CONTROL = [
    "/_mock/worlds",
    "/%5Fmock/worlds",
    "/_mock/w/default/_mock/worlds",
    "/_mock%2Fworlds",
    "/_mock/w/a/%5Fmock/worlds",
]
FOREIGN: list[dict[str, Any]] = [
    {"Origin": PAGE},
    {"Origin": "null"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
]


@pytest.mark.parametrize("target", CONTROL)
@pytest.mark.parametrize("fields", FOREIGN)
def test_a_page_of_another_origin_may_not_use_the_control_plane(
    served: Served, target: str, fields: dict[str, Any]
) -> None:
    for method in ("GET", "PUT", "OPTIONS"):
        reply = served.ask(method, target, **fields)
        assert (reply.status, reply.json()["message"]) == (403, "pages of other origins may not use the control plane")
        assert "access-control-allow-origin" not in reply.headers


def test_an_absolute_url_leads_a_foreign_page_no_further(served: Served) -> None:
    assert served.ask("GET", f"{served.url}/_mock/worlds", Origin=PAGE).status == 403
    assert served.ask("GET", f"{served.url}/_mock/health").status == 200


def test_a_page_of_the_servers_own_origin_may_use_the_control_plane(served: Served) -> None:
    assert served.ask("GET", "/_mock/worlds", Origin=served.url, Sec_Fetch_Site="same-origin").status == 200


def test_a_page_may_ask_first_and_then_use_a_service(served: Served) -> None:
    preflight = served.ask(
        "OPTIONS",
        PATH,
        Origin=PAGE,
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="authorization",
        Authorization="",
    )
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == PAGE
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "authorization"
    for reply in (served.ask("GET", PATH, Origin=PAGE), served.ask("GET", PATH, Origin=PAGE, Authorization="")):
        assert reply.headers["access-control-allow-origin"] == PAGE
        assert "X-Mock-Exchange" in reply.headers["access-control-expose-headers"]
