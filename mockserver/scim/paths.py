"""The path of a PATCH operation (RFC 7644, section 3.5.2): text, and what it targets in a resource type.

Forms: `name.familyName`, `emails[type eq "work"].value`, `urn:...:User:manager`, and the URN of a whole extension.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.scim.attributes import Attribute, ResourceType, Schema
from mockserver.scim.filters import And, Comparison, Node, Parser
from mockserver.scim.locations import AttributePath, Location, locate, locate_extension, read_attribute_path
from mockserver.scim.matching import Predicate, compile_condition
from mockserver.scim.refusals import invalid_path


@dataclass(frozen=True, slots=True)
class PatchPath:
    """`path[condition].part`, of which only the path is always there."""

    path: AttributePath
    condition: Node | None = None
    part: str | None = None

    def __str__(self) -> str:
        if self.condition is None:
            return str(self.path)
        return f"{self.path}[{self.condition}]" + (f".{self.part}" if self.part else "")


@dataclass(frozen=True, slots=True)
class PatchTarget:
    """An attribute, or a part of it, or of those of its values that match."""

    location: Location
    matches: Predicate | None = None
    seed: dict[str, object] | None = None
    """What a value must hold to match, where the condition says so by `eq` alone; an `add` may create it."""

    @property
    def attribute(self) -> Attribute:
        """The attribute that is changed."""
        return self.location.attribute

    @property
    def part(self) -> Attribute | None:
        """The sub-attribute that is changed, if not the whole."""
        return self.location.sub


def parse_patch_path(text: str) -> PatchPath:
    """The path that the text spells. Raises the refusals `invalidPath` and, within brackets, `invalidFilter`."""
    if "[" not in text:
        path = read_attribute_path(text.strip())
        if path is None:
            raise invalid_path("The path is not of the form attribute, attribute.part or attribute[condition].part.")
        return PatchPath(path)
    parser = Parser(text)
    path = read_attribute_path(parser.take().text)
    if path is None or path.sub is not None:
        raise invalid_path("The path has no attribute before the bracket.")
    parser.expect("[")
    condition = parser.either(bracketed=True)
    parser.expect("]")
    rest = parser.take()
    part = read_attribute_path(rest.text[1:]) if rest.text.startswith(".") else None
    if rest.kind != "end" and (part is None or part.schema or part.sub or parser.take().kind != "end"):
        raise invalid_path("The path has something other than .part after the bracket.")
    return PatchPath(path, condition, part.name if part else None)


def resolve(resource_type: ResourceType, path: PatchPath) -> PatchTarget | Schema:
    """What the path targets: an attribute, or a whole extension.

    Raises the refusal `invalidPath` if the resource type has no such attribute.
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
    return _conditional(location, path.condition, path.part)


def _conditional(location: Location, condition: Node, part: str | None) -> PatchTarget:
    attribute = location.attribute
    if not attribute.multi_valued or attribute.data_type != "complex":
        raise invalid_path(f"{attribute.name} is not a list of objects, so no condition can select among it.")
    sub = attribute.by_name.get(part.lower()) if part is not None else None
    if part is not None and sub is None:
        raise invalid_path(f"The values of {attribute.name} have no part {part}.")
    selected = Location(location.container, attribute, sub)
    return PatchTarget(selected, compile_condition(condition, attribute), _seed(condition))


def _seed(condition: Node) -> dict[str, object] | None:
    terms = condition.operands if isinstance(condition, And) else (condition,)
    seed: dict[str, object] = {}
    for term in terms:
        if not isinstance(term, Comparison) or term.operator != "eq":
            return None
        seed[term.path.name] = term.value
    return seed
