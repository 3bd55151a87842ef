"""A server answers to loopback, to localhost and every name below, and to the names that it was given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.hosts import Hosts, hostname, is_loopback

OURS = [
    "127.0.0.1",
    "127.0.0.1:8080",
    "127.9.9.9",
    "localhost",
    "LocalHost:80",
    "team-a.localhost",
    "team-a.localhost:8080",
    "[::1]",
    "[::1]:8080",
]
FOREIGN = [
    "",
    "example.com",
    "example.com:8080",
    "localhost.example.com",
    "notlocalhost",
    "192.168.1.1",
    "0.0.0.0",
    "[::]:8080",
    "[fe80::1]",
    "169.254.169.254",
    "127.0.0.1.nip.io",
    "127.0.0.1:8080@example.com",
    "example.com@127.0.0.1",
    "localhost:8080/path",
    "localhost:",
    "localhost:port",
    "[x.localhost",
    "[x.localhost]:80",
    "a b.localhost",
    "a\\b.localhost",
    ".localhost",
    "\udcff.localhost",
    "localhost\r\nX: y",
]


@pytest.mark.parametrize("host", OURS)
def test_hosts_that_can_only_be_this_machine_are_allowed(host: str) -> None:
    assert Hosts().allows(host)


@pytest.mark.parametrize("host", FOREIGN)
def test_other_hosts_and_invalid_hosts_are_refused(host: str) -> None:
    assert not Hosts().allows(host)


@pytest.mark.parametrize("host", ["mock.example", "mock.example:8080", "MOCK.example"])
def test_an_extra_name_is_allowed_in_upper_or_lower_case_and_with_any_port(host: str) -> None:
    hosts = Hosts(["Mock.Example"])
    assert hosts.allows(host)
    assert not hosts.allows(f"sub.{host}")


def test_an_extra_address_is_allowed() -> None:
    hosts = Hosts(["192.168.1.1", "fe80::1"])
    assert hosts.allows("192.168.1.1:80")
    assert hosts.allows("[fe80::1]:80")


def test_a_star_allows_every_valid_host() -> None:
    assert Hosts(["*"]).allows("example.com:8080")
    assert not Hosts(["*"]).allows("example.com/@x")


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert Hosts().allows(text) in (True, False)


@pytest.mark.parametrize(("host", "name"), [("A.b:80", "a.b"), ("[::1]:80", "::1"), ("a", "a"), ("::1", "::1")])
def test_the_name_of_a_host_is_without_port_and_brackets(host: str, name: str) -> None:
    assert hostname(host) == name


@pytest.mark.parametrize(("name", "loopback"), [("localhost", True), ("::1", True), ("127.1.2.3", True), ("a", False)])
def test_loopback_can_only_be_this_machine(name: str, loopback: bool) -> None:
    assert is_loopback(name) is loopback
