"""Keys between two others, in trees of every depth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.state import ordered

numbers = st.integers(-1, 520)


@given(st.sets(numbers), numbers, numbers)
def test_the_keys_between_two_are_those_of_the_sorted_set(keys: set[int], low: int, high: int) -> None:
    tree = ordered.build(sorted(keys))
    assert ordered.between(tree, low, high) == [key for key in sorted(keys) if low <= key < high]


@pytest.mark.parametrize("size", [0, 1, ordered.WIDTH, ordered.WIDTH + 1, ordered.WIDTH**2 + 1])
def test_keys_are_found_within_a_leaf_and_across_leaves(size: int) -> None:
    tree = ordered.build(range(size))
    for low, high in ((0, size), (ordered.WIDTH - 1, ordered.WIDTH + 1), (size - 1, size), (5, 6), (7, 7)):
        assert ordered.between(tree, low, high) == list(range(max(low, 0), min(high, size)))
