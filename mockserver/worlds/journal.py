"""The journal of a world: a bounded list of its latest exchanges.

An exchange keeps its request, its response and its changes, and the state and settings of the world after it. So a
world can be rewound to any exchange in the journal. That costs little memory, because states share their records.
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
"""Bytes of a message body that the journal keeps; a longer body is truncated."""

EXCHANGE_OVERHEAD = 1_024
"""Bytes that an exchange counts towards the budget besides its bodies: an estimate."""

NO_CHANGES: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """All of a world's state but its records. It is replaced, never changed in place.

    `born` is the instant, on the world's own clock, at which time began to pass in the world. Ids are made from `seed`.
    """

    born: int
    seed: int
    options: dict[str, Any]
    clock: Clock


@dataclass(slots=True)
class Exchange:
    """One request and its response.

    `at` is the world's instant at which the request came, in nanoseconds. `state` and `settings` are those of the world
    after the exchange, to which it can be rewound. `ignored` lists what the client sent and the document does not
    describe ("query verbose", "body /nmae"). `fault` is the fault that hit the exchange. `size` is what the exchange
    counts towards the budget, in bytes; the journal sets it.
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
"""Is called with each exchange that the journal adds, and with None when there will be no more. Must not raise."""


class Journal:
    """The latest exchanges of one world: at most `limit`, and fewer where the server's budget is used up.

    `last_id` is the id of the latest exchange, also when the journal no longer has it.
    """

    __slots__ = ("_budget", "_exchanges", "_followers", "last_id", "limit")

    def __init__(self, limit: int, budget: Budget) -> None:
        self.limit = limit
        self.last_id = 0
        self._budget = budget
        self._exchanges: deque[Exchange] = deque()
        self._followers: tuple[Follower, ...] = ()

    def add(self, exchange: Exchange) -> None:
        """Adds an exchange. Removes the oldest ones of this world where there is no room."""
        size = EXCHANGE_OVERHEAD + len(exchange.request.body) + len(exchange.response.body)
        if size > MAX_KEPT_BODY:
            size = _truncate(exchange)
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
        """Returns the exchange with an id, if the journal still has it. Ids are consecutive, so this is a look-up."""
        if not self._exchanges:
            return None
        index = exchange_id - self._exchanges[0].id
        return self._exchanges[index] if 0 <= index < len(self._exchanges) else None

    def clear(self) -> None:
        """Removes all exchanges. Ids continue where they were."""
        self._budget.used -= sum(exchange.size for exchange in self._exchanges)
        self._exchanges.clear()

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Calls a follower from now on. Returns a function that ends this."""
        self._followers = (*self._followers, follower)
        return lambda: self._leave(follower)

    @property
    def followed(self) -> bool:
        """Whether the journal has a follower."""
        return bool(self._followers)

    def close(self) -> None:
        """Removes all exchanges and tells the followers that there will be no more."""
        self.clear()
        for follower in self._followers:
            follower(None)

    def _leave(self, follower: Follower) -> None:
        self._followers = tuple(other for other in self._followers if other is not follower)


def _truncate(exchange: Exchange) -> int:
    """Truncates the bodies of an exchange that are too long. Returns the size of the exchange afterwards.

    The messages are replaced, because the transport still has to send them whole.
    """
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
