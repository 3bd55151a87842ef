"""The server of a demonstration: recognising a mock, reading its changes, restoring its state."""

from __future__ import annotations

import pytest

from mockserver import Headers, MockServer, Request, Response
from mockserver.flows.demo_server import ControlPlaneRefusal, DemoServer, discover
from mockserver.flows.player import Carry

PATH = "/api/integrations/google-idp"


def carried(server: MockServer, origin: str = "http://127.0.0.1:8080") -> Carry:
    """Returns a function that sends requests to a mock in this process."""

    def carry(request: Request) -> Response:
        request.origin = origin
        return server.handle(request)

    return carry


def delete(server: DemoServer) -> Response:
    return server.carry(Request("DELETE", f"{PATH}/1", Headers({"Authorization": "Token t"})))


@pytest.mark.parametrize(
    ("url", "world"),
    [
        ("http://127.0.0.1:8080", "default"),
        ("http://127.0.0.1:8080/", "default"),
        ("http://127.0.0.1:8080/_mock/w/mine", "mine"),
        ("http://mine.localhost:8080", "mine"),
    ],
)
def test_a_mock_is_recognised_and_its_world_read_from_the_url(url: str, world: str) -> None:
    assert discover(url, carried(MockServer()), "").world == world


@pytest.mark.parametrize(
    "answer",
    [
        Response(404, b"<html>not found</html>"),
        Response(200, b"ok"),
        Response(200, b"[]"),
        Response(200, b'{"status": "ok"}'),
    ],
)
def test_a_server_that_is_no_mock_is_a_real_deployment_and_receives_no_credential(answer: Response) -> None:
    requests: list[Request] = []

    def carry(request: Request) -> Response:
        requests.append(request)
        return answer

    assert discover("https://api.example", carry, "control").world is None
    assert [it.headers.get("Authorization") for it in requests] == [None]


def test_changes_are_merged_into_one_for_each_record() -> None:
    server = discover("http://127.0.0.1:8080", carried(MockServer()), "")
    changes = server.changes(delete(server))
    assert [(it["collection"], it["id"]) for it in changes] == [("netbird.google-idp", "1"), ("netbird.logs", "1")]
    assert all(it["before"] and it["after"] is None for it in changes)
    assert server.changes(server.carry(Request("GET", PATH, Headers({"Authorization": "Token t"})))) == []


def test_a_snapshot_restores_the_world() -> None:
    server = discover("http://127.0.0.1:8080", carried(MockServer()), "")
    snapshot = server.snapshot()
    assert delete(server).status == 200
    assert delete(server).status == 404
    server.restore(snapshot)
    assert delete(server).status == 200


def test_a_guarded_control_plane_needs_its_token() -> None:
    server = MockServer(control_token="the-token")
    with pytest.raises(ControlPlaneRefusal, match="answers 401"):
        discover("http://127.0.0.1:8080", carried(server), "").snapshot()
    assert "collections" in discover("http://127.0.0.1:8080", carried(server), "the-token").snapshot()


def test_a_real_deployment_has_neither_changes_nor_snapshots() -> None:
    server = DemoServer("https://api.example", carried(MockServer()))
    assert server.changes(delete(server)) == []
    assert server.snapshot() is None
