"""Reads the resources that clients send: returns names in the schema's spelling and values of the attribute's type.

The rules are those of RFC 7643, section 2. Names match in any case. Null and empty lists mean unassigned, so they are
dropped. Read-only and unknown attributes are ignored. Booleans may be texts, because Microsoft Entra sends "False".
The last of several primary values stays primary.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.scim.attributes import Attribute, Resource, ResourceType
from mockserver.scim.errors import invalid_syntax, invalid_value
from mockserver.scim.matching import read_time

_UNASSIGNED: tuple[Any, ...] = (None, [], {})


def read_resource(resource_type: ResourceType, body: Any) -> Resource:
    """Returns the attributes of the resource in a POST or PUT request, without `id` and `meta`.

    Raises the SCIM error `invalidSyntax` and `invalidValue`.
    """
    if not isinstance(body, dict):
        raise invalid_syntax(f"A {resource_type.name} is a JSON object.")
    resource = read_attributes(resource_type.by_name, body, "")
    for name, value in body.items():
        extension = resource_type.extensions_by_id.get(name.lower())
        if extension is not None and value not in _UNASSIGNED:
            if not isinstance(value, dict):
                raise invalid_value(f"{extension.id} is an object.")
            attributes = read_attributes(extension.by_name, value, f"{extension.id}:")
            if attributes:
                resource[extension.id] = attributes
    return complete(resource_type, resource)


def complete(resource_type: ResourceType, resource: Resource) -> Resource:
    """Returns the resource with its `schemas` and without attributes that are never returned, such as a password.

    Raises the SCIM error `invalidValue` if a required attribute has no value.
    """
    for attribute in resource_type.schema.attributes:
        if attribute.required and not resource.get(attribute.name):
            raise invalid_value(f"{attribute.name} is required.")
    extensions = [schema.id for schema in resource_type.extensions if resource.get(schema.id)]
    kept = {name: value for name, value in resource.items() if name not in resource_type.secrets}
    return {**kept, "schemas": [resource_type.schema.id, *extensions]}


def read_attributes(known: Mapping[str, Attribute], value: Mapping[str, Any], prefix: str) -> Resource:
    """Returns the known, writable attributes among the members of an object; messages put `prefix` before names."""
    resource: Resource = {}
    for name, item in value.items():
        attribute = known.get(name.lower())
        if attribute is None or attribute.mutability == "readOnly":
            continue
        read = read_value(attribute, item, prefix + attribute.name)
        if read not in _UNASSIGNED:
            resource[attribute.name] = read
    return resource


def read_value(attribute: Attribute, value: Any, where: str) -> Any:
    """Returns the value of an attribute: a list for a multi-valued one, None for no value.

    Raises the SCIM error `invalidValue`, whose message names `where`.
    """
    if value is None:
        return None
    if not attribute.multi_valued:
        return read_single_value(attribute, value, where)
    if not isinstance(value, list):
        raise invalid_value(f"{where} is a list.")
    items = [read_single_value(attribute, item, where) for item in value if item is not None]
    return with_one_primary([item for item in items if item not in _UNASSIGNED])


def read_single_value(attribute: Attribute, value: Any, where: str) -> Any:
    """Returns a single value of an attribute. Raises the SCIM error `invalidValue`, whose message names `where`."""
    if attribute.data_type == "complex":
        if not isinstance(value, dict):
            raise invalid_value(f"{where} is an object.")
        return read_attributes(attribute.by_name, value, f"{where}.")
    if attribute.data_type == "boolean":
        return _read_boolean(value, where)
    if attribute.data_type in ("integer", "decimal"):
        if isinstance(value, bool) or not isinstance(value, int if attribute.data_type == "integer" else int | float):
            raise invalid_value(f"{where} is a number.")
        return value
    if not isinstance(value, str):
        raise invalid_value(f"{where} is a text.")
    if attribute.data_type == "dateTime" and read_time(value) is None:
        raise invalid_value(f"{where} is a time such as 2011-05-13T04:42:34Z.")
    if attribute.data_type == "binary" and not _is_base64(value):
        raise invalid_value(f"{where} is base64.")
    return value


def with_one_primary(items: list[Any], changed: Iterable[int] = ()) -> list[Any]:
    """Returns the items with at most one primary: the last of the changed ones (by index), or else the last of all."""
    primaries = [index for index, item in enumerate(items) if isinstance(item, dict) and item.get("primary") is True]
    if len(primaries) < 2:
        return items
    known = set(primaries)
    primary = max((index for index in changed if index in known), default=primaries[-1])
    return [
        {**item, "primary": False} if index in known and index != primary else item for index, item in enumerate(items)
    ]


def _read_boolean(value: Any, where: str) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise invalid_value(f"{where} is true or false.")
    return value


def _is_base64(text: str) -> bool:
    try:
        binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        return False
    return True
