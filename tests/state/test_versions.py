"""A version of a map behaves like a dict, and stays what it was whatever versions are made from it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mockserver.state.versions import CAPACITY, RATIO, VersionedMap

KEYS = st.integers(0, 8)
MODELS = st.dictionaries(KEYS, st.text(max_size=2))

Version = VersionedMap[int, str]
Model = dict[int, str]


def check(version: Version, model: Model) -> None:
    """Compares all that a version says of its content with a dict."""
    assert version.to_dict() == model
    assert [version.get(key) for key in range(-1, 10)] == [model.get(key) for key in range(-1, 10)]
    assert list(version.values_of(list(model))) == list(model.values())


class Versions(RuleBasedStateMachine):
    """Makes versions of one map, each from any version so far, as `forks` of worlds and dropped transactions do."""

    @initialize(model=MODELS)
    def begin(self, model: Model) -> None:
        self.versions: list[tuple[Version, Model]] = [(VersionedMap(dict(model)), model)]
        self.number = 0

    def add(self, version: Version, model: Model) -> None:
        self.versions.append((version, model))

    def pick(self, data: st.DataObject) -> tuple[Version, Model]:
        return data.draw(st.sampled_from(self.versions[-4:]))

    @rule(key=KEYS)
    def set_in_the_latest(self, key: int) -> None:
        version, model = self.versions[-1]
        self.number += 1
        self.add(version.set(key, str(self.number)), {**model, key: str(self.number)})

    @rule(data=st.data(), key=KEYS)
    def fork_by_setting(self, data: st.DataObject, key: int) -> None:
        version, model = self.pick(data)
        self.number += 1
        self.add(version.set(key, str(self.number)), {**model, key: str(self.number)})

    @rule(data=st.data(), key=KEYS)
    def fork_by_deleting(self, data: st.DataObject, key: int) -> None:
        version, model = self.pick(data)
        self.add(version.set(key, None), {other: value for other, value in model.items() if other != key})

    @rule(data=st.data(), count=st.integers(1, 2 * CAPACITY), deletes=st.booleans())
    def set_many(self, data: st.DataObject, count: int, deletes: bool) -> None:
        version, model = self.pick(data)
        model = dict(model)
        for number in range(count):
            key = number % 9
            version = version.set(key, None if deletes and key % 2 else str(number))
            model[key] = str(number)
        self.add(version, {key: value for key, value in model.items() if not (deletes and key % 2 and key < count)})

    @rule(data=st.data())
    def compare(self, data: st.DataObject) -> None:
        (one, model), (two, other) = self.pick(data), self.pick(data)
        differences = set(one.differences(two))
        assert differences == set(two.differences(one))
        assert differences >= {key for key in {*model, *other} if model.get(key) != other.get(key)}
        assert all(one.get(key) is not two.get(key) for key in differences)

    @invariant()
    def every_version_keeps_its_content(self) -> None:
        for version, model in getattr(self, "versions", ()):
            check(version, model)


TestVersions = Versions.TestCase
TestVersions.settings = settings(max_examples=60, stateful_step_count=30)


@given(MODELS, MODELS)
def test_maps_that_have_nothing_in_common_differ_in_each_key(one: Model, two: Model) -> None:
    """Values are compared by identity, and the two have no value object in common."""
    left = VersionedMap({key: [value] for key, value in one.items()})
    right = VersionedMap({key: [value] for key, value in two.items()})
    assert set(left.differences(right)) == {*one, *two}


@pytest.mark.parametrize("size", [CAPACITY - 1, CAPACITY, CAPACITY + 1, CAPACITY * RATIO * 3])
def test_many_changes_are_all_found(size: int) -> None:
    version: VersionedMap[int, int] = VersionedMap()
    for key in range(size):
        version = version.set(key, key * 2)
    assert [version.get(key) for key in range(size)] == [key * 2 for key in range(size)]
    assert list(version.values_of(range(size))) == [key * 2 for key in range(size)]
    assert version.get(size) is None
    assert version.to_dict() == {key: key * 2 for key in range(size)}


def parts(*versions: VersionedMap[Any, Any]) -> list[int]:
    """Returns the sizes of all distinct dicts that versions consist of: what they cost in memory."""
    dicts = {id(part): len(part) for version in versions for part in (version._log.entries, *version._layers)}
    return sorted(dicts.values(), reverse=True)


def test_a_value_is_found_in_whichever_layer_has_it() -> None:
    version: VersionedMap[int, int] = VersionedMap(dict.fromkeys(range(CAPACITY * RATIO**2), 0))
    changes = CAPACITY * (RATIO + 1) + 1
    for key in range(changes):
        version = version.set(key, 1)
    assert len(version._layers) == 3
    assert [list(version.values_of([key])) for key in range(changes + 1)] == [[1]] * changes + [[0]]


def test_successive_versions_share_everything() -> None:
    versions: list[VersionedMap[int, int]] = [VersionedMap(dict.fromkeys(range(10_000), 0))]
    for key in range(CAPACITY):
        versions.append(versions[-1].set(key, 1))
    assert parts(*versions) == [10_000, CAPACITY]
    for key in range(CAPACITY):
        versions.append(versions[-1].set(key, 2))
    assert parts(*versions[CAPACITY + 1 :]) == [10_000, CAPACITY, CAPACITY]


def test_a_fork_copies_no_more_than_the_log() -> None:
    origin = VersionedMap(dict.fromkeys(range(1000), 0)).set(1, 1).set(2, 2)
    origin.set(3, 3)
    assert parts(origin, origin.set(4, 4)) == [1000, 3, 3]
    assert len(origin.set(4, 4)._latest()) == 3


def test_there_are_few_layers_and_each_is_much_larger_than_the_next() -> None:
    version: VersionedMap[int, int] = VersionedMap()
    for key in range(CAPACITY * RATIO**2):
        version = version.set(key, key)
        sizes = [len(layer) for layer in version._layers]
        assert all(RATIO * small <= large for small, large in pairwise(sizes))
    assert len(version._layers) <= 3


def test_keys_that_come_and_go_leave_nothing_behind() -> None:
    version: VersionedMap[int, int] = VersionedMap({-1: 1})
    for key in range(CAPACITY * 10):
        version = version.set(key, key).set(key, None)
    assert sum(parts(version)) <= 2 * CAPACITY
    assert version.to_dict() == {-1: 1}
