"""Which operation a path belongs to: a tree of path segments, built once from all documents."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

from mockserver.core.problems import MalformedRequest

T = TypeVar("T")

_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


class RouteNode(Generic[T]):
    """One segment deep in the tree: literal children first, then parameters in the order they were added."""

    __slots__ = ("literals", "methods", "parameters")

    def __init__(self) -> None:
        self.literals: dict[str, RouteNode[T]] = {}
        self.parameters: list[tuple[re.Pattern[str] | None, RouteNode[T]]] = []
        self.methods: dict[str, T] = {}


class Routes(Generic[T]):
    """Path templates to targets, by method."""

    def __init__(self) -> None:
        self._root: RouteNode[T] = RouteNode()
        self._literal: dict[str, RouteNode[T]] = {}
        self._templates: list[str] = []

    def add(self, method: str, template: str, patterns: dict[str, str], target: T) -> None:
        """`patterns` holds the regular expressions that are part of the route, by parameter name."""
        node = self._root
        for segment in template.split("/")[1:]:
            if segment.startswith("{") and segment.endswith("}"):
                node = _parameter(node, patterns.get(segment[1:-1]))
            else:
                node = node.literals.setdefault(segment, RouteNode())
        if method in node.methods:
            raise ValueError(f"two operations answer {method} {template}")
        node.methods[method] = target
        if "{" not in template:
            self._literal[template] = node
        self._templates.append(f"{method} {template}")

    def match(self, path: str) -> tuple[dict[str, T], list[str]] | None:
        """The targets at a path by method, and the values of its parameters in order; None where nothing answers.

        Raises MalformedRequest for percent-encoding that can't be decoded.
        """
        literal = self._literal.get(path)
        if literal is not None:
            return literal.methods, []
        segments = path.split("/")
        if "%" in path:
            segments = [decode(segment) for segment in segments]
        values: list[str] = []
        node = _walk(self._root, segments, 1, values)
        return (node.methods, values) if node else None

    def nearest(self, method: str, path: str, count: int = 3) -> list[str]:
        """The templates that look most like a path that nothing answers at, best first."""
        asked = f"{method} {path}"

        def likeness(template: str) -> float:
            return SequenceMatcher(None, asked, template).ratio()

        return sorted(self._templates, key=likeness, reverse=True)[:count]


def decode(text: str) -> str:
    """Percent-decodes; raises MalformedRequest where the escapes are broken or not UTF-8."""
    if _BAD_ESCAPE.search(text):
        raise MalformedRequest("invalid percent-encoding in the URL")
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise MalformedRequest("percent-encoding in the URL is not UTF-8") from None


def _parameter(node: RouteNode[T], pattern: str | None) -> RouteNode[T]:
    compiled = re.compile(pattern) if pattern else None
    for known, child in node.parameters:
        if known == compiled:
            return child
    child = RouteNode[T]()
    node.parameters.append((compiled, child))
    node.parameters.sort(key=lambda entry: entry[0] is None)
    return child


def _walk(node: RouteNode[T], segments: list[str], depth: int, values: list[str]) -> RouteNode[T] | None:
    if depth == len(segments):
        return node if node.methods else None
    segment = segments[depth]
    literal = node.literals.get(segment)
    if literal is not None:
        found = _walk(literal, segments, depth + 1, values)
        if found is not None:
            return found
    if segment == "":
        return None
    for pattern, child in node.parameters:
        if pattern is None or pattern.fullmatch(segment):
            values.append(segment)
            found = _walk(child, segments, depth + 1, values)
            if found is not None:
                return found
            values.pop()
    return None
