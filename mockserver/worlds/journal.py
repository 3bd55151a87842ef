"""What was asked, answered and changed in one world: a bounded list of exchanges.

Each exchange keeps the bytes of both messages and the state and settings it left behind; states share their records, so
that costs little and lets a world go back to any exchange that is still held.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from mockserver.core.clock import Clock
from mockserver.core.messages import Effect, Request, Response
from mockserver.state.store import Change, State

MAX_KEPT_BODY = 65_536
"""Bytes of a message body that the journal keeps; the rest is cut off there."""

EXCHANGE_OVERHEAD = 1_024
"""Bytes that an exchange is taken to need besides its bodies."""

NO_CHANGES: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a world goes by besides its records. It is replaced, never changed.

    `born` is the instant, on the world's own clock, at which time began to pass in it; ids come from `seed`.
    """

    born: int
    seed: int
    options: dict[str, Any]
    clock: Clock


@dataclass(slots=True)
class Exchange:
    """One request and its answer. `at` is the world's instant, in nanoseconds.

    `state` and `settings` are what it left behind: the moment to which a world can go back.

    `ignored` lists what the client sent that nothing read ("query verbose", "body /nmae"). `fault` is what was done to
    it on purpose. `size` is what the exchange counts towards the budget, in bytes.
    """

    id: int
    at: int
    service: str
    operation: str
    request: Request
    response: Response
    state: State
    settings: Settings
    changes: list[Change] | tuple[Change, ...] = NO_CHANGES
    ignored: list[str] | tuple[str, ...] = ()
    fault: Effect | None = None
    size: int = 0


@dataclass(slots=True)
class Budget:
    """The bytes that all journals of a server may hold together."""

    limit: int
    used: int = 0


Follower: TypeAlias = Callable[[Exchange | None], None]
"""Is given each exchange once it is over, and None when there will be no more. Must not raise."""


class Journal:
    """The latest exchanges of one world, at most `limit` of them and within the server's budget."""

    __slots__ = ("_budget", "_exchanges", "_followers", "last_id", "limit")

    def __init__(self, limit: int, budget: Budget) -> None:
        self.limit = limit
        self.last_id = 0
        self._budget = budget
        self._exchanges: deque[Exchange] = deque()
        self._followers: tuple[Follower, ...] = ()

    def add(self, exchange: Exchange) -> None:
        """Keeps an exchange; the oldest of this world make room."""
        size = EXCHANGE_OVERHEAD + len(exchange.request.body) + len(exchange.response.body)
        if size > MAX_KEPT_BODY:
            size = _cut(exchange)
        exchange.size = size
        exchanges, budget = self._exchanges, self._budget
        exchanges.append(exchange)
        budget.used += size
        while len(exchanges) > self.limit or (budget.used > budget.limit and len(exchanges) > 1):
            budget.used -= exchanges.popleft().size
        for follower in self._followers:
            follower(exchange)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    def get(self, exchange_id: int) -> Exchange | None:
        """An exchange that is still held. Ids are consecutive, so this is a look-up."""
        if not self._exchanges:
            return None
        index = exchange_id - self._exchanges[0].id
        return self._exchanges[index] if 0 <= index < len(self._exchanges) else None

    def clear(self) -> None:
        """Forgets all exchanges; ids go on."""
        self._budget.used -= sum(exchange.size for exchange in self._exchanges)
        self._exchanges.clear()

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Has a follower told from now on; gives a function that ends it."""
        self._followers = (*self._followers, follower)
        return lambda: self._leave(follower)

    @property
    def followed(self) -> bool:
        """Whether anybody follows."""
        return bool(self._followers)

    def close(self) -> None:
        """Forgets all exchanges, and tells the followers that this was all."""
        self.clear()
        for follower in self._followers:
            follower(None)

    def _leave(self, follower: Follower) -> None:
        self._followers = tuple(other for other in self._followers if other is not follower)


def _cut(exchange: Exchange) -> int:
    """Cuts long bodies, and gives the size of what is left."""
    request, response = exchange.request, exchange.response
    exchange.request = Request(
        request.method,
        request.target,
        request.headers,
        request.body[:MAX_KEPT_BODY],
        request.origin,
        request.unreadable,
    )
    exchange.response = Response(response.status, response.body[:MAX_KEPT_BODY], response.headers)
    return EXCHANGE_OVERHEAD + len(exchange.request.body) + len(exchange.response.body)
