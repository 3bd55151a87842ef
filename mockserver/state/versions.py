"""A map that is never changed: each change returns a new version, which shares nearly everything with the one before.

All is kept in plain dicts. Persistent maps from packages (immutables, rpds) need no copies, but a look-up in them takes
two to ten times as long, and a change several times as long as the copies do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

K = TypeVar("K")
V = TypeVar("V")

CAPACITY = 256
"""How many changes a log takes."""

RATIO = 8
"""A layer is at least so many times as large as the next."""

MISSING: Any = object()
"""Stands for a value where a layer has no key, not even a deleted one."""

Change: TypeAlias = "tuple[int, V | None, Change[V] | None]"
"""A change's number in its log, the new value (None for a deletion), and the change of the same key before it."""


class Log(Generic[K, V]):
    """The latest changes of some versions, `length` of them. `entries` maps each key to its last change."""

    __slots__ = ("entries", "length")

    def __init__(self, values: Mapping[K, V | None]) -> None:
        self.entries: dict[K, Change[V]] = {
            key: (number, value, None) for number, (key, value) in enumerate(values.items())
        }
        self.length = len(values)


class VersionedMap(Generic[K, V]):
    """One version of a map from keys to values, which are not None.

    Its content is a stack of plain dicts, the layers, each with the changes of the one below it, and a log of the
    latest changes on top. The topmost part that has a key decides; a value of None there stands for a deletion.

        log       x=7
        layer 2   a=5, y=None                     never changed, and shared by all versions
        layer 1   a=1, b=2, c=3, ..., y=9, z=0    the same

    Successive versions share the log, too. A version knows how much of it is its own, by the number of changes:

        v0 = VersionedMap()     log: (empty)            v0 has 0 changes
        v1 = v0.set("x", 1)     log: x=1                v1 has 1
        v2 = v1.set("x", 2)     log: x=1, x=2           v2 has 2; v1 still finds x=1
        fork = v1.set("y", 3)   the log has gone on after v1, so the fork gets another one: x=1, y=3

    When a version with a full log is changed, the next version has the log as one more layer, and begins an empty log.
    The new layer is merged with those below it that are less than RATIO times as large. So there are few layers to
    search, and a change is copied a few times only, each time to a layer that is several times larger. The price is a
    pause, once in a long while: 100,000 entries are merged in some 10 ms.
    """

    __slots__ = ("_layers", "_length", "_log")

    def __init__(self, values: dict[K, V] | None = None) -> None:
        """Takes `values` over; the caller must not change the dict any more."""
        self._layers: tuple[Mapping[K, V | None], ...] = (values or {},)
        self._log: Log[K, V] = Log({})
        self._length = 0

    def get(self, key: K) -> V | None:
        """Returns the value of a key; None where there is none."""
        change = self._log.entries.get(key)
        while change is not None:
            if change[0] < self._length:
                return change[1]
            change = change[2]  # a later version made this change
        for layer in self._layers:
            value = layer.get(key, MISSING)
            if value is not MISSING:
                return value
        return None

    def values_of(self, keys: Sequence[K]) -> Iterable[V]:
        """Returns the values of several keys, all of which must be there."""
        get: Callable[[K], Any] = self._layers[-1].get
        for part in (self._log.entries, *self._layers[:-1]):
            if not part.keys().isdisjoint(keys):
                get = self.get  # several times slower
        return map(get, keys)

    def set(self, key: K, value: V | None) -> VersionedMap[K, V]:
        """Returns the next version, with the value of a key set or, with None, the key deleted."""
        layers, log, length = self._layers, self._log, self._length
        if length == CAPACITY:
            layers, log, length = _stacked(layers, self._latest()), Log({}), 0
        elif log.length != length:
            log = Log(self._latest())
        log.entries[key] = (length, value, log.entries.get(key))
        log.length = length = length + 1
        version: VersionedMap[K, V] = VersionedMap.__new__(VersionedMap)
        version._layers, version._log, version._length = layers, log, length
        return version

    def to_dict(self) -> dict[K, V]:
        """Returns all keys with their values, in no order."""
        values: dict[K, V | None] = {}
        for part in (*reversed(self._layers), self._latest()):
            values.update(part)
        return {key: value for key, value in values.items() if value is not None}

    def differences(self, other: VersionedMap[K, V]) -> Iterator[K]:
        """Yields the keys whose values are not the same object in both. Layers that both share are not searched."""
        shared = {id(layer) for layer in self._layers} & {id(layer) for layer in other._layers}
        layers = [layer for layer in self._layers + other._layers if id(layer) not in shared]
        keys = {key for part in (*layers, self._latest(), other._latest()) for key in part}
        return (key for key in keys if self.get(key) is not other.get(key))

    def _latest(self) -> dict[K, V | None]:
        """Returns this version's share of the log: the last value of each key, None for a deletion."""
        latest = {}
        for key, last in self._log.entries.items():
            change: Change[V] | None = last
            while change is not None and change[0] >= self._length:
                change = change[2]
            if change is not None:
                latest[key] = change[1]
        return latest


def _stacked(layers: tuple[Mapping[K, V | None], ...], top: dict[K, V | None]) -> tuple[Mapping[K, V | None], ...]:
    """Returns the layers, the topmost first, with one more on top."""
    place = 0
    deleted: list[K] = []
    while place < len(layers) and len(layers[place]) < RATIO * len(top):
        deleted = [key for key, value in top.items() if value is None]
        top = {**layers[place], **top}
        place += 1
    if place == len(layers):
        for key in deleted:
            del top[key]  # there is no layer below that has it
    return top, *layers[place:]
