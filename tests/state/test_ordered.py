"""A tree behaves like a sorted list without repeats, and every change leaves the trees before it as they were."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.state import ordered

KEYS = st.lists(st.integers(0, 500))
CHANGES = st.lists(st.tuples(st.booleans(), st.integers(0, 500)))
SIZES = st.sampled_from([0, 1, ordered.WIDTH, ordered.WIDTH + 1, 5_000])
PLACES = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=150)


def keys(tree: ordered.Tree) -> list[int]:
    return ordered.ascending(tree, 0, ordered.size(tree))


def large(count: int) -> ordered.Tree:
    """A tree of every second number, several levels deep."""
    return ordered.build(range(0, 2 * count, 2))


@given(KEYS, CHANGES)
def test_keys_come_and_go_as_in_a_sorted_list(begin: list[int], changes: list[tuple[bool, int]]) -> None:
    model = set(begin)
    tree = ordered.build(sorted(model))
    for adds, key in changes:
        tree = ordered.add(tree, key) if adds else ordered.remove(tree, key)
        (model.add if adds else model.discard)(key)
        assert ordered.size(tree) == len(model)
    assert keys(tree) == sorted(model)


def check(tree: ordered.Tree) -> int:
    """Checks that inner nodes say of their children what is true, and that no node is too large. Returns the height."""
    if not isinstance(tree, ordered.Node):
        assert len(tree) <= ordered.WIDTH
        return 0
    contents = [keys(child) for child in tree.children]
    assert 1 <= len(contents) <= ordered.WIDTH
    assert list(tree.firsts) == [some[0] for some in contents]
    assert list(tree.ends) == list(accumulate(len(some) for some in contents))
    (height,) = {check(child) for child in tree.children}
    return height + 1


@given(SIZES, PLACES)
def test_large_trees_stay_well_formed_whatever_changes(size: int, places: list[tuple[bool, float]]) -> None:
    tree, model = large(size), set(range(0, 2 * size, 2))
    for adds, place in places:
        key = round(place * 2 * size) - 1
        tree = ordered.add(tree, key) if adds else ordered.remove(tree, key)
        (model.add if adds else model.discard)(key)
    assert keys(tree) == sorted(model)
    check(tree)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("size", [ordered.WIDTH + 1, 5_000])
def test_a_tree_that_loses_its_keys_one_by_one_stays_well_formed(size: int, order: int) -> None:
    tree = ordered.build(range(size))
    removed = range(size)[::order]
    for number, key in enumerate(removed, start=1):
        tree = ordered.remove(tree, key)
        assert ordered.size(tree) == size - number
        if number % 37 == 0 or number > size - 3 * ordered.WIDTH:
            check(tree)
            assert not isinstance(tree, ordered.Node) or len(tree.children) > 1
    assert tree == ordered.EMPTY


def test_a_full_leaf_is_cut_in_halves() -> None:
    tree = ordered.add(ordered.build(range(0, 2 * ordered.WIDTH, 2)), ordered.WIDTH + 1)
    assert isinstance(tree, ordered.Node)
    assert tree.ends == (ordered.WIDTH // 2, ordered.WIDTH + 1)


@given(KEYS, st.integers(0, 520), st.integers(0, 520))
def test_pages_are_slices_of_the_sorted_list(begin: list[int], start: int, stop: int) -> None:
    model = sorted(set(begin))
    tree = ordered.build(model)
    assert ordered.ascending(tree, start, stop) == model[start:stop]


@given(st.integers(-1, 20_001), st.integers(0, 10_001), st.integers(0, 300))
def test_a_deep_tree_gives_the_same_slices_and_ranks(key: int, start: int, count: int) -> None:
    model = range(0, 20_000, 2)
    tree = large(10_000)
    assert ordered.rank(tree, key) == sum(1 for it in model if it < key)
    assert ordered.ascending(tree, start, start + count) == list(model[start : start + count])


@given(KEYS, st.integers(-1, 501))
def test_the_rank_of_a_key_is_how_many_are_smaller(begin: list[int], key: int) -> None:
    model = set(begin)
    assert ordered.rank(ordered.build(sorted(model)), key) == sum(it < key for it in model)


@given(st.permutations(range(300)))
def test_keys_added_in_any_order_come_out_sorted(order: list[int]) -> None:
    tree = ordered.EMPTY
    for key in order:
        tree = ordered.add(tree, key)
    assert keys(tree) == list(range(300))


def test_a_tree_that_loses_every_key_is_the_empty_tree() -> None:
    tree = large(5_000)
    for key in range(0, 10_000, 2):
        tree = ordered.remove(tree, key)
    assert tree == ordered.EMPTY


@given(CHANGES)
def test_a_change_leaves_the_tree_before_it_alone(changes: list[tuple[bool, int]]) -> None:
    before = large(250)
    kept = keys(before)
    after = before
    for adds, key in changes:
        after = ordered.add(after, key) if adds else ordered.remove(after, key)
    assert keys(before) == kept


def test_adding_what_is_there_and_removing_what_is_not_give_the_same_tree() -> None:
    tree = large(1_000)
    assert ordered.add(tree, 500) is tree
    assert ordered.remove(tree, 501) is tree


def test_growth_at_the_end_leaves_full_nodes_behind() -> None:
    tree = ordered.EMPTY
    for key in range(ordered.WIDTH**2 * 3):
        tree = ordered.add(tree, key)
    assert isinstance(tree, ordered.Node)
    assert tree.ends == tuple(ordered.WIDTH**2 * (number + 1) for number in range(3))


@given(st.lists(st.integers(0, 150), max_size=40))
def test_a_tree_extended_again_and_again_is_the_tree_of_all_its_keys(sizes: list[int]) -> None:
    tree, model = ordered.EMPTY, list[int]()
    for size in sizes:
        more = list(range(len(model), len(model) + size))
        tree, model = ordered.extended(tree, more), model + more
    assert keys(tree) == model
    assert ordered.ascending(tree, 70, 80) == model[70:80]
    assert [ordered.rank(tree, key) for key in model[::7]] == model[::7]


def test_a_tree_extended_leaf_by_leaf_stays_shallow_and_full() -> None:
    tree = ordered.EMPTY
    for start in range(0, 100_000, ordered.WIDTH):
        tree = ordered.extended(tree, list(range(start, start + ordered.WIDTH)))
    depth, node = 0, tree
    while isinstance(node, ordered.Node):
        depth, node = depth + 1, node.children[0]
    assert depth == 2
    assert len(node) == ordered.WIDTH
