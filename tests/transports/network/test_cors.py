"""The headers that let a page of any origin use the services, and how a page of another origin is recognised."""

from __future__ import annotations

import pytest

from mockserver.core.messages import Headers, Request, Response
from mockserver.transports.network import cors

PAGE = "http://localhost:5173"


def asked(method: str = "GET", **fields: str) -> Request:
    return Request(method, "/things", Headers({name.replace("_", "-"): value for name, value in fields.items()}))


def permitted(request: Request, *given: tuple[str, str]) -> dict[str, str]:
    response = Response(200, headers=list(given))
    cors.permit(request, response)
    return dict(response.headers)


def test_a_page_may_read_the_response_and_the_headers_that_matter() -> None:
    headers = permitted(asked(Origin=PAGE))
    assert headers["Access-Control-Allow-Origin"] == PAGE
    assert headers["Vary"] == "Origin"
    assert "X-Mock-Exchange" in headers["Access-Control-Expose-Headers"]


def test_a_preflight_lists_the_methods_of_the_path_and_the_headers_asked_for() -> None:
    request = asked(
        "OPTIONS",
        Origin=PAGE,
        Access_Control_Request_Method="PUT",
        Access_Control_Request_Headers="authorization, x-mock-world",
    )
    headers = permitted(request, ("Allow", "GET, PUT"))
    assert headers["Access-Control-Allow-Methods"] == "GET, PUT"
    assert headers["Access-Control-Allow-Headers"] == "authorization, x-mock-world"
    assert int(headers["Access-Control-Max-Age"]) > 0


def test_a_response_to_a_program_has_no_extra_headers() -> None:
    assert permitted(asked()) == {}


@pytest.mark.parametrize(
    ("fields", "foreign"),
    [
        ({}, False),
        ({"Origin": "http://127.0.0.1:8080"}, False),
        ({"Sec_Fetch_Site": "same-origin"}, False),
        ({"Sec_Fetch_Site": "none"}, False),
        ({"Origin": PAGE}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://127.0.0.1:8081"}, True),
        ({"Sec_Fetch_Site": "cross-site"}, True),
        ({"Sec_Fetch_Site": "same-site"}, True),
    ],
)
def test_a_page_of_another_origin_is_recognised_by_the_headers_of_its_browser(
    fields: dict[str, str], foreign: bool
) -> None:
    assert cors.foreign(asked(**fields)) is foreign
