"""Worlds are made, shown, forked, reset, rewound, exported, imported and dropped."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.worlds.worlds import Limits
from tests.toy.control import Plane


def test_a_world_is_made_as_wished(plane: Plane) -> None:
    wish = {"from": "documented", "seed": 7, "now": "2026-01-01T00:00:00Z", "options": {"strict": True, "vcf.x": 1}}
    made = plane.ask("PUT", "worlds/a", wish, status=201)
    assert made == plane.ask("GET", "worlds/a") == plane.ask("GET", "worlds")[0]
    assert {name: made[name] for name in ("name", "from", "seed", "now", "frozen", "exchanges")} == {
        "name": "a",
        "from": "documented",
        "seed": 7,
        "now": "2026-01-01T00:00:00.000Z",
        "frozen": True,
        "exchanges": 0,
    }
    assert made["options"] == {"auth": "lenient", "strict": True, "vcf.x": 1}
    assert sum(made["records"].values()) > 0


def test_without_a_wish_it_is_made_as_the_server_makes_them(plane: Plane) -> None:
    made = plane.ask("PUT", "worlds/a", status=201)
    assert (made["from"], made["seed"], made["frozen"]) == ("empty", 0, False)


def test_a_world_is_made_from_another_and_goes_its_own_way(plane: Plane) -> None:
    plane.add("a", "one")
    plane.ask("PUT", "worlds/b", {"from": "a"}, status=201)
    plane.add("b", "two")
    assert (plane.names("a"), plane.names("b")) == (["one"], ["one", "two"])


def test_putting_a_world_that_exists_replaces_it(plane: Plane) -> None:
    plane.add("a")
    assert plane.ask("PUT", "worlds/a", {})["exchanges"] == 0
    assert plane.names("a") == []


def test_a_reset_world_is_as_it_was_made(plane: Plane) -> None:
    plane.ask("PUT", "worlds/a", {"now": "2026-01-01T00:00:00Z"}, status=201)
    plane.add("a")
    plane.ask("PATCH", "worlds/a/clock", {"advance": "P1D"})
    shown = plane.ask("POST", "worlds/a/reset")
    assert (shown["now"], shown["exchanges"]) == ("2026-01-01T00:00:00.000Z", 0)
    assert plane.names("a") == []


def test_a_rewound_world_is_as_it_was_after_an_exchange_and_makes_the_same_ids_again(plane: Plane) -> None:
    first = plane.call("POST", "/_mock/w/a/api/integrations/okta-scim-idp", {})
    second = plane.add("a", "two")
    plane.ask("POST", "worlds/a/rewind", {"to": int(first.header("X-Mock-Exchange") or 0)})
    assert plane.names("a") == []
    assert plane.add("a", "two") == second
    plane.ask("POST", "worlds/a/rewind", {"to": 999}, status=404)


def test_what_is_exported_makes_an_equal_world(plane: Plane) -> None:
    plane.add("a")
    state = plane.ask("GET", "worlds/a/state")
    assert "hunter2" in str(state)
    plane.ask("PUT", "worlds/b/state", state)
    assert {**plane.ask("GET", "worlds/b/state"), "origin": ""} == {**state, "origin": ""}
    assert plane.add("a") == plane.add("b")


def test_an_import_replaces_what_there_was(plane: Plane) -> None:
    plane.add("a")
    plane.ask("PUT", "worlds/a/state", {"collections": {}})
    assert plane.names("a") == []


def test_a_dropped_world_is_gone_and_begins_anew_when_it_is_named(plane: Plane) -> None:
    plane.add("a")
    plane.ask("DELETE", "worlds/a", status=204)
    plane.ask("GET", "worlds/a", status=404)
    assert plane.ask("GET", "worlds") == []
    assert plane.names("a") == []


@pytest.mark.parametrize(
    ("method", "target", "body", "status"),
    [
        ("GET", "worlds/nowhere", None, 404),
        ("DELETE", "worlds/nowhere", None, 404),
        ("POST", "worlds/nowhere/reset", None, 404),
        ("POST", "worlds/nowhere/rewind", {"to": 1}, 404),
        ("GET", "worlds/nowhere/state", None, 404),
        ("GET", "worlds/No", None, 400),
        ("GET", "worlds/_control", None, 400),
        ("PUT", "worlds/a", {"from": "nowhere"}, 404),
        ("PUT", "worlds/a", {"seed": "x"}, 400),
        ("PUT", "worlds/a", {"seed": 2**63}, 400),
        ("PUT", "worlds/a", {"now": "yesterday"}, 400),
        ("PUT", "worlds/a", {"now": "1998-12-31T23:59:60Z"}, 400),
        ("PUT", "worlds/a", {"options": {"auth": "maybe"}}, 400),
        ("PUT", "worlds/a/state", {}, 400),
        ("PUT", "worlds/a/state", {"collections": {"netbird.logs": 5}}, 400),
        ("PUT", "worlds/a/state", {"collections": {"netbird.logs": {"1": 5}}}, 400),
        ("PUT", "worlds/a/state", {"collections": {"netbird.logs": {"1": {}}}}, 400),
        ("PUT", "worlds/a/state", {"collections": {}, "clock": {"frozen": 1e30}}, 400),
        ("PUT", "worlds/a/state", {"collections": {}, "clock": {"offset": 1e300}}, 400),
        ("PUT", "worlds/a/state", {"collections": {}, "counters": {"ids": -1}}, 400),
        ("PUT", "worlds/a/state", {"collections": {}, "born": 1.5}, 400),
    ],
)
def test_what_can_not_be_is_refused(plane: Plane, method: str, target: str, body: Any, status: int) -> None:
    refusal = plane.ask(method, target, body, status)
    assert refusal["status"] == status
    assert refusal["message"]


@pytest.mark.parametrize("seed", [-(2**63), 0, 5.0, 2**63 - 1])
def test_a_world_of_any_seed_can_make_ids(plane: Plane, seed: float) -> None:
    plane.ask("PUT", "worlds/a", {"seed": seed}, status=201)
    assert plane.add("a")["id"]


def test_a_refused_import_changes_nothing(plane: Plane) -> None:
    plane.add("a", "kept")
    plane.ask("PUT", "worlds/a/state", {"collections": {"netbird.logs": 5}, "seed": 9}, status=400)
    assert plane.names("a") == ["kept"]
    assert plane.ask("GET", "worlds/a")["seed"] == 0


def test_a_world_can_not_be_made_from_itself(plane: Plane) -> None:
    plane.add("a")
    plane.ask("PUT", "worlds/a", {"from": "a"}, status=409)
    assert plane.names("a") == ["n"]


def test_there_are_not_more_worlds_than_the_server_holds() -> None:
    plane = Plane(limits=Limits(worlds=1))
    plane.ask("PUT", "worlds/a", status=201)
    assert "--max-worlds" in plane.ask("PUT", "worlds/b", status=429)["message"]
    plane.ask("PUT", "worlds/b/state", {"collections": {}}, status=429)
