"""Where a flow plays: telling a mock from anything else, what changed, and the way back."""

from __future__ import annotations

import pytest

from mockserver import Headers, MockServer, Request, Response
from mockserver.flows.demo_server import ControlPlaneRefusal, DemoServer, found
from mockserver.flows.player import Carry

PATH = "/api/integrations/google-idp"


def carried(server: MockServer, origin: str = "http://127.0.0.1:8080") -> Carry:
    """Requests to a mock in this process."""

    def carry(request: Request) -> Response:
        request.origin = origin
        return server.handle(request)

    return carry


def delete(stage: DemoServer) -> Response:
    return stage.carry(Request("DELETE", f"{PATH}/1", Headers({"Authorization": "Token t"})))


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
    assert found(url, carried(MockServer()), "").world == world


@pytest.mark.parametrize(
    "answer",
    [
        Response(404, b"<html>not found</html>"),
        Response(200, b"ok"),
        Response(200, b"[]"),
        Response(200, b'{"status": "ok"}'),
    ],
)
def test_anything_else_is_taken_for_a_real_deployment(answer: Response) -> None:
    asked: list[Request] = []

    def carry(request: Request) -> Response:
        asked.append(request)
        return answer

    assert found("https://api.example", carry, "control").world is None
    assert [it.headers.get("Authorization") for it in asked] == [None]


def test_what_an_exchange_changed_is_told_once_for_each_record() -> None:
    stage = found("http://127.0.0.1:8080", carried(MockServer()), "")
    changes = stage.changes(delete(stage))
    assert [(it["collection"], it["id"]) for it in changes] == [("netbird.google-idp", "1"), ("netbird.logs", "1")]
    assert all(it["before"] and it["after"] is None for it in changes)
    assert stage.changes(stage.carry(Request("GET", PATH, Headers({"Authorization": "Token t"})))) == []


def test_a_world_can_be_taken_back() -> None:
    stage = found("http://127.0.0.1:8080", carried(MockServer()), "")
    kept = stage.keep()
    assert delete(stage).status == 200
    assert delete(stage).status == 404
    stage.take_back(kept)
    assert delete(stage).status == 200


def test_a_guarded_control_plane_wants_its_token() -> None:
    server = MockServer(control_token="the-token")
    with pytest.raises(ControlPlaneRefusal, match="answers 401"):
        found("http://127.0.0.1:8080", carried(server), "").keep()
    assert "collections" in found("http://127.0.0.1:8080", carried(server), "the-token").keep()


def test_on_a_real_deployment_nothing_is_known_to_have_changed() -> None:
    stage = DemoServer("https://api.example", carried(MockServer()))
    assert stage.changes(delete(stage)) == []
    assert stage.keep() is None
