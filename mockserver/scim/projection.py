"""The selection of attributes in a response: `attributes` and `excludedAttributes` (RFC 7644, section 3.9).

Attributes that are always returned (`schemas`, `id`) can't be excluded, and unknown names are ignored. Of both
parameters together, `attributes` counts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from mockserver.scim.attributes import Resource, ResourceType
from mockserver.scim.locations import locate, locate_extension, read_attribute_path
from mockserver.scim.work import LONGEST_KEPT

Projection = Callable[[Resource], Resource]
Mask = dict[str, Any]
"""Name → mask of the names below it; None stands for everything below it."""


def compile_projection(resource_type: ResourceType, attributes: str | None, excluded: str | None) -> Projection | None:
    """Compiles the parameters, comma-separated names, into a projection; None if responses contain everything."""
    if attributes is None and excluded is None:
        return None
    is_short = len(attributes or "") + len(excluded or "") <= LONGEST_KEPT
    return (_compile_once if is_short else _compile)(resource_type, attributes, excluded)


def _compile(resource_type: ResourceType, attributes: str | None, excluded: str | None) -> Projection | None:
    if attributes:
        included = _mask(resource_type, attributes)
        for attribute in resource_type.by_name.values():
            if attribute.returned == "always":
                included[attribute.name] = None
        return lambda resource: _only(resource, included)
    if excluded:
        excluded_mask = _mask(resource_type, excluded)
        for attribute in resource_type.by_name.values():
            if attribute.returned == "always":
                excluded_mask.pop(attribute.name, None)
        return lambda resource: _without(resource, excluded_mask)
    return None


_compile_once = lru_cache(maxsize=512)(_compile)


def _mask(resource_type: ResourceType, names: str) -> Mask:
    mask: Mask = {}
    for name in names.split(","):
        path = read_attribute_path(name.strip())
        if path is None:
            continue
        extension = locate_extension(resource_type, path)
        location = locate(resource_type, path)
        if extension is not None:
            _add(mask, extension.id)
        elif location is not None:
            container = [location.container] if location.container else []
            part = [location.sub_attribute.name] if location.sub_attribute else []
            _add(mask, *container, location.attribute.name, *part)
    return mask


def _add(mask: Mask, *names: str) -> None:
    *outer, last = names
    for name in outer:
        below = mask.setdefault(name, {})
        if below is None:
            return
        mask = below
    mask[last] = None


def _only(resource: Resource, mask: Mask) -> Resource:
    projected: Resource = {}
    for name, value in resource.items():
        if name not in mask:
            continue
        below = mask[name]
        kept = value if below is None else _each(value, below, _only)
        if kept not in (None, [], {}) or below is None:
            projected[name] = kept
    return projected


def _without(resource: Resource, mask: Mask) -> Resource:
    projected: Resource = {}
    for name, value in resource.items():
        below = mask.get(name, _KEPT)
        if below is _KEPT:
            projected[name] = value
        elif below is not None:
            projected[name] = _each(value, below, _without)
    return projected


_KEPT = object()


def _each(value: Any, below: Mask, apply: Callable[[Resource, Mask], Resource]) -> Any:
    if isinstance(value, list):
        return [kept for item in value if (kept := apply(item, below))]
    return apply(value, below) if isinstance(value, dict) else value
