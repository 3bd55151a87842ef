"""Worlds are created, forked, reset, rewound, exported, imported and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.worlds.worlds import Limits
from tests.toy.control import ControlPlane


def test_a_world_is_created_with_its_settings(control: ControlPlane) -> None:
    settings = {
        "from": "documented",
        "seed": 7,
        "now": "2026-01-01T00:00:00Z",
        "options": {"strict": True, "vcf.json-bodies": True},
    }
    created = control.ask("PUT", "worlds/a", settings, status=201)
    assert created == control.ask("GET", "worlds/a") == control.ask("GET", "worlds")[0]
    assert {name: created[name] for name in ("name", "from", "seed", "now", "frozen", "exchanges")} == {
        "name": "a",
        "from": "documented",
        "seed": 7,
        "now": "2026-01-01T00:00:00.000Z",
        "frozen": True,
        "exchanges": 0,
    }
    assert created["options"] == {"auth": "lenient", "strict": True, "vcf.json-bodies": True}
    assert sum(created["records"].values()) > 0


def test_a_world_without_settings_has_the_servers_defaults(control: ControlPlane) -> None:
    created = control.ask("PUT", "worlds/a", status=201)
    assert (created["from"], created["seed"], created["frozen"]) == ("empty", 0, False)


def test_a_fork_is_independent_of_its_source(control: ControlPlane) -> None:
    control.add("a", "one")
    control.ask("PUT", "worlds/b", {"from": "a"}, status=201)
    control.add("b", "two")
    assert (control.names("a"), control.names("b")) == (["one"], ["one", "two"])


def test_putting_a_world_that_exists_replaces_it(control: ControlPlane) -> None:
    control.add("a")
    assert control.ask("PUT", "worlds/a", {})["exchanges"] == 0
    assert control.names("a") == []


def test_a_reset_world_has_its_initial_state(control: ControlPlane) -> None:
    control.ask("PUT", "worlds/a", {"now": "2026-01-01T00:00:00Z"}, status=201)
    control.add("a")
    control.ask("PATCH", "worlds/a/clock", {"advance": "P1D"})
    reset = control.ask("POST", "worlds/a/reset")
    assert (reset["now"], reset["exchanges"]) == ("2026-01-01T00:00:00.000Z", 0)
    assert control.names("a") == []


def test_a_rewound_world_has_the_earlier_state_and_generates_the_same_ids_again(control: ControlPlane) -> None:
    first = control.call("POST", "/_mock/w/a/api/integrations/okta-scim-idp", {})
    second = control.add("a", "two")
    control.ask("POST", "worlds/a/rewind", {"to": int(first.header("X-Mock-Exchange") or 0)})
    assert control.names("a") == []
    assert control.add("a", "two") == second
    control.ask("POST", "worlds/a/rewind", {"to": 999}, status=404)


def test_an_imported_export_gives_an_equal_world(control: ControlPlane) -> None:
    control.add("a")
    state = control.ask("GET", "worlds/a/state")
    assert "hunter2" in str(state)
    control.ask("PUT", "worlds/b/state", state)
    assert {**control.ask("GET", "worlds/b/state"), "origin": ""} == {**state, "origin": ""}
    assert control.add("a") == control.add("b")


def test_an_import_replaces_the_state(control: ControlPlane) -> None:
    control.add("a")
    control.ask("PUT", "worlds/a/state", {"collections": {}})
    assert control.names("a") == []


def test_a_deleted_world_is_created_afresh_when_a_request_names_it(control: ControlPlane) -> None:
    control.add("a")
    control.ask("DELETE", "worlds/a", status=204)
    control.ask("GET", "worlds/a", status=404)
    assert control.ask("GET", "worlds") == []
    assert control.names("a") == []


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
def test_an_invalid_request_is_refused(control: ControlPlane, method: str, target: str, body: Any, status: int) -> None:
    refusal = control.ask(method, target, body, status)
    assert refusal["status"] == status
    assert refusal["message"]


@pytest.mark.parametrize("seed", [-(2**63), 0, 5.0, 2**63 - 1])
def test_a_world_can_generate_ids_from_any_seed(control: ControlPlane, seed: float) -> None:
    control.ask("PUT", "worlds/a", {"seed": seed}, status=201)
    assert control.add("a")["id"]


def test_a_refused_import_changes_nothing(control: ControlPlane) -> None:
    control.add("a", "kept")
    control.ask("PUT", "worlds/a/state", {"collections": {"netbird.logs": 5}, "seed": 9}, status=400)
    assert control.names("a") == ["kept"]
    assert control.ask("GET", "worlds/a")["seed"] == 0


def test_a_refused_import_creates_no_world(control: ControlPlane) -> None:
    control.ask("PUT", "worlds/new/state", {"collections": {"netbird.logs": {"1": 5}}}, status=400)
    control.ask("PUT", "worlds/new/state", {"collections": {"netbird.log": {}}}, status=400)
    assert control.ask("GET", "worlds") == []


def test_an_import_names_the_nearest_collection_to_an_unknown_one(control: ControlPlane) -> None:
    refusal = control.ask("PUT", "worlds/a/state", {"collections": {"netbird.log": {}}}, status=400)
    assert "netbird.log" in refusal["message"]
    assert "netbird.logs" in refusal["message"]


def test_a_world_cannot_be_forked_from_itself(control: ControlPlane) -> None:
    control.add("a")
    control.ask("PUT", "worlds/a", {"from": "a"}, status=409)
    assert control.names("a") == ["n"]


def test_the_number_of_worlds_is_limited() -> None:
    control = ControlPlane(limits=Limits(worlds=1))
    control.ask("PUT", "worlds/a", status=201)
    assert "--max-worlds" in control.ask("PUT", "worlds/b", status=429)["message"]
    control.ask("PUT", "worlds/b/state", {"collections": {}}, status=429)
