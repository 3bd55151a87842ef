"""A path leads to its operation: literals before parameters, patterns before plain parameters, escapes decoded."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.problems import MalformedRequest
from mockserver.documents.routes import LONGEST_COMPARED, Routes, decode
from tests.hostile.work import steps

SEGMENTS = st.text(min_size=1)


@pytest.fixture(scope="module")
def routes() -> Routes[str]:
    table: Routes[str] = Routes()
    table.add("GET", "/things", {}, "list")
    table.add("POST", "/things", {}, "create")
    table.add("GET", "/things/{id}", {}, "get")
    table.add("GET", "/things/special", {}, "special")
    table.add("GET", "/things/{id}/parts/{part}", {"part": "[0-9]+"}, "part")
    table.add("GET", "/things/{id}/parts/{name}", {}, "part by name")
    table.add("GET", "/things/special/parts/{part}/{action}", {"action": "start|stop"}, "action")
    return table


def found(routes: Routes[str], path: str, method: str = "GET") -> tuple[str | None, list[str]] | None:
    match = routes.match(path)
    return (match[0].get(method), match[1]) if match else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/things", ("list", [])),
        ("/things/1", ("get", ["1"])),
        ("/things/special", ("special", [])),
        ("/things/special/parts/7", ("part", ["special", "7"])),
        ("/things/1/parts/7", ("part", ["1", "7"])),
        ("/things/1/parts/seven", ("part by name", ["1", "seven"])),
        ("/things/special/parts/7/stop", ("action", ["7", "stop"])),
        ("/things/special/parts/7/pause", None),
        ("/things/", None),
        ("/things/1/", None),
        ("//things", None),
        ("/", None),
        ("", None),
        ("/Things", None),
        ("/things/1%2Fparts", ("get", ["1/parts"])),
        ("/%74hings", ("list", [])),
    ],
)
def test_a_path_leads_to_its_operation_and_the_values_of_its_parameters(
    routes: Routes[str], path: str, expected: tuple[str, list[str]] | None
) -> None:
    assert found(routes, path) == expected


def test_a_path_leads_to_the_targets_of_all_its_methods(routes: Routes[str]) -> None:
    match = routes.match("/things")
    assert match is not None
    assert match[0] == {"GET": "list", "POST": "create"}


@given(SEGMENTS)
def test_any_text_can_be_a_value_when_it_is_escaped(routes: Routes[str], text: str) -> None:
    assert found(routes, f"/things/x{quote(text, safe='')}") == ("get", [f"x{text}"])


@given(st.text())
def test_any_path_is_matched_unknown_or_malformed(routes: Routes[str], path: str) -> None:
    try:
        match = routes.match(path)
    except MalformedRequest:
        assert "%" in path
    else:
        assert match is None or path.startswith("/")


@pytest.mark.parametrize("text", ["%", "%4", "%zz", "a%", "%ff", "%c3%28", "%ed%a0%80"])
def test_broken_escapes_are_malformed(routes: Routes[str], text: str) -> None:
    with pytest.raises(MalformedRequest):
        decode(text)
    with pytest.raises(MalformedRequest):
        routes.match(f"/things/{text}")


def test_two_operations_with_the_same_method_and_path_are_refused() -> None:
    routes: Routes[str] = Routes()
    routes.add("GET", "/things/{id}", {}, "get")
    with pytest.raises(ValueError, match=r"two operations answer GET /things/{name}"):
        routes.add("GET", "/things/{name}", {}, "again")


def test_the_nearest_routes_are_listed_best_first(routes: Routes[str]) -> None:
    assert routes.nearest("POST", "/thing")[0] == "POST /things"
    assert len(routes.nearest("GET", "/nowhere")) == 3


def test_the_nearest_route_of_a_misspelt_path_is_the_one_that_was_meant(routes: Routes[str]) -> None:
    assert routes.nearest("GET", "/thing/special")[0] == "GET /things/special"
    assert routes.nearest("GET", "/things/special/part/7/stop")[0] == "GET /things/special/parts/{part}/{action}"


@pytest.mark.parametrize("piece", ["/things", "/", "a", "/%41", "/things/special/parts/7/stop"])
def test_the_nearest_routes_of_a_long_path_cost_no_more_than_those_of_a_short_one(
    routes: Routes[str], piece: str
) -> None:
    long = piece * 16_000
    assert routes.nearest("GET", long) == routes.nearest("GET", long[:LONGEST_COMPARED])
    short = steps(lambda: routes.nearest("GET", long[:LONGEST_COMPARED]))
    assert steps(lambda: routes.nearest("GET" * 5_000, long)) <= short + 100
