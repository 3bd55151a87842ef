"""How the service refuses, and that it always does so in one form."""

from __future__ import annotations

import pytest

from tests.services.netfoundry.client import API, NOBODY, Client


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "/organizations?page=x", None, 400, "Bad Request"),
        ("POST", "/organizations", b"{", 400, "Bad Request"),
        ("POST", "/organizations", b"", 400, "Bad Request"),
        ("POST", "/organizations", [], 400, "Bad Request"),
        ("GET", f"/organizations/{NOBODY}", None, 404, "Not Found"),
        ("GET", "/nothing/here", None, 404, "Not Found"),
        ("DELETE", "/organizations", None, 405, "Method Not Allowed"),
    ],
)
def test_a_refusal_has_springs_form(method: str, path: str, body: object, status: int, error: str) -> None:
    response = Client().send(method, path, body)
    refusal = response.json()
    assert response.status == refusal["status"] == status
    assert refusal["error"] == error
    assert refusal["path"] == API + path.partition("?")[0]
    assert refusal["timestamp"] == "2026-09-21T14:13:20.000+00:00"
    assert refusal["message"]


def test_a_refused_method_tells_the_allowed_ones() -> None:
    assert Client().send("DELETE", "/organizations").header("Allow") == "GET, HEAD, OPTIONS, POST"


def test_another_media_type_is_refused() -> None:
    response = Client().send("POST", "/organizations", b"a: b", headers={"Content-Type": "application/yaml"})
    assert (response.status, response.json()["error"]) == (415, "Unsupported Media Type")


def test_a_support_request_needs_nobody_and_goes_to_the_desk() -> None:
    client = Client()
    wish = {"name": "George", "email": "george@test.example", "subject": "Hello", "comment": "It works.", "type": None}
    response = client.send("POST", "/nfconsole/support/requests", wish, token=None)
    assert (response.status, response.body) == (200, b"")
    (mail,) = client.server.worlds.get(client.world).export()["collections"]["mail"].values()
    assert (mail["subject"], mail["text"], mail["facts"]["email"]) == ("Hello", "It works.", "george@test.example")


@pytest.mark.parametrize(("field", "value"), [("type", "joke"), ("priority", "no"), ("severity", "Severity4")])
def test_a_support_request_of_an_unknown_sort_is_refused(field: str, value: str) -> None:
    wish = {"name": "George", "email": "george@test.example", "subject": "Hello", "comment": "It works.", field: value}
    response = Client().send("POST", "/nfconsole/support/requests", wish, token=None)
    assert response.status == 400
    assert field in response.json()["message"]
