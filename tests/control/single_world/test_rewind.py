"""A rewind, backward or forward, restores exactly the exported state after an exchange."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.control.single_world.world import PROVIDER, PROVIDERS, ControlledWorld

DIRECTORIES = "/api/v1/directory-sync"
names = st.sampled_from(["a", "b", "c"])
asked = st.one_of(
    st.tuples(st.just("POST"), st.just(PROVIDERS), names.map(lambda name: {**PROVIDER, "name": name})),
    st.tuples(st.just("POST"), st.just(PROVIDERS), st.just({"name": "refused"})),
    st.tuples(st.just("GET"), st.just(PROVIDERS), st.none()),
    st.tuples(st.just("DELETE"), st.just(f"{PROVIDERS}/{{}}"), st.none()),
    st.tuples(st.just("POST"), st.just(DIRECTORIES), names.map(lambda name: {"tenant": name, "product": "p"})),
    st.tuples(st.just("GET"), st.just("/nowhere"), st.none()),
)
control = st.one_of(
    st.tuples(st.just("PATCH"), st.just("/clock"), st.sampled_from([{"advance": "PT1H"}, {"frozen": False}])),
    st.tuples(st.just("POST"), st.just("/faults"), st.just({"effect": {"status": 503}, "nth": 2})),
    st.tuples(st.just("DELETE"), st.just("/faults"), st.none()),
)
_numbers = count()


@settings(max_examples=30)
@given(st.lists(st.tuples(asked, st.lists(control, max_size=2)), min_size=1, max_size=8), st.data())
def test_a_rewind_to_any_exchange_restores_the_exported_state_after_it(
    played: list[tuple[Any, list[Any]]], data: st.DataObject
) -> None:
    world = ControlledWorld(f"rewind-{next(_numbers)}")
    states: dict[int, Any] = {}
    for (method, path, body), said in played:
        listed = world.server.worlds.get(world.name).state.tables["netbird.identity_providers"].rows()
        key = next(iter(dict(listed)), "none")
        answer = world.ask(method, path.format(key), body)
        states[int(answer.header("X-Mock-Exchange") or 0)] = world.state()
        for verb, where, body in said:
            world.control(verb, where, body)
    for exchange in data.draw(st.permutations(list(states))):
        world.control_json("POST", "/rewind", {"to": exchange})
        assert world.state() == states[exchange]
    world.control_json("DELETE", "")


def test_repeated_requests_after_a_rewind_generate_the_same_ids(world: ControlledWorld) -> None:
    start = world.ask("GET", PROVIDERS).header("X-Mock-Exchange")
    first = world.ask("POST", PROVIDERS, PROVIDER)
    assert first.status == 200
    world.control_json("POST", "/rewind", {"to": int(start or 0)})
    assert world.ask("POST", PROVIDERS, PROVIDER).body == first.body


def test_a_rewind_restores_options_seed_and_clock(world: ControlledWorld) -> None:
    before = world.state()
    world.ask("GET", PROVIDERS)
    world.control_json(
        "PUT", "/state", {**before, "seed": 7, "options": {"auth": "strict"}, "clock": {"offset": 5}, "born": 3}
    )
    assert world.statuses(1) == [401]
    world.control_json("POST", "/rewind", {"to": 1})
    assert world.state() == before


def test_a_reset_undoes_an_import_too(world: ControlledWorld) -> None:
    before = world.state()
    world.control_json(
        "PUT", "/state", {**before, "seed": 7, "options": {"auth": "strict"}, "clock": {"offset": 5}, "born": 3}
    )
    world.control_json("POST", "/reset")
    assert world.state() == before


def test_a_rewind_keeps_the_journal_so_that_a_world_can_go_forward_again(world: ControlledWorld) -> None:
    world.ask("GET", PROVIDERS)
    world.ask("POST", PROVIDERS, PROVIDER)
    after = world.state()
    world.control_json("POST", "/rewind", {"to": 1})
    world.control_json("POST", "/rewind", {"to": 2})
    assert world.state() == after
    assert len(world.control_json("GET", "/journal")) == 2


@pytest.mark.parametrize(("to", "status"), [(99, 404), (0, 400), ("1", 400), (None, 400)])
def test_a_rewind_to_an_unknown_exchange_is_refused(world: ControlledWorld, to: object, status: int) -> None:
    world.ask("POST", PROVIDERS, PROVIDER)
    before = world.state()
    world.control_json("POST", "/rewind", {"to": to}, status=status)
    assert world.state() == before
