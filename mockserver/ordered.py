"""A sorted set that is never changed, only succeeded: each change gives a new set that shares all but a few nodes.

It is a B+ tree with path copying. A leaf is a tuple of keys; an inner node knows the first key of each child and how
many keys end with it, so that "from the n-th key on" and "the keys between" cost a walk down, whatever the size. Keys
are of one comparable type.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate, islice
from typing import Any, TypeAlias

WIDTH = 64
"""Keys in a leaf, and children of a node, at most."""

Key: TypeAlias = Any


class Node:
    """An inner node. `ends[i]` counts the keys up to and with child i."""

    __slots__ = ("children", "ends", "firsts")

    def __init__(self, firsts: tuple[Key, ...], children: tuple[Tree, ...], ends: tuple[int, ...]) -> None:
        self.firsts = firsts
        self.children = children
        self.ends = ends

    def replaced(self, place: int, child: Tree, growth: int) -> Node:
        """This node with another child at a place, which holds `growth` keys more or less."""
        after = place + 1
        first = _first(child)
        firsts = self.firsts if first == self.firsts[place] else (*self.firsts[:place], first, *self.firsts[after:])
        children = (*self.children[:place], child, *self.children[after:])
        ends = (*self.ends[:place], *[end + growth for end in self.ends[place:]])
        return Node(firsts, children, ends)

    def extended(self, child: Tree, growth: int) -> Node:
        """This node with one child more, which holds `growth` keys."""
        return Node((*self.firsts, _first(child)), (*self.children, child), (*self.ends, self.ends[-1] + growth))


Tree: TypeAlias = "Node | tuple[Key, ...]"

EMPTY: Tree = ()


def size(tree: Tree) -> int:
    """How many keys a tree holds."""
    return len(tree) if type(tree) is tuple else tree.ends[-1]  # type: ignore[union-attr]


def build(keys: Iterable[Key]) -> Tree:
    """The tree of keys that come sorted and without repeats."""
    source = iter(keys)
    level: list[Tree] = []
    while leaf := tuple(islice(source, WIDTH)):
        level.append(leaf)
    while len(level) > 1:
        level = [_node(level[start : start + WIDTH]) for start in range(0, len(level), WIDTH)]
    return level[0] if level else EMPTY


def add(tree: Tree, key: Key) -> Tree:
    """The tree with the key; the same tree where it is in it."""
    return _joined(_add(tree, key))


def remove(tree: Tree, key: Key) -> Tree:
    """The tree without the key; the same tree where it is not in it."""
    rest = _remove(tree, key)
    while isinstance(rest, Node) and len(rest.children) == 1:
        rest = rest.children[0]
    return rest


def rank(tree: Tree, key: Key) -> int:
    """How many keys are smaller than this one."""
    before = 0
    while isinstance(tree, Node):
        child = _child(tree, key)
        before += tree.ends[child - 1] if child else 0
        tree = tree.children[child]
    return before + bisect_left(tree, key)


def between(tree: Tree, low: Key, high: Key) -> list[Key]:
    """The keys from `low` up to, and without, `high`. A few neighbours, the usual case, cost one walk down."""
    branch = tree
    while isinstance(branch, Node):
        child = _child(branch, low)
        if child + 1 < len(branch.firsts) and branch.firsts[child + 1] < high:
            return ascending(tree, rank(tree, low), rank(tree, high))
        branch = branch.children[child]
    start = bisect_left(branch, low)
    return list(branch[start : bisect_left(branch, high, start)])


def ascending(tree: Tree, start: int, stop: int) -> list[Key]:
    """The keys from the start-th up to, and without, the stop-th."""
    if not isinstance(tree, Node):
        return list(tree[start:stop])
    stop = min(stop, tree.ends[-1])
    found: list[Key] = []
    place = bisect_right(tree.ends, start)
    while start < stop:
        before = tree.ends[place - 1] if place else 0
        found += ascending(tree.children[place], start - before, stop - before)
        start = tree.ends[place]
        place += 1
    return found


class Sequence:
    """A sorted set that grows at its end: the latest keys wait in a short tail, so that an addition copies nothing.

    The tail is a list that a set shares with those before and after it; each knows how many keys of it are its own.
    One that ends where the list goes on, because it was succeeded twice, makes a list of its own to be succeeded again.
    """

    __slots__ = ("_length", "_tail", "tree")

    def __init__(self, tree: Tree = EMPTY, tail: list[Key] | None = None) -> None:
        self.tree = tree
        self._tail: list[Key] = [] if tail is None else tail
        self._length = len(self._tail)

    def appended(self, key: Key) -> Sequence:
        """With a key that is greater than all others."""
        tail, length = self._tail, self._length
        if length == WIDTH:
            return Sequence(_joined(_graft(self.tree, tuple(tail[:length]))), [key])
        if len(tail) != length:
            tail = tail[:length]
        tail.append(key)
        return Sequence(self.tree, tail)

    def without(self, key: Key) -> Sequence:
        """Without a key; the same keys where it is not among them."""
        own = self._tail[: self._length]
        if not own or key < own[0]:
            return Sequence(remove(self.tree, key), own)
        return Sequence(self.tree, [kept for kept in own if kept != key])

    def ascending(self, start: int, stop: int) -> list[Key]:
        """The keys from the start-th up to, and without, the stop-th."""
        held = size(self.tree)
        found = ascending(self.tree, start, stop) if start < held else []
        return found + self._tail[max(start - held, 0) : min(max(stop - held, 0), self._length)]

    def descending(self, start: int, stop: int) -> list[Key]:
        """The keys backwards, from the start-th from the end up to, and without, the stop-th."""
        total = size(self.tree) + self._length
        return self.ascending(max(total - stop, 0), max(total - start, 0))[::-1]


def _joined(parts: tuple[Tree, ...]) -> Tree:
    return parts[0] if len(parts) == 1 else _node(list(parts))


def _graft(tree: Tree, leaf: tuple[Key, ...]) -> tuple[Tree, ...]:
    """The tree with a leaf of greater keys at its end; as it was, and another one after it, where it is full."""
    if not isinstance(tree, Node):
        return (tree, leaf) if tree else (leaf,)
    parts = _graft(tree.children[-1], leaf)
    if len(parts) == 1:
        return (tree.replaced(len(tree.children) - 1, parts[0], len(leaf)),)
    if len(tree.children) == WIDTH:
        return tree, _node([parts[1]])
    return (tree.extended(parts[1], len(leaf)),)


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
    """One node's worth stays whole; more is cut in two. Growth at the end leaves a full node behind, not a half."""
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
