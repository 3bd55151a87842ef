"""Sorting (RFC 7644, section 3.4.2.3): by one attribute, missing values last, in the case sense of the attribute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.scim.attributes import Attribute, Resource, ResourceType
from mockserver.scim.locations import Location, locate, read_attribute_path, with_default_part

SortKey = Callable[[Resource], tuple[bool, Any]]


def compile_sort(resource_type: ResourceType, sort_by: str) -> SortKey | None:
    """The key to sort resources by; None where `sort_by` names nothing that could be sorted by."""
    path = read_attribute_path(sort_by)
    location = locate(resource_type, path) if path is not None else None
    if location is None:
        return None
    place = with_default_part(location)
    if (place.sub or place.attribute).data_type == "complex":
        return None
    return lambda resource: _key(place, resource)


def _key(place: Location, resource: Resource) -> tuple[bool, Any]:
    """Of several values the primary one counts, else the first."""
    held = place.holder(resource).get(place.attribute.name)
    if place.attribute.multi_valued:
        items = held or [None]
        held = next((item for item in items if isinstance(item, dict) and item.get("primary")), items[0])
    value = held.get(place.sub.name) if place.sub is not None and held is not None else held
    return (value is None, "" if value is None else _folded(place.sub or place.attribute, value))


def _folded(attribute: Attribute, value: Any) -> Any:
    return value.lower() if isinstance(value, str) and not attribute.case_exact else value
