"""Compiles the syntax tree of a filter into a predicate over resources, and finds the index that answers it.

The rules are those of RFC 7644, section 3.4.2.2. An attribute that the resource type does not have has no value. Texts
compare without case, unless the attribute is case exact. A multi-valued attribute matches if any of its values does.
Ordering booleans or binary values is `invalidFilter`. `ne` is the opposite of `eq`, so it holds without a value.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from mockserver.scim.attributes import Attribute, Resource, ResourceType
from mockserver.scim.errors import invalid_filter
from mockserver.scim.filters import And, Comparison, Literal, Node, Not, Or, Present, ValuePath, parse_filter
from mockserver.scim.locations import AttributePath, Location, locate, with_default_sub_attribute
from mockserver.scim.work import LONGEST_KEPT, units_of

Predicate = Callable[[Resource], bool]
Test = Callable[[Any], bool]
Locate = Callable[[AttributePath], Location | None]

_INDEXED: Final = frozenset({"id", "userName", "externalId", "displayName", "members"})
_ORDERINGS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_TEXTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "eq": operator.eq,
    "co": operator.contains,
    "sw": str.startswith,
    "ew": str.endswith,
    **_ORDERINGS,
}


class Lookup(NamedTuple):
    """An index look-up that finds every match: the attribute has this value, or `members` has a member with this id."""

    attribute: str
    value: str


class Filter(NamedTuple):
    """A filter compiled for one resource type. `lookup` finds candidates, which `matches` still has to test.

    `reads` maps attributes to the number of nodes that test their values.
    """

    matches: Predicate
    lookup: Lookup | None = None
    reads: Mapping[Location | None, int] = MappingProxyType({})

    def cost(self, resource: Resource) -> int:
        """Returns the units of work that a test of the resource may take."""
        units = 0
        for location, nodes in self.reads.items():
            units += nodes * (units_of(location.whole(resource)) if location is not None else 1)
        return units


def compile_filter(text: str, resource_type: ResourceType) -> Filter:
    """Compiles a filter for a resource type. Raises the SCIM error `invalidFilter`."""
    # A compiled filter takes some 30 times the memory of its text, so only short ones, the usual case, are kept.
    return (_compile_once if len(text) <= LONGEST_KEPT else _compile)(text, resource_type)


def _compile(text: str, resource_type: ResourceType) -> Filter:
    node = parse_filter(text)
    reads: Counter[Location | None] = Counter()

    def find(path: AttributePath) -> Location | None:
        return locate(resource_type, path)

    _count_reads(node, find, reads)
    return compile_node(node, find)._replace(reads=reads)


_compile_once = lru_cache(maxsize=512)(_compile)


def _count_reads(node: Node, find: Locate, reads: Counter[Location | None]) -> None:
    """Counts the nodes of a filter by the attribute whose values they test."""
    match node:
        case Comparison() | Present():
            reads[_whole_attribute(find(node.path))] += 1
        case ValuePath(path, condition):
            reads[_whole_attribute(find(path))] += count_nodes(condition)
        case Not(operand):
            _count_reads(operand, find, reads)
        case And(operands) | Or(operands):
            for operand in operands:
                _count_reads(operand, find, reads)


def _whole_attribute(location: Location | None) -> Location | None:
    return location._replace(sub_attribute=None) if location is not None else None


def count_nodes(node: Node) -> int:
    """Returns how many tests a tree consists of."""
    match node:
        case Not(operand) | ValuePath(_, operand):
            return count_nodes(operand)
        case And(operands) | Or(operands):
            return sum(map(count_nodes, operands))
    return 1


def compile_node(node: Node, find: Locate) -> Filter:
    """Compiles a syntax tree; `find` locates its paths. Raises the SCIM error `invalidFilter`."""
    match node:
        case Comparison():
            return _comparison(find(node.path), node)
        case Present(path):
            return Filter(_present(find(path)))
        case ValuePath(path, condition):
            return _value_path(find(path), condition)
        case Not(operand):
            inner = compile_node(operand, find).matches
            return Filter(lambda resource: not inner(resource))
        case And(operands):
            parts = [compile_node(operand, find) for operand in operands]
            lookup = next((part.lookup for part in parts if part.lookup is not None), None)
            return Filter(lambda resource: all(part.matches(resource) for part in parts), lookup)
        case Or(operands):
            parts = [compile_node(operand, find) for operand in operands]
            return Filter(lambda resource: any(part.matches(resource) for part in parts))


def compile_condition(condition: Node, attribute: Attribute) -> Predicate:
    """Compiles a condition in brackets into a predicate over the single values of a complex attribute."""

    def find(path: AttributePath) -> Location | None:
        sub_attribute = attribute.by_name.get(path.name.lower())
        is_plain = path.sub_attribute is None and path.schema is None
        return Location(None, sub_attribute) if sub_attribute is not None and is_plain else None

    return compile_node(condition, find).matches


def _never(resource: Resource) -> bool:
    return False


def _always(resource: Resource) -> bool:
    return True


def _present(location: Location | None) -> Predicate:
    if location is None:
        return _never
    return lambda resource: any(value not in ("", [], {}) for value in location.values(resource))


def _value_path(location: Location | None, condition: Node) -> Filter:
    if location is None:
        return Filter(_never)
    attribute = location.attribute
    if attribute.data_type != "complex" or location.sub_attribute is not None:
        raise invalid_filter(f"{attribute.name} has no parts, so no condition can stand in brackets.")
    inner = compile_condition(condition, attribute)
    lookup = None
    if isinstance(condition, Comparison) and condition.path == AttributePath(None, "value"):
        lookup = _lookup(with_default_sub_attribute(location), condition)
    return Filter(lambda resource: any(inner(item) for item in location.values(resource)), lookup)


def _comparison(named: Location | None, node: Comparison) -> Filter:
    name, literal = node.operator, node.value
    if named is None:
        holds = (name == "ne") != (literal is None and name in ("eq", "ne"))
        return Filter(_always if holds else _never)
    location = with_default_sub_attribute(named)
    compared = location.sub_attribute or location.attribute
    if literal is None:
        return Filter(_null_comparison(location, name))
    if compared.data_type == "complex":
        raise invalid_filter(f"{node.path} has parts; compare one of them.")
    if name == "ne":
        equal = value_test(compared, "eq", literal)
        return Filter(lambda resource: not any(equal(value) for value in location.values(resource)))
    test = value_test(compared, name, literal)
    lookup = _lookup(location, node)
    if location.container is None and location.sub_attribute is None and not location.attribute.multi_valued:
        key = location.attribute.name
        return Filter(lambda resource: (value := resource.get(key)) is not None and test(value), lookup)
    return Filter(lambda resource: any(test(value) for value in location.values(resource)), lookup)


def _lookup(location: Location, node: Comparison) -> Lookup | None:
    """Returns the index look-up that finds the matches of an equality; None if no index does."""
    name = location.attribute.name
    if node.operator != "eq" or name not in _INDEXED or location.container is not None:
        return None
    if location.sub_attribute is not None and location.sub_attribute.name != "value":
        return None
    return Lookup(name, node.value) if isinstance(node.value, str) else None


def _null_comparison(location: Location, name: str) -> Predicate:
    present = _present(location)
    if name == "ne":
        return present
    if name == "eq":
        return lambda resource: not present(resource)
    raise invalid_filter(f"null can be compared with eq and ne only, not with {name}.")


def value_test(attribute: Attribute, name: str, literal: Literal) -> Test:
    """Returns the test of a single value of the attribute against the literal, for all operators but `ne` and `pr`.

    Raises the SCIM error `invalidFilter` if the type of the attribute does not support the operator.
    """
    if attribute.data_type == "boolean":
        return _boolean_test(attribute, name, literal)
    if attribute.data_type in ("integer", "decimal"):
        return _number_test(attribute, name, literal)
    if not isinstance(literal, str):
        raise invalid_filter(f"{attribute.name} is compared with a text in double quotes.")
    if attribute.data_type == "dateTime" and name not in ("co", "sw", "ew"):
        return _time_test(attribute, name, literal)
    if attribute.data_type == "binary" and name in _ORDERINGS:
        raise invalid_filter(f"{attribute.name} is binary and has no order.")
    return _text_test(name, literal, case_exact=attribute.case_exact)


def _boolean_test(attribute: Attribute, name: str, literal: Literal) -> Test:
    if isinstance(literal, str) and literal.lower() in ("true", "false"):
        literal = literal.lower() == "true"
    if name != "eq" or not isinstance(literal, bool):
        raise invalid_filter(f"{attribute.name} is true or false and is compared with eq and ne.")
    return lambda value: value is literal


def _number_test(attribute: Attribute, name: str, literal: Literal) -> Test:
    compare = operator.eq if name == "eq" else _ORDERINGS.get(name)
    if compare is None or isinstance(literal, bool | str | None):
        raise invalid_filter(f"{attribute.name} is a number and is compared with numbers.")
    return lambda value: compare(value, literal)


def _time_test(attribute: Attribute, name: str, literal: str) -> Test:
    moment = read_time(literal)
    if moment is None:
        raise invalid_filter(f"{attribute.name} is compared with a time such as 2011-05-13T04:42:34Z.")
    compare = operator.eq if name == "eq" else _ORDERINGS[name]
    return lambda value: (read := read_time(value)) is not None and compare(read, moment)


def read_time(text: str) -> datetime | None:
    """Returns the time that an ISO 8601 text gives, by default in UTC; None for any other text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text_test(name: str, literal: str, *, case_exact: bool) -> Test:
    compare = _TEXTS[name]
    if case_exact:
        return lambda value: compare(value, literal)
    wanted = literal.lower()
    return lambda value: compare(value.lower(), wanted)
