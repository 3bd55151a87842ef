"""E-mails are kept as records of their world, which the control plane lists. They are never sent."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver import Headers, MockServer, Request, Response
from mockserver.core.ids import Ids
from mockserver.state.store import Transaction, load
from mockserver.worlds.mail import MAIL, send

SERVER = MockServer(services=["netfoundry"], scenario="empty")


def mails(world: str, query: str = "") -> Response:
    """Asks the control plane for the mails of a world."""
    return SERVER.handle(Request("GET", f"/_mock/worlds/{world}/mail{query}"))


def ask_for_support(world: str, subject: str) -> None:
    """Makes a request that sends an e-mail."""
    wish: dict[str, Any] = {"name": "Ann", "email": "ann@test.example", "subject": subject, "comment": "Help!"}
    headers = Headers({"X-Mock-World": world, "Content-Type": "application/json"})
    request = Request("POST", "/identity/v1/nfconsole/support/requests", headers, orjson.dumps(wish))
    assert SERVER.handle(request).status == 200


def test_an_email_is_a_record_with_an_id_the_time_and_its_facts() -> None:
    records = Transaction(load((MAIL,), {}), seed=1)
    facts = {"link": "https://a.example"}
    send(records, 1_700_000_000_123_000_000, "netfoundry", to="a@b.example", subject="Hi", text="Click.", facts=facts)
    (mail,) = records.page("mail")
    assert mail == {
        "id": Ids(Transaction(load((MAIL,), {}), seed=1).draw).uuid(),
        "at": "2023-11-14T22:13:20.123Z",
        "service": "netfoundry",
        "to": "a@b.example",
        "subject": "Hi",
        "text": "Click.",
        "facts": facts,
    }
    assert records.get("mail", mail["id"]) == mail


def test_mails_are_listed_oldest_first_in_the_world_of_the_request_that_sent_them() -> None:
    for subject in ("first", "second"):
        ask_for_support("sender", subject)
    ask_for_support("other", "third")
    assert [mail["subject"] for mail in mails("sender").json()] == ["first", "second"]


def test_mails_can_be_filtered_by_recipient() -> None:
    ask_for_support("recipient", "subject")
    (mail,) = mails("recipient").json()
    assert mails("recipient", f"?to={mail['to']}").json() == [mail]
    assert mails("recipient", "?to=nobody@test.example").json() == []


def test_an_unknown_world_has_no_mail() -> None:
    assert mails("nowhere").status == 404


def test_a_server_without_a_service_that_sends_mail_lists_none() -> None:
    server = MockServer(services=["netbird"])
    server.worlds.get_or_create("default")
    assert server.handle(Request("GET", "/_mock/worlds/default/mail")).json() == []
