"""Attribute paths such as `name.familyName` or `urn:...:User:department`, and the attributes that they name.

A well-formed path to an unknown attribute is no error here: a filter, a PATCH operation and `attributes` each treat it
in their own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.scim.attributes import Attribute, Resource, ResourceType, Schema

_NAME = r"(?:\$ref|[A-Za-z][A-Za-z0-9_-]*)"
_PATH = re.compile(rf"(?:(?P<schema>[Uu][Rr][Nn]:[^\s\"()\[\]]+):)?(?P<name>{_NAME})(?:\.(?P<sub>{_NAME}))?")


class AttributePath(NamedTuple):
    """An attribute path as the client sent it: `[schema:]name[.sub_attribute]`."""

    schema: str | None
    name: str
    sub_attribute: str | None = None

    def __str__(self) -> str:
        prefix = f"{self.schema}:" if self.schema else ""
        return prefix + (f"{self.name}.{self.sub_attribute}" if self.sub_attribute else self.name)


class Location(NamedTuple):
    """An attribute of a resource type; `container` is the URN of its schema extension, or None for the core schema."""

    container: str | None
    attribute: Attribute
    sub_attribute: Attribute | None = None

    def holder(self, resource: Resource) -> Resource:
        """Returns the object that contains the attribute: the resource, or its extension (empty if absent)."""
        return resource if self.container is None else resource.get(self.container, {})

    def whole(self, resource: Resource) -> Any:
        """Returns the value of the attribute, whose sub-attribute does not count: a list if it is multi-valued."""
        return self.holder(resource).get(self.attribute.name)

    def values(self, resource: Resource) -> Iterator[Any]:
        """Yields the values of the attribute except null, each value of a multi-valued attribute on its own."""
        value = self.holder(resource).get(self.attribute.name)
        items = value if self.attribute.multi_valued else (value,)
        for item in items or ():
            part = item.get(self.sub_attribute.name) if self.sub_attribute is not None and item is not None else item
            if part is not None:
                yield part


def read_attribute_path(text: str) -> AttributePath | None:
    """Parses an attribute path; returns None if the text is none."""
    match = _PATH.fullmatch(text)
    return AttributePath(match["schema"], match["name"], match["sub"]) if match else None


def locate(resource_type: ResourceType, path: AttributePath) -> Location | None:
    """Returns the attribute of the resource type that the path names; None if there is none."""
    container, known = None, resource_type.by_name
    if path.schema is not None and path.schema.lower() != resource_type.schema.id.lower():
        extension = resource_type.extensions_by_id.get(path.schema.lower())
        if extension is None:
            return None
        container, known = extension.id, extension.by_name
    attribute = known.get(path.name.lower())
    if attribute is None:
        return None
    if path.sub_attribute is None:
        return Location(container, attribute)
    sub_attribute = attribute.by_name.get(path.sub_attribute.lower())
    return Location(container, attribute, sub_attribute) if sub_attribute is not None else None


def locate_extension(resource_type: ResourceType, path: AttributePath) -> Schema | None:
    """Returns the extension whose URN the path is; None if there is none.

    The URN of an extension is a well-formed path: `urn:...:User` is parsed as schema `urn:...` and name `User`.
    """
    return resource_type.extensions_by_id.get(str(path).lower())


def with_default_sub_attribute(location: Location) -> Location:
    """Returns the location of `value` for a complex attribute that has one; any other location as it is."""
    value = location.attribute.by_name.get("value")
    if location.sub_attribute is None and value is not None:
        return Location(location.container, location.attribute, value)
    return location
