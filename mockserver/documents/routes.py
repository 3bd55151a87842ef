"""Routing: which operation answers at a path. The tree of path segments is built once, from all documents."""

from __future__ import annotations

import re
from typing import Any, Generic, TypeVar
from urllib.parse import unquote_to_bytes

from mockserver.core.problems import MalformedRequest

T = TypeVar("T")

_PARAMETER = re.compile("{[^}]*}")
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")

LONGEST_COMPARED = 200
"""Characters of an unknown path that are compared with the routes. No route is as long."""


class RouteNode(Generic[T]):
    """A node of the tree: its children by literal segment, its children by parameter, and what is routed to.

    `parameters` holds pairs of a pattern that the segment has to match, or None, and the child. Those with a pattern
    come first.
    """

    __slots__ = ("literals", "methods", "parameters")

    def __init__(self) -> None:
        self.literals: dict[str, RouteNode[T]] = {}
        self.parameters: list[tuple[re.Pattern[str] | None, RouteNode[T]]] = []
        self.methods: dict[str, T] = {}


class TakenError(ValueError):
    """A route is added twice. `target` is what it leads to already."""

    def __init__(self, route: str, target: Any) -> None:
        super().__init__(f"two operations answer {route}")
        self.target = target


class Routes(Generic[T]):
    """Routes from path templates and methods to targets of any type."""

    def __init__(self) -> None:
        self._root: RouteNode[T] = RouteNode()
        self._literals: dict[str, RouteNode[T]] = {}
        self._triples: dict[str, frozenset[str]] = {}

    def add(self, method: str, template: str, patterns: dict[str, str], target: T) -> None:
        """Adds a route. `patterns` holds the regular expressions that path parameters have to match, by name.

        Raises TakenError where the template already has a target for the method.
        """
        node = self._root
        for segment in template.split("/")[1:]:
            if segment.startswith("{") and segment.endswith("}"):
                node = _parameter(node, patterns.get(segment[1:-1]))
            else:
                node = node.literals.setdefault(segment, RouteNode())
        if method in node.methods:
            raise TakenError(f"{method} {template}", node.methods[method])
        node.methods[method] = target
        if "{" not in template:
            self._literals[template] = node
        # The name of a parameter says nothing about its values.
        self._triples[f"{method} {template}"] = _triples(f"{method} {_PARAMETER.sub('', template)}")

    def match(self, path: str) -> tuple[dict[str, T], list[str]] | None:
        """Returns the targets at a path by method, and the values of the path's parameters in order; None for no route.

        A literal segment wins over a parameter, and a parameter with a pattern over one without. Raises
        MalformedRequest for percent-encoding that can't be decoded.
        """
        literal = self._literals.get(path)
        if literal is not None:
            return literal.methods, []
        segments = path.split("/")
        if "%" in path:
            segments = [decode(segment) for segment in segments]
        values: list[str] = []
        node = _walk(self._root, segments, 1, values)
        return (node.methods, values) if node else None

    def nearest(self, method: str, path: str, count: int = 3) -> list[str]:
        """Returns the routes ("GET /things/{id}") that are most similar to a method and path, the best first.

        The similarity is Dice's coefficient: the share of three-letter pieces that both have. It takes a few
        microseconds for each route. A method or path of any length costs no more, because only its beginning is
        compared. An edit distance would cost the product of the lengths, and anybody may ask for an unknown path.
        """
        wanted = _triples(f"{method[:LONGEST_COMPARED]} {path[:LONGEST_COMPARED]}")

        def similarity(route: str) -> float:
            triples = self._triples[route]
            return len(wanted & triples) / (len(wanted) + len(triples))

        return sorted(self._triples, key=similarity, reverse=True)[:count]


def _triples(text: str) -> frozenset[str]:
    """Returns every three characters in a row of a text."""
    return frozenset(map("".join, zip(text, text[1:], text[2:], strict=False)))


def decode(text: str) -> str:
    """Percent-decodes a text. Raises MalformedRequest where an escape is incomplete or the result is not UTF-8."""
    if _BAD_ESCAPE.search(text):
        raise MalformedRequest("invalid percent-encoding in the URL")
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise MalformedRequest("percent-encoding in the URL is not UTF-8") from None


def _parameter(node: RouteNode[T], pattern: str | None) -> RouteNode[T]:
    """Returns the child of a node for parameters with this pattern, and makes it where there is none."""
    compiled = re.compile(pattern) if pattern else None
    for known, child in node.parameters:
        if known == compiled:
            return child
    child = RouteNode[T]()
    node.parameters.append((compiled, child))
    node.parameters.sort(key=lambda entry: entry[0] is None)
    return child


def _walk(node: RouteNode[T], segments: list[str], depth: int, values: list[str]) -> RouteNode[T] | None:
    """Returns the node of a path below a node of this depth. Appends the values of its parameters to `values`.

    Where a literal child leads nowhere, the children by parameter are tried: `/things/new/x` may match
    `/things/{id}/x` although there is a route `/things/new`.
    """
    if depth == len(segments):
        return node if node.methods else None
    segment = segments[depth]
    literal = node.literals.get(segment)
    if literal is not None:
        leaf = _walk(literal, segments, depth + 1, values)
        if leaf is not None:
            return leaf
    if segment == "":
        return None
    for pattern, child in node.parameters:
        if pattern is None or pattern.fullmatch(segment):
            values.append(segment)
            leaf = _walk(child, segments, depth + 1, values)
            if leaf is not None:
                return leaf
            values.pop()
    return None
