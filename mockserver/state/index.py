"""A look-up table that is never changed, only succeeded: each change gives a new one that shares all but a little.

Underneath is a persistent map, `Map`. An addition to it copies a node of each of its levels: more, and farther apart,
the more it holds. So what is added waits in a plain dict, and goes to the map many at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Generic, TypeVar

from immutables import Map

__all__ = ["Index", "Map"]

K = TypeVar("K")
V = TypeVar("V")

RECENT = 256
"""Entries that wait, at most."""


class Index(Generic[K, V]):
    """Keys to values, which are not None.

    The dict of what waits is shared with the indexes before and after this one; `_seen` tells how many of its entries
    are this one's own. One that ends where the dict goes on, because it was succeeded twice, is succeeded by one with a
    dict of its own. An entry is (how many came before it, value).
    """

    __slots__ = ("_recent", "_seen", "_settled")

    def __init__(self, entries: Mapping[K, V] | None = None) -> None:
        self._settled: Map[K, V] = Map(entries) if entries else Map()
        self._recent: dict[K, tuple[int, V]] = {}
        self._seen = 0

    def get(self, key: K) -> V | None:
        """The value of a key; None where there is none."""
        entry = self._recent.get(key)
        if entry is not None and entry[0] < self._seen:
            return entry[1]
        return self._settled.get(key)

    def set(self, key: K, value: V) -> Index[K, V]:
        """With a value for a key."""
        recent, seen = self._recent, self._seen
        if len(recent) != seen or seen == RECENT or key in recent:
            return _index(self.settled(), {key: (0, value)}, 1)
        recent[key] = (seen, value)
        return _index(self._settled, recent, seen + 1)

    def delete(self, key: K) -> Index[K, V]:
        """Without a key that is there."""
        return _index(self.settled().delete(key), {}, 0)

    def settled(self) -> Map[K, V]:
        """All of it as one map."""
        if not self._seen:
            return self._settled
        return self._settled.update((key, entry[1]) for key, entry in islice(self._recent.items(), self._seen))


def _index(settled: Map[K, V], recent: dict[K, tuple[int, V]], seen: int) -> Index[K, V]:
    index: Index[K, V] = Index.__new__(Index)
    index._settled, index._recent, index._seen = settled, recent, seen
    return index
