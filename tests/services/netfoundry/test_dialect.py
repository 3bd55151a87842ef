"""Error responses, which all have one form, and support requests."""

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
def test_an_error_has_the_form_of_springs_errors(method: str, path: str, body: object, status: int, error: str) -> None:
    response = Client().send(method, path, body)
    refusal = response.json()
    assert response.status == refusal["status"] == status
    assert refusal["error"] == error
    assert refusal["path"] == API + path.partition("?")[0]
    assert refusal["timestamp"] == "2026-09-21T14:13:20.000+00:00"
    assert refusal["message"]


def test_a_405_lists_the_allowed_methods() -> None:
    assert Client().send("DELETE", "/organizations").header("Allow") == "GET, HEAD, OPTIONS, POST"


def test_another_media_type_is_415() -> None:
    response = Client().send("POST", "/organizations", b"a: b", headers={"Content-Type": "application/yaml"})
    assert (response.status, response.json()["error"]) == (415, "Unsupported Media Type")


def test_a_support_request_requires_no_credentials_and_is_mailed_to_the_desk() -> None:
    client = Client()
    request_body = {
        "name": "George",
        "email": "george@test.example",
        "subject": "Hello",
        "comment": "It works.",
        "type": None,
    }
    response = client.send("POST", "/nfconsole/support/requests", request_body, token=None)
    assert (response.status, response.body) == (200, b"")
    (mail,) = client.server.worlds.get(client.world).export()["collections"]["mail"].values()
    assert (mail["subject"], mail["text"], mail["facts"]["email"]) == ("Hello", "It works.", "george@test.example")


@pytest.mark.parametrize(("field", "value"), [("type", "joke"), ("priority", "no"), ("severity", "Severity4")])
def test_a_support_request_of_an_unknown_type_is_400(field: str, value: str) -> None:
    request_body = {
        "name": "George",
        "email": "george@test.example",
        "subject": "Hello",
        "comment": "It works.",
        field: value,
    }
    response = Client().send("POST", "/nfconsole/support/requests", request_body, token=None)
    assert response.status == 400
    assert field in response.json()["message"]
