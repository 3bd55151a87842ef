"""Sorting (RFC 7644, section 3.4.2.3) by one attribute: resources without a value come last.

Texts compare without case, unless the attribute is case exact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.scim.attributes import Attribute, Resource, ResourceType
from mockserver.scim.locations import Location, locate, read_attribute_path, with_default_sub_attribute

SortKey = Callable[[Resource], tuple[bool, Any]]


def compile_sort(resource_type: ResourceType, sort_by: str) -> SortKey | None:
    """Returns the key function for sorting resources; None if `sort_by` names no attribute that has an order."""
    path = read_attribute_path(sort_by)
    location = locate(resource_type, path) if path is not None else None
    if location is None:
        return None
    sorted_by = with_default_sub_attribute(location)
    if (sorted_by.sub_attribute or sorted_by.attribute).data_type == "complex":
        return None
    return lambda resource: _key(sorted_by, resource)


def _key(sorted_by: Location, resource: Resource) -> tuple[bool, Any]:
    """Returns the sort key of a resource: from the primary one of several values, or else from the first."""
    value = sorted_by.holder(resource).get(sorted_by.attribute.name)
    if sorted_by.attribute.multi_valued:
        items = value or [None]
        value = next((item for item in items if isinstance(item, dict) and item.get("primary")), items[0])
    if sorted_by.sub_attribute is not None and value is not None:
        value = value.get(sorted_by.sub_attribute.name)
    return (value is None, "" if value is None else _comparable(sorted_by.sub_attribute or sorted_by.attribute, value))


def _comparable(attribute: Attribute, value: Any) -> Any:
    return value.lower() if isinstance(value, str) and not attribute.case_exact else value
