"""Where in a resource an attribute path such as `name.familyName` or `urn:...:User:department` points.

The law: a path that is well formed but names nothing known is not an error here; whoever asked decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.scim.attributes import Attribute, Resource, ResourceType, Schema

_NAME = r"(?:\$ref|[A-Za-z][A-Za-z0-9_-]*)"
_PATH = re.compile(rf"(?:(?P<schema>[Uu][Rr][Nn]:[^\s\"()\[\]]+):)?(?P<name>{_NAME})(?:\.(?P<sub>{_NAME}))?")


class AttributePath(NamedTuple):
    """An attribute path as the client wrote it: `[schema:]name[.sub]`."""

    schema: str | None
    name: str
    sub: str | None = None

    def __str__(self) -> str:
        prefix = f"{self.schema}:" if self.schema else ""
        return prefix + (f"{self.name}.{self.sub}" if self.sub else self.name)


class Location(NamedTuple):
    """An attribute of a resource type; `container` is the URN of the extension that holds it, None for the core."""

    container: str | None
    attribute: Attribute
    sub: Attribute | None = None

    def holder(self, resource: Resource) -> Resource:
        """The object that holds the attribute: the resource, or its extension (empty if it has none)."""
        return resource if self.container is None else resource.get(self.container, {})

    def values(self, resource: Resource) -> Iterator[Any]:
        """The values found there, none of them null; those of a multi-valued attribute one by one."""
        found = self.holder(resource).get(self.attribute.name)
        items = found if self.attribute.multi_valued else (found,)
        for item in items or ():
            value = item.get(self.sub.name) if self.sub is not None and item is not None else item
            if value is not None:
                yield value


def read_attribute_path(text: str) -> AttributePath | None:
    """The path that the text spells, or None if it spells none."""
    match = _PATH.fullmatch(text)
    return AttributePath(match["schema"], match["name"], match["sub"]) if match else None


def locate(resource_type: ResourceType, path: AttributePath) -> Location | None:
    """What the path means for the resource type; None if it names no attribute of it."""
    container, known = None, resource_type.by_name
    if path.schema is not None and path.schema.lower() != resource_type.schema.id.lower():
        extension = resource_type.extensions_by_id.get(path.schema.lower())
        if extension is None:
            return None
        container, known = extension.id, extension.by_name
    attribute = known.get(path.name.lower())
    if attribute is None:
        return None
    if path.sub is None:
        return Location(container, attribute)
    sub = attribute.by_name.get(path.sub.lower())
    return Location(container, attribute, sub) if sub is not None else None


def locate_extension(resource_type: ResourceType, path: AttributePath) -> Schema | None:
    """The extension that the path names as a whole: `urn:...:User` reads as schema `urn:...` and name `User`."""
    return resource_type.extensions_by_id.get(str(path).lower())


def with_default_part(location: Location) -> Location:
    """The same place, where a complex attribute without a named part stands for its `value`."""
    value = location.attribute.by_name.get("value")
    if location.sub is None and value is not None:
        return Location(location.container, location.attribute, value)
    return location
