"""A request means a world by prefix, header or host, in this order, and is told the URL that leads back to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.messages import Headers, Request
from mockserver.core.problems import MalformedRequest
from mockserver.engine.address import Address, address_of

ORIGIN = "http://127.0.0.1:8080"


def addressed(target: str, world: str | None = None, origin: str = ORIGIN, external: str | None = None) -> Address:
    headers = Headers({} if world is None else {"X-Mock-World": world})
    return address_of(Request("GET", target, headers, origin=origin), external)


@pytest.mark.parametrize(
    ("target", "header", "origin", "expected"),
    [
        ("/api?a=1", None, ORIGIN, Address("default", "/api", "a=1", ORIGIN)),
        ("/api", "team", ORIGIN, Address("team", "/api", "", f"{ORIGIN}/_mock/w/team")),
        ("/api", "default", ORIGIN, Address("default", "/api", "", ORIGIN)),
        ("/_mock/w/team/api?a=1", None, ORIGIN, Address("team", "/api", "a=1", f"{ORIGIN}/_mock/w/team")),
        ("/_mock/w/team", None, ORIGIN, Address("team", "", "", f"{ORIGIN}/_mock/w/team")),
        ("/_mock/w/one/api", "two", ORIGIN, Address("one", "/api", "", f"{ORIGIN}/_mock/w/one")),
        ("/api", None, "http://team.localhost:80", Address("team", "/api", "", "http://team.localhost:80")),
        ("/api", None, "http://localhost", Address("default", "/api", "", "http://localhost")),
        ("/api", "two", "http://one.localhost", Address("two", "/api", "", "http://one.localhost/_mock/w/two")),
        ("http://other/api?a", None, ORIGIN, Address("default", "/api", "a", ORIGIN)),
        ("http://other", None, ORIGIN, Address("default", "/", "", ORIGIN)),
        ("*", None, ORIGIN, Address("default", "*", "", ORIGIN)),
    ],
)
def test_a_request_means_a_world(target: str, header: str | None, origin: str, expected: Address) -> None:
    assert addressed(target, header, origin) == expected


def test_an_external_url_stands_before_what_the_caller_used() -> None:
    assert addressed("/api", external="https://mock.example").base == "https://mock.example"
    assert addressed("/api", "team", external="https://mock.example").base == "https://mock.example/_mock/w/team"


@pytest.mark.parametrize(
    ("target", "header", "origin"),
    [
        ("/_mock/w//api", None, ORIGIN),
        ("/_mock/w/A/api", None, ORIGIN),
        ("/_mock/w/a%20b/api", None, ORIGIN),
        ("/_mock/w/_control/things", None, ORIGIN),
        ("/api", "", ORIGIN),
        ("/api", "A B", ORIGIN),
        ("/api", "_control", ORIGIN),
        ("/api", None, "http://a.b.localhost"),
        ("/api", None, "http://-.localhost"),
        ("/\udcff", None, ORIGIN),
        ("/api?\udcff", None, ORIGIN),
        ("http://[", None, ORIGIN),
    ],
)
def test_what_names_no_possible_world_or_can_not_be_read_is_malformed(
    target: str, header: str | None, origin: str
) -> None:
    with pytest.raises(MalformedRequest):
        addressed(target, header, origin)


@given(st.text(), st.none() | st.text())
def test_any_target_and_name_is_read_or_malformed(target: str, header: str | None) -> None:
    try:
        place = addressed(target, header)
    except MalformedRequest:
        return
    assert place.base.startswith(ORIGIN)
    assert place.world
