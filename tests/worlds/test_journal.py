"""A journal keeps the latest exchanges, bounded by their number and by the server's budget, and finds them by id."""

from __future__ import annotations

from dataclasses import replace

import pytest
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
def test_the_latest_exchanges_are_kept_and_found_by_id(limit: int, count: int) -> None:
    journal = filled(limit, count)
    kept = [exchange.id for exchange in journal]
    assert kept == list(range(max(1, count - limit + 1), count + 1))
    for number in range(count + 3):
        found = journal.get(number)
        assert (found.id if found else None) == (number if number in kept else None)


def test_an_empty_journal_finds_nothing() -> None:
    assert filled(10, 0).get(1) is None
    assert filled(10, 0).last_id == 0


@pytest.mark.parametrize(
    ("sent", "answered"),
    [(MAX_KEPT_BODY + 1, 10), (10, MAX_KEPT_BODY + 1), (2 * MAX_KEPT_BODY, 3 * MAX_KEPT_BODY), (MAX_KEPT_BODY, 0)],
)
def test_long_bodies_are_truncated_and_count_as_long_as_they_are_kept(sent: int, answered: int) -> None:
    budget = Budget(10**9)
    journal = filled(10, 0, budget)
    added = exchange(1, b"a" * sent, b"b" * answered)
    assert added.size == 0
    journal.add(added)
    (kept,) = journal
    assert kept.request.body == b"a" * min(sent, MAX_KEPT_BODY)
    assert kept.response.body == b"b" * min(answered, MAX_KEPT_BODY)
    assert kept.size == EXCHANGE_OVERHEAD + len(kept.request.body) + len(kept.response.body)
    assert budget.used == kept.size
    journal.clear()
    assert budget.used == 0


def test_truncating_leaves_the_messages_that_are_sent_as_they_are() -> None:
    added = exchange(1, b"a" * (MAX_KEPT_BODY + 1), b"b" * (MAX_KEPT_BODY + 1))
    request, response = added.request, added.response
    filled(10, 0).add(added)
    assert (len(request.body), len(response.body)) == (MAX_KEPT_BODY + 1, MAX_KEPT_BODY + 1)
    assert added.request == replace(request, body=request.body[:MAX_KEPT_BODY])
    assert added.response == replace(response, body=response.body[:MAX_KEPT_BODY])


def test_the_bounds_are_as_documented() -> None:
    assert (MAX_KEPT_BODY, EXCHANGE_OVERHEAD) == (65_536, 1_024)


def test_the_oldest_exchanges_are_removed_when_the_budget_of_the_server_is_used_up() -> None:
    budget = Budget(3 * EXCHANGE_OVERHEAD)
    journal = filled(100, 5, budget)
    assert [kept.id for kept in journal] == [3, 4, 5]
    assert budget.used == 3 * EXCHANGE_OVERHEAD


def test_bodies_count_towards_the_budget() -> None:
    budget = Budget(10**9)
    journal = filled(100, 0, budget)
    journal.add(exchange(1, b"a" * 10, b"b" * 20))
    assert budget.used == EXCHANGE_OVERHEAD + 30


def test_a_journal_keeps_its_latest_exchange_even_beyond_the_budget() -> None:
    assert [kept.id for kept in filled(100, 5, Budget(1))] == [5]


def test_clearing_a_journal_returns_its_bytes_to_the_budget() -> None:
    budget = Budget(10**9)
    one, other = filled(10, 5, budget), filled(10, 3, budget)
    one.clear()
    assert (len(one), len(other), budget.used) == (0, 3, 3 * EXCHANGE_OVERHEAD)


def test_a_follower_gets_each_exchange_until_it_leaves() -> None:
    journal = filled(10, 1)
    first: list[int | None] = []
    second: list[int | None] = []
    assert not journal.followed
    leave = journal.follow(lambda added: first.append(added.id if added else None))
    journal.follow(lambda added: second.append(added.id if added else None))
    assert journal.followed
    journal.add(exchange(2))
    leave()
    journal.add(exchange(3))
    journal.close()
    assert (first, second) == ([2], [2, 3, None])
    assert len(journal) == 0
