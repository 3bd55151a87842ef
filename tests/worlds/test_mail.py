"""The world's mail: kept, read through the control plane, and sent to nobody."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver import Headers, MockServer, Request, Response

SERVER = MockServer(services=["netfoundry"], scenario="empty")


def mails(world: str, query: str = "") -> Response:
    """What the control plane answers."""
    return SERVER.handle(Request("GET", f"/_mock/worlds/{world}/mail{query}"))


def ask_for_support(world: str, subject: str) -> None:
    """Has a mail sent."""
    wish: dict[str, Any] = {"name": "Ann", "email": "ann@test.example", "subject": subject, "comment": "Help!"}
    headers = Headers({"X-Mock-World": world, "Content-Type": "application/json"})
    request = Request("POST", "/identity/v1/nfconsole/support/requests", headers, orjson.dumps(wish))
    assert SERVER.handle(request).status == 200


def test_mails_are_read_oldest_first_in_the_world_they_were_sent_in() -> None:
    for subject in ("first", "second"):
        ask_for_support("sender", subject)
    ask_for_support("other", "third")
    assert [mail["subject"] for mail in mails("sender").json()] == ["first", "second"]


def test_mails_can_be_asked_for_by_their_recipient() -> None:
    ask_for_support("recipient", "subject")
    (mail,) = mails("recipient").json()
    assert mails("recipient", f"?to={mail['to']}").json() == [mail]
    assert mails("recipient", "?to=nobody@test.example").json() == []


def test_an_unknown_world_has_no_mail() -> None:
    assert mails("nowhere").status == 404


def test_a_server_without_a_service_that_mails_has_none_to_show() -> None:
    server = MockServer(services=["netbird"])
    server.worlds.get_or_create("default")
    assert server.handle(Request("GET", "/_mock/worlds/default/mail")).json() == []
