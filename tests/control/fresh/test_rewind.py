"""A rewind restores exactly the exported state of the moment after an exchange, back or forward."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.control.fresh.plane import PROVIDER, PROVIDERS, Plane

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
def test_a_rewind_to_any_exchange_gives_the_exported_state_of_then(
    played: list[tuple[Any, list[Any]]], data: st.DataObject
) -> None:
    plane = Plane(f"rewind-{next(_numbers)}")
    states: dict[int, Any] = {}
    for (method, path, body), said in played:
        listed = plane.server.worlds.get(plane.name).state.tables["netbird.identity_providers"].rows()
        key = next(iter(dict(listed)), "none")
        answer = plane.ask(method, path.format(key), body)
        states[int(answer.header("X-Mock-Exchange") or 0)] = plane.state()
        for verb, where, wish in said:
            plane.control(verb, where, wish)
    for exchange in data.draw(st.permutations(list(states))):
        plane.said("POST", "/rewind", {"to": exchange})
        assert plane.state() == states[exchange]
    plane.said("DELETE", "")


def test_what_happened_after_a_rewind_gives_the_ids_that_it_gave_before(plane: Plane) -> None:
    start = plane.ask("GET", PROVIDERS).header("X-Mock-Exchange")
    first = plane.ask("POST", PROVIDERS, PROVIDER)
    assert first.status == 200
    plane.said("POST", "/rewind", {"to": int(start or 0)})
    assert plane.ask("POST", PROVIDERS, PROVIDER).body == first.body


def test_options_seed_and_clock_come_back(plane: Plane) -> None:
    before = plane.state()
    plane.ask("GET", PROVIDERS)
    plane.said("PUT", "/state", {**before, "seed": 7, "options": {"auth": "strict"}, "clock": {"offset": 5}, "born": 3})
    assert plane.statuses(1) == [401]
    plane.said("POST", "/rewind", {"to": 1})
    assert plane.state() == before


def test_a_reset_takes_back_an_import_too(plane: Plane) -> None:
    before = plane.state()
    plane.said("PUT", "/state", {**before, "seed": 7, "options": {"auth": "strict"}, "clock": {"offset": 5}, "born": 3})
    plane.said("POST", "/reset")
    assert plane.state() == before


def test_the_journal_stays_so_a_world_goes_forward_again(plane: Plane) -> None:
    plane.ask("GET", PROVIDERS)
    plane.ask("POST", PROVIDERS, PROVIDER)
    after = plane.state()
    plane.said("POST", "/rewind", {"to": 1})
    plane.said("POST", "/rewind", {"to": 2})
    assert plane.state() == after
    assert len(plane.said("GET", "/journal")) == 2


@pytest.mark.parametrize(("to", "status"), [(99, 404), (0, 400), ("1", 400), (None, 400)])
def test_a_rewind_to_what_the_journal_does_not_hold_is_refused(plane: Plane, to: object, status: int) -> None:
    plane.ask("POST", PROVIDERS, PROVIDER)
    before = plane.state()
    plane.said("POST", "/rewind", {"to": to}, status=status)
    assert plane.state() == before
