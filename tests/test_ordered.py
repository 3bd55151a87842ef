"""A tree behaves like a sorted list without repeats, and every change leaves the trees before it as they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver import ordered

KEYS = st.lists(st.integers(0, 500))
CHANGES = st.lists(st.tuples(st.booleans(), st.integers(0, 500)))


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


@given(KEYS, st.integers(0, 520), st.integers(0, 520))
def test_pages_are_slices_of_the_sorted_list(begin: list[int], start: int, stop: int) -> None:
    model = sorted(set(begin))
    tree = ordered.build(model)
    assert ordered.ascending(tree, start, stop) == model[start:stop]
    assert ordered.Sequence(tree).descending(start, stop) == model[::-1][start:stop]


@given(st.integers(-1, 20_001), st.integers(0, 10_001), st.integers(0, 300))
def test_a_deep_tree_gives_the_same_slices_and_ranks(key: int, start: int, count: int) -> None:
    model = range(0, 20_000, 2)
    tree = large(10_000)
    assert ordered.rank(tree, key) == sum(1 for it in model if it < key)
    assert ordered.ascending(tree, start, start + count) == list(model[start : start + count])
    assert ordered.Sequence(tree).descending(start, start + count) == list(model[::-1][start : start + count])


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


def test_growth_at_the_end_leaves_full_leaves_behind() -> None:
    tree = ordered.EMPTY
    for key in range(ordered.WIDTH * 10):
        tree = ordered.add(tree, key)
    assert isinstance(tree, ordered.Node)
    assert len(tree.children) == 10


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(0, 400)), max_size=60))
def test_sequences_that_come_from_one_another_in_any_way_keep_their_keys(steps: list[tuple[int, bool, int]]) -> None:
    """Each step succeeds any of the sequences so far: most share a tail with others."""
    made: list[tuple[ordered.Sequence, list[int]]] = [(ordered.Sequence(), [])]
    for which, grows, key in steps:
        sequence, model = made[which % len(made)]
        if grows:
            latest = (model[-1] if model else 0) + 1
            made.append((sequence.appended(latest), [*model, latest]))
        else:
            made.append((sequence.without(key), [it for it in model if it != key]))
    for sequence, model in made:
        assert sequence.ascending(0, 1_000) == model
        assert sequence.descending(1, 5) == model[::-1][1:5]


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_sequence_grown_key_by_key_gives_the_slices_of_its_list(start: int, stop: int) -> None:
    sequence = ordered.Sequence()
    for key in range(5_000):
        sequence = sequence.appended(key)
    assert sequence.ascending(4_800 + start, 4_800 + stop) == list(range(5_000))[4_800 + start : 4_800 + stop]
    assert sequence.descending(start, stop) == list(range(5_000))[::-1][start:stop]
    assert ordered.size(sequence.tree) + ordered.WIDTH >= 5_000
