"""A sorted set that is never changed: each change returns a new set, which shares all but a few nodes with the old one.

It is a B+ tree with path copying. A leaf is a tuple of keys. An inner node knows the first key of each child, and how
many keys there are up to the end of each child. So it costs one walk down the tree, whatever its size, to find the n-th
key or the keys between two others. Keys are of one comparable type.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any, TypeAlias

WIDTH = 64
"""The most keys of a leaf, and the most children of an inner node."""

Key: TypeAlias = Any


class Node:
    """An inner node. `firsts[i]` is the first key of child i; `ends[i]` counts the keys of all children up to it."""

    __slots__ = ("children", "ends", "firsts")

    def __init__(self, firsts: tuple[Key, ...], children: tuple[Tree, ...], ends: tuple[int, ...]) -> None:
        self.firsts = firsts
        self.children = children
        self.ends = ends

    def replaced(self, place: int, child: Tree, growth: int) -> Node:
        """Returns a copy with another child at a place, which has `growth` more keys than the present one."""
        after = place + 1
        first = _first(child)
        firsts = self.firsts if first == self.firsts[place] else (*self.firsts[:place], first, *self.firsts[after:])
        children = (*self.children[:place], child, *self.children[after:])
        ends = (*self.ends[:place], *[end + growth for end in self.ends[place:]])
        return Node(firsts, children, ends)


Tree: TypeAlias = "Node | tuple[Key, ...]"

EMPTY: Tree = ()


def size(tree: Tree) -> int:
    """Returns the number of keys."""
    return tree.ends[-1] if isinstance(tree, Node) else len(tree)


def build(keys: Iterable[Key]) -> Tree:
    """Returns the tree of some keys, which must be sorted and distinct."""
    return _under_one(_cut(list(keys), tuple))


def extended(tree: Tree, keys: list[Key]) -> Tree:
    """Returns the tree with more keys, which must be sorted, distinct, and greater than all keys of the tree."""
    return _under_one(_extend(tree, keys))


def add(tree: Tree, key: Key) -> Tree:
    """Returns the tree with a key added; the very same tree if it has the key."""
    return _under_one(list(_add(tree, key)))


def remove(tree: Tree, key: Key) -> Tree:
    """Returns the tree with a key removed; the very same tree if it lacks the key."""
    rest = _remove(tree, key)
    while isinstance(rest, Node) and len(rest.children) == 1:
        rest = rest.children[0]
    return rest


def rank(tree: Tree, key: Key) -> int:
    """Returns the number of keys that are smaller than the given one."""
    before = 0
    while isinstance(tree, Node):
        child = _child(tree, key)
        before += tree.ends[child - 1] if child else 0
        tree = tree.children[child]
    return before + bisect_left(tree, key)


def between(tree: Tree, low: Key, high: Key) -> list[Key]:
    """Returns the keys from `low` up to, and without, `high`. A few neighbours, the usual case, cost one walk down."""
    branch = tree
    while isinstance(branch, Node):
        child = _child(branch, low)
        if child + 1 < len(branch.firsts) and branch.firsts[child + 1] < high:
            return ascending(tree, rank(tree, low), rank(tree, high))
        branch = branch.children[child]
    start = bisect_left(branch, low)
    return list(branch[start : bisect_left(branch, high, start)])


def ascending(tree: Tree, start: int, stop: int) -> list[Key]:
    """Returns the keys from the start-th up to, and without, the stop-th."""
    if not isinstance(tree, Node):
        return list(tree[start:stop])
    stop = min(stop, tree.ends[-1])
    keys: list[Key] = []
    place = bisect_right(tree.ends, start)
    while start < stop:
        before = tree.ends[place - 1] if place else 0
        keys += ascending(tree.children[place], start - before, stop - before)
        start = tree.ends[place]
        place += 1
    return keys


def _under_one(level: list[Tree]) -> Tree:
    while len(level) > 1:
        level = _cut(level, _node)
    return level[0] if level else EMPTY


def _extend(tree: Tree, keys: list[Key]) -> list[Tree]:
    """Returns the tree with greater keys at its end, as one or more trees of the same height."""
    if not isinstance(tree, Node):
        return _cut([*tree, *keys], tuple)
    parts = _extend(tree.children[-1], keys)
    if len(parts) == 1:
        return [tree.replaced(len(tree.children) - 1, parts[0], len(keys))]
    return _cut([*tree.children[:-1], *parts], _node)


def _cut(items: list[Any], made: Callable[[list[Any]], Tree]) -> list[Tree]:
    return [made(items[start : start + WIDTH]) for start in range(0, len(items), WIDTH)]


def _node(children: list[Tree]) -> Node:
    ends = tuple(accumulate([size(child) for child in children]))
    return Node(tuple([_first(child) for child in children]), tuple(children), ends)


def _first(tree: Tree) -> Key:
    return tree.firsts[0] if isinstance(tree, Node) else tree[0]


def _child(node: Node, key: Key) -> int:
    return max(bisect_right(node.firsts, key) - 1, 0)


def _add(tree: Tree, key: Key) -> tuple[Tree, ...]:
    if not isinstance(tree, Node):
        place = bisect_left(tree, key)
        if place < len(tree) and tree[place] == key:
            return (tree,)
        return _split((*tree[:place], key, *tree[place:]), appended=place == len(tree))
    place = _child(tree, key)
    parts = _add(tree.children[place], key)
    if len(parts) == 1:
        return (tree if parts[0] is tree.children[place] else tree.replaced(place, parts[0], 1),)
    children = tree.children[:place] + parts + tree.children[place + 1 :]
    return tuple(_node(list(part)) for part in _split(children, appended=place == len(tree.children) - 1))


def _split(items: tuple[Any, ...], appended: bool) -> tuple[tuple[Any, ...], ...]:
    """Cuts the content of a node that is too large in two.

    Where a tree grows at its end, the first part is a full node: it will not grow again.
    """
    if len(items) <= WIDTH:
        return (items,)
    cut = len(items) - 1 if appended else len(items) // 2
    return items[:cut], items[cut:]


def _remove(tree: Tree, key: Key) -> Tree:
    if not isinstance(tree, Node):
        place = bisect_left(tree, key)
        return tree[:place] + tree[place + 1 :] if place < len(tree) and tree[place] == key else tree
    place = _child(tree, key)
    rest = _remove(tree.children[place], key)
    if rest is tree.children[place]:
        return tree
    if size(rest):
        return tree.replaced(place, rest, -1)
    children = tree.children[:place] + tree.children[place + 1 :]
    return _node(list(children)) if children else EMPTY
