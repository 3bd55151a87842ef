"""A journal keeps the latest exchanges, within its number and the server's bytes, and finds them by id."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.clock import Clock
from mockserver.core.messages import Request, Response
from mockserver.state.store import load
from mockserver.worlds.journal import EXCHANGE_OVERHEAD, MAX_KEPT_BODY, Budget, Exchange, Journal, Settings

STATE = load((), {})
SETTINGS = Settings(0, 0, {}, Clock(lambda: 0))


def exchange(number: int, sent: bytes = b"", answered: bytes = b"") -> Exchange:
    request, response = Request("POST", "/things", body=sent), Response(200, answered)
    return Exchange(number, 0, "things", "createThing", request, response, STATE, SETTINGS)


def filled(limit: int, count: int, budget: Budget | None = None) -> Journal:
    journal = Journal(limit, budget or Budget(10**9))
    for number in range(1, count + 1):
        journal.add(exchange(number))
    return journal


@given(st.integers(1, 20), st.integers(0, 50))
def test_the_latest_exchanges_are_held_and_found_by_id(limit: int, count: int) -> None:
    journal = filled(limit, count)
    held = [it.id for it in journal]
    assert held == list(range(max(1, count - limit + 1), count + 1))
    for number in range(count + 3):
        found = journal.get(number)
        assert (found.id if found else None) == (number if number in held else None)


def test_an_empty_journal_finds_nothing() -> None:
    assert filled(10, 0).get(1) is None


def test_long_bodies_are_cut_without_touching_the_messages_that_were_sent() -> None:
    journal = filled(10, 0)
    added = exchange(1, b"a" * (MAX_KEPT_BODY + 1), b"b" * (MAX_KEPT_BODY + 1))
    request, response = added.request, added.response
    journal.add(added)
    kept = next(iter(journal))
    assert (len(kept.request.body), len(kept.response.body)) == (MAX_KEPT_BODY, MAX_KEPT_BODY)
    assert (len(request.body), len(response.body)) == (MAX_KEPT_BODY + 1, MAX_KEPT_BODY + 1)


def test_the_oldest_make_room_when_the_bytes_of_the_server_are_used_up() -> None:
    budget = Budget(3 * EXCHANGE_OVERHEAD)
    journal = filled(100, 5, budget)
    assert [it.id for it in journal] == [3, 4, 5]
    assert budget.used == 3 * EXCHANGE_OVERHEAD


def test_bodies_count_towards_the_budget() -> None:
    budget = Budget(10**9)
    journal = filled(100, 0, budget)
    journal.add(exchange(1, b"a" * 10, b"b" * 20))
    assert budget.used == EXCHANGE_OVERHEAD + 30


def test_a_world_keeps_its_last_exchange_even_beyond_the_budget() -> None:
    assert [it.id for it in filled(100, 5, Budget(1))] == [5]


def test_what_is_cleared_is_given_back_to_the_budget() -> None:
    budget = Budget(10**9)
    one, other = filled(10, 5, budget), filled(10, 3, budget)
    one.clear()
    assert (len(one), len(other), budget.used) == (0, 3, 3 * EXCHANGE_OVERHEAD)
