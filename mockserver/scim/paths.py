"""The path of a PATCH operation (RFC 7644, section 3.5.2): parses it and finds its target in a resource type.

Forms: `name.familyName`, `emails[type eq "work"].value`, `urn:...:User:manager`, and the URN of a whole extension.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.scim.attributes import Attribute, ResourceType, Schema
from mockserver.scim.errors import invalid_path
from mockserver.scim.filters import And, Comparison, Node, Parser
from mockserver.scim.locations import AttributePath, Location, locate, locate_extension, read_attribute_path
from mockserver.scim.matching import Predicate, compile_condition


@dataclass(frozen=True, slots=True)
class PatchPath:
    """`path[condition].subAttribute`; the condition and the sub-attribute are optional."""

    path: AttributePath
    condition: Node | None = None
    sub_attribute: str | None = None

    def __str__(self) -> str:
        if self.condition is None:
            return str(self.path)
        return f"{self.path}[{self.condition}]" + (f".{self.sub_attribute}" if self.sub_attribute else "")


@dataclass(frozen=True, slots=True)
class PatchTarget:
    """What an operation changes: an attribute, its values that match a condition, or a sub-attribute of these."""

    location: Location
    matches: Predicate | None = None
    implied_value: dict[str, object] | None = None
    """The value that the condition describes, if it consists of equalities alone; an `add` may create it."""

    @property
    def attribute(self) -> Attribute:
        """The attribute that the operation changes."""
        return self.location.attribute

    @property
    def sub_attribute(self) -> Attribute | None:
        """The sub-attribute that the operation changes; None for the whole attribute."""
        return self.location.sub_attribute


def parse_patch_path(text: str) -> PatchPath:
    """Parses a path. Raises the SCIM error `invalidPath` or, for the condition in brackets, `invalidFilter`."""
    if "[" not in text:
        path = read_attribute_path(text.strip())
        if path is None:
            raise invalid_path("The path is not of the form attribute, attribute.part or attribute[condition].part.")
        return PatchPath(path)
    parser = Parser(text)
    path = read_attribute_path(parser.take().text)
    if path is None or path.sub_attribute is not None:
        raise invalid_path("The path has no attribute before the bracket.")
    parser.expect("[")
    condition = parser.disjunction(bracketed=True)
    parser.expect("]")
    rest = parser.take()
    name = read_attribute_path(rest.text[1:]) if rest.text.startswith(".") else None
    if rest.kind != "end" and (name is None or name.schema or name.sub_attribute or parser.take().kind != "end"):
        raise invalid_path("The path has something other than .part after the bracket.")
    return PatchPath(path, condition, name.name if name else None)


def resolve(resource_type: ResourceType, path: PatchPath) -> PatchTarget | Schema:
    """Returns the target of a path: an attribute, or a whole schema extension.

    Raises the SCIM error `invalidPath` if the resource type has no such attribute.
    """
    if path.condition is None:
        extension = locate_extension(resource_type, path.path)
        if extension is not None:
            return extension
    location = locate(resource_type, path.path)
    if location is None:
        raise invalid_path(f"A {resource_type.name} has no attribute {path.path}.")
    if path.condition is None:
        return PatchTarget(location)
    return _conditional(location, path.condition, path.sub_attribute)


def _conditional(location: Location, condition: Node, name: str | None) -> PatchTarget:
    """Returns the target of a path with a condition; `name` is that of the sub-attribute, if any."""
    attribute = location.attribute
    if not attribute.multi_valued or attribute.data_type != "complex":
        raise invalid_path(f"{attribute.name} is not a list of objects, so no condition can select among it.")
    sub_attribute = attribute.by_name.get(name.lower()) if name is not None else None
    if name is not None and sub_attribute is None:
        raise invalid_path(f"The values of {attribute.name} have no part {name}.")
    selected = Location(location.container, attribute, sub_attribute)
    return PatchTarget(selected, compile_condition(condition, attribute), _implied_value(condition))


def _implied_value(condition: Node) -> dict[str, object] | None:
    """Returns the value that the condition describes; None unless it consists of equalities alone."""
    terms = condition.operands if isinstance(condition, And) else (condition,)
    value: dict[str, object] = {}
    for term in terms:
        if not isinstance(term, Comparison) or term.operator != "eq":
            return None
        value[term.path.name] = term.value
    return value
