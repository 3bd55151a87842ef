"""A request names its world by prefix, header or host, in this order; its address has the URL that leads back there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.messages import Headers, Request
from mockserver.core.problems import MalformedRequest
from mockserver.engine.address import Address, address_of, native_path, world_of_host

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
        ("//a/b", None, ORIGIN, Address("default", "//a/b", "", ORIGIN)),
        ("http://other", None, ORIGIN, Address("default", "/", "", ORIGIN)),
        ("*", None, ORIGIN, Address("default", "*", "", ORIGIN)),
    ],
)
def test_a_request_has_an_address(target: str, header: str | None, origin: str, expected: Address) -> None:
    assert addressed(target, header, origin) == expected


def test_an_external_url_replaces_the_origin_that_the_caller_used() -> None:
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
def test_an_impossible_world_and_a_target_that_can_not_be_parsed_are_malformed(
    target: str, header: str | None, origin: str
) -> None:
    with pytest.raises(MalformedRequest):
        addressed(target, header, origin)


@given(st.text(), st.none() | st.text())
def test_any_target_and_any_name_has_an_address_or_is_malformed(target: str, header: str | None) -> None:
    try:
        address = addressed(target, header)
    except MalformedRequest:
        return
    assert address.base.startswith(ORIGIN)
    assert address.world


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/api?a=1", "/api"),
        ("/_mock/w/team/api?a=1", "/api"),
        ("http://other/api?a", "/api"),
        ("/_mock/w/No World/api?a=1", "/_mock/w/No World/api"),
    ],
)
def test_the_native_path_is_without_the_query_and_a_possible_worlds_prefix(target: str, path: str) -> None:
    assert native_path(target) == path


@pytest.mark.parametrize(
    ("origin", "world"),
    [
        ("http://team.localhost:8080", "team"),
        ("https://TEAM.localhost", "team"),
        ("http://localhost", None),
        ("http://team.example.com", None),
        ("http://team.localhost.com", None),
        ("http://127.0.0.1", None),
        ("http://", None),
        ("", None),
    ],
)
def test_a_host_names_a_world_below_localhost(origin: str, world: str | None) -> None:
    assert world_of_host(origin) == world


def test_only_one_label_before_localhost_names_a_world() -> None:
    with pytest.raises(MalformedRequest, match=r"a.b.localhost names no world: one label before .localhost does"):
        world_of_host("http://a.b.localhost")


@pytest.mark.parametrize(
    ("target", "message"),
    [("/\udcff", "the request target is not UTF-8"), ("http://[", "the request target can't be read")],
)
def test_a_malformed_target_is_refused_with_the_reason(target: str, message: str) -> None:
    with pytest.raises(MalformedRequest, match=message):
        addressed(target)


def test_the_default_world_has_a_prefix_in_its_url_if_the_host_names_another_world() -> None:
    address = addressed("/api", "default", "http://ho.localhost:8080")
    assert (address.world, address.base) == ("default", "http://ho.localhost:8080/_mock/w/default")
