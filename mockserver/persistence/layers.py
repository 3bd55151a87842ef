"""The layers of a state file: states that share on disk what they share in memory.

A layer holds a state: the state of the layer below, if there is one, with some records changed. It lives as follows.

    world A is created              S           A's initial and present state are one layer, S.

    A changes                       T           S has to stay as it is, for A may be reset. So T gets a layer of its
                                    |           own, which holds the differences.
                                    S

    A changes again                 U           Only A's present state used T. So the layer is rewritten.
                                    |
                                    S

    B is forked from A,           V   W         B was created at U, so U has to stay. Each world gets a layer above it.
    then A and B change            \\ /
                                    U
                                    |
                                    S

    B is dropped                    V           Nothing uses W any more: it is removed. Nothing but V uses U: the two
                                    |           are merged into one.
                                    S

So at any time each layer is used: by a world, or by at least two layers above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mockserver.persistence.differences import Key, Row, differences, overlay
from mockserver.persistence.state_file import StateFile
from mockserver.state.store import Record, State


@dataclass(slots=True, eq=False)
class Layer:
    """A state in the file, as its differences from the layer below, or from the empty state.

    `references` counts the worlds that have it as their initial state and those that have it as their present state. A
    world with both counts twice. `above` are the layers that build on this one.
    """

    id: int
    below: Layer | None
    state: State
    references: int = 0
    above: set[Layer] = field(default_factory=set)


class LayerGraph:
    """All layers of a state file. Every change of the graph is written to the file at once.

    `empty` is the state without records. Callers open the transaction of the file.
    """

    def __init__(self, file: StateFile, empty: State) -> None:
        self._file = file
        self._empty = empty
        self._by_state: dict[State, Layer] = {}

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._by_state.values())

    def load(self) -> dict[int, Layer]:
        """Reads the layers of the file into an empty graph. Returns them by id; none has references yet."""
        rows: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for number, collection, position, key, record in self._file.records():
            rows[number][collection].append((position, key, record))
        layers: dict[int, Layer] = {}
        for saved in self._file.layers():
            below = None if saved.below is None else layers[saved.below]
            changed = {name: sorted(some, key=_position) for name, some in rows.pop(saved.id, {}).items()}
            state = overlay(below.state if below else self._empty, changed, saved.counters)
            layers[saved.id] = self._add(Layer(saved.id, below, state))
        return layers

    def acquire(self, state: State, below: Layer | None = None, keys: Iterable[Key] | None = None) -> Layer:
        """Returns the layer that holds a state, with one reference more. Creates it above `below` if there is none.

        `keys` names all records in which the state may differ from the one below; None stands for "any".
        """
        layer = self._by_state.get(state)
        if layer is None:
            number = self._file.add_layer(below.id if below else None, state.counters)
            layer = Layer(number, below, below.state if below else self._empty)
            self._write(layer, state, keys)
            self._add(layer)
        layer.references += 1
        return layer

    def release(self, layer: Layer) -> None:
        """Takes a reference from a layer. Removes and merges the layers that are no longer needed."""
        layer.references -= 1
        lowest: Layer | None = layer
        while lowest is not None and not lowest.references and not lowest.above:
            self._remove(lowest)
            lowest = lowest.below
        if lowest is not None and not lowest.references and len(lowest.above) == 1:
            self._merge(lowest, next(iter(lowest.above)))

    def move(self, layer: Layer, state: State, keys: Iterable[Key] | None) -> Layer:
        """Takes a reference from a layer to another state, and returns the layer that holds that state.

        `keys` is as for `acquire`. The layer is rewritten where nothing else uses it.
        """
        if state not in self._by_state and layer.references == 1 and not layer.above:
            del self._by_state[layer.state]
            self._write(layer, state, keys)
            self._by_state[state] = layer
            return layer
        moved = self.acquire(state, layer, keys)
        self.release(layer)
        return moved

    def _add(self, layer: Layer) -> Layer:
        self._by_state[layer.state] = layer
        if layer.below is not None:
            layer.below.above.add(layer)
        return layer

    def _remove(self, layer: Layer) -> None:
        del self._by_state[layer.state]
        self._file.remove_layer(layer.id)
        if layer.below is not None:
            layer.below.above.remove(layer)

    def _merge(self, layer: Layer, above: Layer) -> None:
        """Makes one layer of two, where only the upper one uses the lower one."""
        self._file.merge_layers(layer.id, above.id)
        del self._by_state[layer.state]
        above.id, above.below = layer.id, layer.below
        if layer.below is not None:
            layer.below.above.remove(layer)
            layer.below.above.add(above)

    def _write(self, layer: Layer, state: State, keys: Iterable[Key] | None) -> None:
        """Makes a layer hold a state. `keys` is as for `acquire`."""
        keys = list(differences(layer.state, state) if keys is None else keys)
        below = layer.below.state if layer.below else self._empty
        self._file.put_records(layer.id, _rows(keys, state, below))
        gone = (key for key in keys if _entry(state, key) is None and _entry(below, key) is None)
        self._file.remove_records(layer.id, gone)
        if state.counters is not layer.state.counters:
            self._file.set_counters(layer.id, state.counters)
        layer.state = state


def _position(row: Row) -> int:
    return row[0]


def _rows(keys: Iterable[Key], state: State, below: State) -> Iterator[tuple[str, str, int, Record | None]]:
    """Yields the rows that a layer needs for these records; none for a record that it and the layer below lack."""
    for key in keys:
        entry = _entry(state, key)
        if entry is not None:
            yield (*key, *entry)
        elif _entry(below, key) is not None:
            yield (*key, 0, None)


def _entry(state: State, key: Key) -> tuple[int, Record] | None:
    """Returns a record's position and the record."""
    table = state.tables.get(key[0])
    return table.records.get(key[1]) if table else None
