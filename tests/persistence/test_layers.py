"""Whatever happens to worlds, the file holds their states, and no layer more than it takes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mockserver.persistence.layers import Layer, LayerGraph
from mockserver.persistence.state_file import StateFile
from mockserver.state.store import Collection, State, Transaction, load

COLLECTIONS = (
    Collection("people", unique={"text": lambda record: record["text"]}),
    Collection("groups", many={"tag": lambda record: record["tags"]}),
)
EMPTY = load(COLLECTIONS, {})
NAMES = st.sampled_from("ABC")
CHANGES = st.lists(
    st.tuples(st.sampled_from(["people", "groups"]), st.sampled_from("abcd"), st.sampled_from("01234") | st.none()),
    min_size=1,
    max_size=4,
)

Content = tuple[dict[tuple[str, str], tuple[int, Any]], dict[str, int]]


def content(state: State) -> Content:
    """Returns all entries of a state and its counters as plain dicts."""
    entries = {
        (name, key): entry for name, table in state.tables.items() for key, entry in table.records.to_dict().items()
    }
    return entries, dict(state.counters)


def content_in_file(file: StateFile, layer: int) -> Content:
    """Returns what a reader of the file makes of a layer: the rows of the layers below it, then its own."""
    below = {saved.id: saved.below for saved in file.layers()}
    path = [layer]
    while (lower := below[path[-1]]) is not None:
        path.append(lower)
    entries: dict[tuple[str, str], tuple[int, Any]] = {}
    for one in reversed(path):
        for number, collection, position, key, record in file.records():
            if number == one and record is None:
                del entries[collection, key]
            elif number == one:
                entries[collection, key] = (position, record)
    return entries, dict(next(saved.counters for saved in file.layers() if saved.id == layer))


def changed(state: State, changes: list[tuple[str, str, str | None]], counts: bool = False) -> State:
    """Returns a state with records set or, with None, deleted."""
    records = Transaction(state)
    for collection, key, text in changes:
        if text is None:
            records.delete(collection, key)
        else:
            records.put(collection, key, {"text": text, "tags": [text]})
    if counts:
        records.next("ids")
    return records.commit()


@dataclass
class Stored:
    """A world: its initial state and layer, and its present ones."""

    initial: tuple[State, Layer]
    present: tuple[State, Layer]


class Graphs(RuleBasedStateMachine):
    """Does to worlds what servers do, and reads the file after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.file = StateFile(str(self.folder / "state.db"))
        self.graph = LayerGraph(self.file, EMPTY)
        self.worlds: dict[str, Stored] = {}
        self.past: list[State] = []

    def create(self, name: str, state: State) -> None:
        if name in self.worlds:
            self.drop(name)
        initial = self.graph.acquire(state)
        self.worlds[name] = Stored((state, initial), (state, self.graph.acquire(state, initial)))
        self.file.add_world(name, {}, initial.id, initial.id)

    def move(self, name: str, state: State, keys: set[tuple[str, str]] | None) -> None:
        world = self.worlds[name]
        before, layer = world.present
        if state is not before:
            self.past.append(before)
            world.present = (state, self.graph.move(layer, state, keys))
            self.file.set_world(name, {}, world.present[1].id)

    @rule(name=NAMES, changes=CHANGES)
    def create_anew(self, name: str, changes: list[Any]) -> None:
        self.create(name, changed(EMPTY, changes))

    @precondition(lambda self: self.worlds)
    @rule(name=NAMES, data=st.data())
    def fork(self, name: str, data: st.DataObject) -> None:
        origin = self.worlds[data.draw(st.sampled_from(sorted(self.worlds)))]
        self.create(name, data.draw(st.sampled_from([origin.present[0], origin.initial[0]])))

    @precondition(lambda self: self.worlds)
    @rule(data=st.data(), changes=CHANGES, counts=st.booleans(), tells=st.booleans())
    def change(self, data: st.DataObject, changes: list[Any], counts: bool, tells: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.worlds)))
        state = changed(self.worlds[name].present[0], changes, counts)
        self.move(name, state, {(collection, key) for collection, key, _ in changes} if tells else None)

    @precondition(lambda self: self.worlds)
    @rule(data=st.data())
    def reset(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.worlds)))
        self.move(name, self.worlds[name].initial[0], None)

    @precondition(lambda self: self.worlds and self.past)
    @rule(data=st.data())
    def rewind(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.worlds)))
        others = [world.present[0] for world in self.worlds.values()]
        self.move(name, data.draw(st.sampled_from(self.past[-6:] + others)), None)

    @precondition(lambda self: self.worlds)
    @rule(data=st.data())
    def drop_one(self, data: st.DataObject) -> None:
        self.drop(data.draw(st.sampled_from(sorted(self.worlds))))

    def drop(self, name: str) -> None:
        world = self.worlds.pop(name)
        self.file.remove_world(name)
        self.graph.release(world.present[1])
        self.graph.release(world.initial[1])

    @rule()
    def load(self) -> None:
        """As a server that starts with the file does."""
        self.file.close()
        self.file = StateFile(str(self.folder / "state.db"))
        self.graph = LayerGraph(self.file, EMPTY)
        self.past.clear()
        layers = self.graph.load()
        for saved in self.file.worlds():
            initial, present = layers[saved.initial], layers[saved.present]
            expected = self.worlds[saved.name]
            assert content(initial.state) == content(expected.initial[0])
            assert content(present.state) == content(expected.present[0])
            self.worlds[saved.name] = Stored(
                (initial.state, self.graph.acquire(initial.state)), (present.state, self.graph.acquire(present.state))
            )

    @invariant()
    def the_file_holds_every_state(self) -> None:
        for world in self.worlds.values():
            for state, layer in (world.initial, world.present):
                assert layer.state is state
                assert content_in_file(self.file, layer.id) == content(state)

    @invariant()
    def the_file_knows_the_layers_of_every_world(self) -> None:
        saved = {world.name: (world.initial, world.present) for world in self.file.worlds()}
        assert saved == {name: (it.initial[1].id, it.present[1].id) for name, it in self.worlds.items()}

    @invariant()
    def every_layer_is_needed(self) -> None:
        used = [layer for world in self.worlds.values() for _, layer in (world.initial, world.present)]
        for layer in self.graph:
            assert layer.references == used.count(layer)
            assert layer.references or len(layer.above) >= 2
            assert layer.above == {other for other in self.graph if other.below is layer}

    @invariant()
    def the_file_has_the_same_layers_as_the_graph(self) -> None:
        graph = {layer.id: layer.below.id if layer.below else None for layer in self.graph}
        assert {saved.id: saved.below for saved in self.file.layers()} == graph
        assert {number for number, *_ in self.file.records()} <= set(graph)

    def teardown(self) -> None:
        self.file.close()
        shutil.rmtree(self.folder)


TestGraphs = Graphs.TestCase
TestGraphs.settings = settings(max_examples=40, stateful_step_count=25)


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[LayerGraph]:
    file = StateFile(str(tmp_path / "state.db"))
    yield LayerGraph(file, EMPTY)
    file.close()


def rows(graph: LayerGraph) -> list[tuple[int, str]]:
    """Returns the layer and the id of every record in the file."""
    return sorted((number, key) for number, _, _, key, _ in graph._file.records())


def test_a_layer_holds_only_what_differs_from_the_one_below(graph: LayerGraph) -> None:
    first = changed(EMPTY, [("people", "a", "0"), ("people", "b", "0")])
    initial = graph.acquire(first)
    present = graph.acquire(changed(first, [("people", "b", "1"), ("people", "a", None)]), initial)
    assert rows(graph) == [(initial.id, "a"), (initial.id, "b"), (present.id, "a"), (present.id, "b")]
    moved = graph.move(present, changed(first, [("people", "b", "2")]), None)
    assert moved is present
    assert rows(graph) == [(initial.id, "a"), (initial.id, "b"), (present.id, "a"), (present.id, "b")]


def test_a_layer_that_only_one_world_uses_is_rewritten(graph: LayerGraph) -> None:
    layer = graph.acquire(changed(EMPTY, [("people", "a", "0")]))
    assert graph.move(layer, changed(layer.state, [("people", "a", "1")]), {("people", "a")}) is layer
    assert list(graph) == [layer]


def test_a_layer_that_two_worlds_use_stays_when_one_of_them_changes(graph: LayerGraph) -> None:
    layer = graph.acquire(changed(EMPTY, [("people", "a", "0")]))
    assert graph.acquire(layer.state) is layer
    moved = graph.move(layer, changed(layer.state, [("people", "a", "1")]), {("people", "a")})
    assert (moved.below, layer.references, moved.references) == (layer, 1, 1)


def test_two_layers_become_one_when_only_the_upper_uses_the_lower(graph: LayerGraph) -> None:
    lower = graph.acquire(changed(EMPTY, [("people", "a", "0"), ("people", "b", "0")]))
    upper = graph.acquire(changed(lower.state, [("people", "b", "1")]), lower)
    graph.release(lower)
    assert list(graph) == [upper]
    assert rows(graph) == [(upper.id, "a"), (upper.id, "b")]
    assert content_in_file(graph._file, upper.id) == content(upper.state)


def test_a_layer_lives_as_the_module_draws_it(graph: LayerGraph) -> None:
    s = changed(EMPTY, [("people", "a", "0")])
    t, u = changed(s, [("people", "a", "1")]), changed(s, [("people", "b", "1")])
    v, w = changed(u, [("people", "c", "2")]), changed(u, [("people", "c", "3")])
    initial_a = graph.acquire(s)
    present_a = graph.acquire(s, initial_a)
    assert list(graph) == [initial_a]
    present_a = graph.move(present_a, t, None)
    assert present_a.below is initial_a
    assert graph.move(present_a, u, None) is present_a
    initial_b, present_b = graph.acquire(u), graph.acquire(u)
    present_a, present_b = graph.move(present_a, v, None), graph.move(present_b, w, None)
    assert (present_a.below, present_b.below, initial_b.below) == (initial_b, initial_b, initial_a)
    graph.release(present_b)
    graph.release(initial_b)
    assert set(graph) == {initial_a, present_a}
    assert (present_a.below, initial_a.above, present_a.above) == (initial_a, {present_a}, set())
    assert content_in_file(graph._file, present_a.id) == content(v)
    assert content_in_file(graph._file, initial_a.id) == content(s)


def test_a_layer_that_two_others_use_stays_without_worlds(graph: LayerGraph) -> None:
    lower = graph.acquire(changed(EMPTY, [("people", "a", "0")]))
    uppers = [graph.acquire(changed(lower.state, [("people", "b", text)]), lower) for text in "12"]
    graph.release(lower)
    assert set(graph) == {lower, *uppers}
    assert [content_in_file(graph._file, upper.id) for upper in uppers] == [content(upper.state) for upper in uppers]


def test_a_layer_with_another_above_it_is_not_rewritten(graph: LayerGraph) -> None:
    lower = graph.acquire(changed(EMPTY, [("people", "a", "0")]))
    upper = graph.acquire(changed(lower.state, [("people", "b", "1")]), lower)
    moved = graph.move(lower, changed(lower.state, [("people", "a", "2")]), None)
    assert content_in_file(graph._file, upper.id) == content(upper.state)
    assert content_in_file(graph._file, moved.id) == content(moved.state)


def test_of_two_loaded_records_with_one_unique_value_the_later_is_found(graph: LayerGraph) -> None:
    lower = graph.acquire(changed(EMPTY, [("people", f"p{number}", str(number)) for number in range(40)]))
    graph.acquire(changed(lower.state, [("people", "z", "same"), ("people", "a", "same")]), lower)
    (upper,) = [layer for layer in LayerGraph(graph._file, EMPTY).load().values() if layer.below]
    assert upper.state.tables["people"].unique["text"].get("same") == "a"
