"""An index is a dict that is never changed: whatever comes of it, it stays what it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.state.index import RECENT, Index

Model = dict[int, str]
STEPS = st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(0, 12)), max_size=80)


def agrees(index: Index[int, str], model: Model) -> bool:
    """Whether an index and a dict say the same, in each way of asking."""
    keys = range(-1, 13)
    return {key: index.get(key) for key in keys} == {key: model.get(key) for key in keys} and (
        dict(index.settled()) == model
    )


@given(st.dictionaries(st.integers(0, 12), st.text()), STEPS)
def test_indexes_that_come_from_one_another_in_any_way_keep_their_entries(
    begin: Model, steps: list[tuple[int, bool, int]]
) -> None:
    """Each step succeeds any of the indexes so far."""
    made: list[tuple[Index[int, str], Model]] = [(Index(begin), begin)]
    for number, (which, sets, key) in enumerate(steps):
        index, model = made[which % len(made)]
        if sets:
            made.append((index.set(key, str(number)), {**model, key: str(number)}))
        elif key in model:
            made.append((index.delete(key), {it: value for it, value in model.items() if it != key}))
    assert all(agrees(index, model) for index, model in made)


@pytest.mark.parametrize("size", [RECENT - 1, RECENT, RECENT + 1, RECENT * 3])
def test_many_entries_are_all_found_when_they_no_longer_wait(size: int) -> None:
    index: Index[int, int] = Index()
    for key in range(size):
        index = index.set(key, key * 2)
    assert [index.get(key) for key in range(size)] == [key * 2 for key in range(size)]
    assert index.get(size) is None
    assert dict(index.settled()) == {key: key * 2 for key in range(size)}
