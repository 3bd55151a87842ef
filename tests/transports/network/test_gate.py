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


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.nip.io", "10.244.0.7"])
def test_a_host_that_is_not_ours_is_misdirected(served: Served, host: str) -> None:
    reply = served.ask("GET", "/_mock/worlds", Host=host)
    assert reply.status == 421
    assert "--allow-host" in reply.json()["message"]


@pytest.mark.parametrize("host", ["127.0.0.1:1@example.com", "[x.localhost", "\xff", "a b", "localhost:99999", "a/b"])
def test_a_host_that_is_malformed_is_a_bad_request(served: Served, host: str) -> None:
    assert served.ask("GET", "/_mock/worlds", Host=host).status == 400


def test_health_answers_every_host_and_tells_a_foreign_one_nothing_else(served: Served) -> None:
    reply = served.ask("GET", "/_mock/health", Host="10.244.0.7")
    assert (reply.status, reply.json()) == (200, {"status": "ok"})
    with served.connect() as wire:
        wire.send_bytes(b"GET /_mock/health HTTP/1.0\r\n\r\n")
        assert wire.reply().json() == {"status": "ok"}


def test_an_absolute_url_names_the_host_in_place_of_the_host_header(served: Served) -> None:
    assert served.ask("GET", "http://example.com/_mock/worlds").status == 421
    assert served.ask("GET", f"{served.url}{PATH}", Host="example.com").status == 200
    port = served.authority.rpartition(":")[2]
    served.ask("POST", f"http://absolute.localhost:{port}{PATH}", PROVIDER)
    assert len(served.ask("GET", f"/_mock/w/absolute{PATH}").json()) == 1


def test_options_of_the_whole_server_are_answered(served: Served) -> None:
    for target in ("*", served.url):
        reply = served.ask("OPTIONS", target)
        assert reply.status == 204
        assert "PATCH" in reply.headers["allow"]
    assert served.ask("GET", "*").status == 400


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
