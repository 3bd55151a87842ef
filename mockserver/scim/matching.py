"""What a filter means for a resource: a syntax tree becomes a predicate, and names the index that answers it.

The rules (RFC 7644, section 3.4.2.2): an attribute unknown to the resource type has no value; texts compare without
case unless the attribute is case exact; of a multi-valued attribute any one value may match; ordering booleans or
binary values is `invalidFilter`.  `ne` is the opposite of `eq`, so it holds where there is no value.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from mockserver.scim.attributes import Attribute, Resource, ResourceType
from mockserver.scim.filters import And, Comparison, Literal, Node, Not, Or, Present, Within, parse_filter
from mockserver.scim.locations import AttributePath, Location, locate, with_default_part
from mockserver.scim.refusals import invalid_filter

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


@dataclass(frozen=True, slots=True)
class Lookup:
    """Every match has this value in this attribute; `members` means the identifier of a member."""

    attribute: str
    value: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter made ready for one resource type."""

    matches: Predicate
    lookup: Lookup | None
    """An index that narrows the candidates; they must still be tested with `matches`."""


@lru_cache(maxsize=512)
def compile_filter(text: str, resource_type: ResourceType) -> Filter:
    """The filter, ready to use.  Raises the refusal `invalidFilter`."""
    node = parse_filter(text)

    def locate_in_type(path: AttributePath) -> Location | None:
        return locate(resource_type, path)

    return Filter(compile_node(node, locate_in_type), _lookup(node, locate_in_type))


def compile_node(node: Node, find: Locate) -> Predicate:
    """The predicate of a syntax tree whose paths are located by `find`.  Raises the refusal `invalidFilter`."""
    match node:
        case And(operands):
            parts = [compile_node(operand, find) for operand in operands]
            return lambda resource: all(part(resource) for part in parts)
        case Or(operands):
            parts = [compile_node(operand, find) for operand in operands]
            return lambda resource: any(part(resource) for part in parts)
        case Not(operand):
            inner = compile_node(operand, find)
            return lambda resource: not inner(resource)
        case Present(path):
            return _present(find(path))
        case Within(path, condition):
            return _within(find(path), condition)
        case Comparison(path, name, value):
            return _comparison(find(path), path, name, value)


def compile_condition(condition: Node, attribute: Attribute) -> Predicate:
    """The predicate of a bracketed condition over the single values of a multi-valued or complex attribute."""

    def find(path: AttributePath) -> Location | None:
        sub = attribute.by_name.get(path.name.lower())
        return Location(None, sub) if sub is not None and path.sub is None and path.schema is None else None

    return compile_node(condition, find)


def _never(resource: Resource) -> bool:
    return False


def _always(resource: Resource) -> bool:
    return True


def _present(location: Location | None) -> Predicate:
    if location is None:
        return _never
    return lambda resource: any(value not in ("", [], {}) for value in location.values(resource))


def _within(location: Location | None, condition: Node) -> Predicate:
    if location is None:
        return _never
    if location.attribute.kind != "complex" or location.sub is not None:
        raise invalid_filter(f"{location.attribute.name} has no parts, so no condition can stand in brackets.")
    inner = compile_condition(condition, location.attribute)
    return lambda resource: any(inner(item) for item in location.values(resource))


def _comparison(found: Location | None, path: AttributePath, name: str, literal: Literal) -> Predicate:
    if found is None:
        holds = (name == "ne") != (literal is None and name in ("eq", "ne"))
        return _always if holds else _never
    location = with_default_part(found)
    compared = location.sub or location.attribute
    if literal is None:
        return _null_comparison(location, name)
    if compared.kind == "complex":
        raise invalid_filter(f"{path} has parts; compare one of them.")
    if name == "ne":
        equal = value_test(compared, "eq", literal)
        return lambda resource: not any(equal(value) for value in location.values(resource))
    test = value_test(compared, name, literal)
    if location.container is None and location.sub is None and not location.attribute.multi_valued:
        key = location.attribute.name
        return lambda resource: (value := resource.get(key)) is not None and test(value)
    return lambda resource: any(test(value) for value in location.values(resource))


def _null_comparison(location: Location, name: str) -> Predicate:
    present = _present(location)
    if name == "ne":
        return present
    if name == "eq":
        return lambda resource: not present(resource)
    raise invalid_filter(f"null can be compared with eq and ne only, not with {name}.")


def value_test(attribute: Attribute, name: str, literal: Literal) -> Test:
    """The test of one value of the attribute against the literal, for any operator but `ne` and `pr`.

    Raises the refusal `invalidFilter` where the type of the attribute knows no such comparison.
    """
    if attribute.kind == "boolean":
        return _boolean_test(attribute, name, literal)
    if attribute.kind in ("integer", "decimal"):
        return _number_test(attribute, name, literal)
    if not isinstance(literal, str):
        raise invalid_filter(f"{attribute.name} is compared with a text in double quotes.")
    if attribute.kind == "dateTime" and name not in ("co", "sw", "ew"):
        return _time_test(attribute, name, literal)
    if attribute.kind == "binary" and name in _ORDERINGS:
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
    """The moment that an ISO 8601 text names (UTC unless it says otherwise), or None."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text_test(name: str, literal: str, *, case_exact: bool) -> Test:
    wanted = literal if case_exact else literal.lower()

    def fold(value: str) -> str:
        return value if case_exact else value.lower()

    tests: dict[str, Test] = {
        "eq": lambda value: fold(value) == wanted,
        "co": lambda value: wanted in fold(value),
        "sw": lambda value: fold(value).startswith(wanted),
        "ew": lambda value: fold(value).endswith(wanted),
    }
    if name in tests:
        return tests[name]
    compare = _ORDERINGS[name]
    return lambda value: compare(fold(value), wanted)


def _lookup(node: Node, find: Locate) -> Lookup | None:
    match node:
        case And(operands):
            return next((found for part in operands if (found := _lookup(part, find)) is not None), None)
        case Within(path, Comparison(AttributePath(None, part, None), "eq", str(value))) if part.lower() == "value":
            return _indexed(find(path), value)
        case Comparison(path, "eq", str(value)):
            location = find(path)
            return _indexed(with_default_part(location) if location else None, value)
        case _:
            return None


def _indexed(location: Location | None, value: str) -> Lookup | None:
    if location is None or location.container is not None or location.attribute.name not in _INDEXED:
        return None
    if location.sub is not None and location.sub.name != "value":
        return None
    return Lookup(location.attribute.name, value)
