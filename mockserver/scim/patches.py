"""PATCH (RFC 7644, section 3.5.2): applies operations to a copy of a resource.

Beyond the RFC it accepts what identity providers send. Okta omits the path. Entra capitalises operations, uses paths as
the member names of a value without a path, lists the values to remove, adds to a condition that matches nothing (which
creates the value that the condition describes) and sends a plain text for an object with a `value`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mockserver.core.problems import Problem
from mockserver.scim.attributes import Attribute, Resource, ResourceType, Schema
from mockserver.scim.errors import invalid_syntax, invalid_value, mutability, no_target
from mockserver.scim.locations import Location
from mockserver.scim.paths import PatchTarget, parse_patch_path, resolve
from mockserver.scim.values import complete, read_attributes, read_single_value, with_one_primary
from mockserver.scim.work import Work

_UNASSIGNED: tuple[Any, ...] = (None, [], {})
_ABSENT: Final = object()
_JOINTS: Final = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
"""What joins the nodes of a condition. A text in quotes may contain it too; then the estimate is too high."""
_STEP: Final = 20
"""The units of work of any operation."""


@dataclass(frozen=True, slots=True)
class PatchOperation:
    """One operation of a PatchOp message; `name` is add, replace or remove."""

    name: str
    path: str | None
    value: Any = _ABSENT


def read_operations(body: Any) -> list[PatchOperation]:
    """Returns the operations of a PatchOp message, whose member names may be in upper or lower case.

    Raises the SCIM error `invalidSyntax` and `invalidValue`.
    """
    message = _lower_names(body)
    operations = message.get("operations")
    if not isinstance(operations, list) or not operations:
        raise invalid_syntax("Operations is a list of at least one operation.")
    return [_read_operation(_lower_names(item)) for item in operations]


def _lower_names(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid_syntax("A PATCH body and each of its operations is a JSON object.")
    return {name.lower(): item for name, item in value.items()}


def _read_operation(item: Mapping[str, Any]) -> PatchOperation:
    name, path = item.get("op"), item.get("path") or None
    if not isinstance(name, str) or name.lower() not in ("add", "replace", "remove"):
        raise invalid_syntax("op is add, replace or remove.")
    if path is not None and not isinstance(path, str):
        raise invalid_syntax("path is a text.")
    if name.lower() != "remove" and "value" not in item:
        raise invalid_value(f"{name} needs a value.")
    return PatchOperation(name.lower(), path, item.get("value", _ABSENT))


def apply_patch(
    resource_type: ResourceType, resource: Resource, operations: Sequence[PatchOperation], work: Work | None = None
) -> Resource:
    """Returns the resource after all operations, applied in their order. Spends the work that they take.

    Raises the SCIM error `tooMany`, `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget` and `mutability`.
    """
    changed = dict(resource)
    work = work or Work()
    for number, operation in enumerate(operations):
        work.spend(_cost(changed, operation, is_first=number == 0))
        if operation.path is not None:
            _apply(resource_type, changed, operation.path, operation)
        elif operation.name == "remove":
            raise no_target("remove needs a path.")
        else:
            _apply_without_path(resource_type, changed, operation)
    return complete(resource_type, changed)


def _cost(resource: Resource, operation: PatchOperation, *, is_first: bool) -> int:
    """Returns the units of work of an operation: it looks at all values of a list, once for each node of a condition.

    The first operation without a condition costs nothing, so that a list of any length can be changed.
    """
    values = max((len(value) for value in resource.values() if isinstance(value, list)), default=0)
    given = operation.value if operation.path is None and isinstance(operation.value, dict) else ()
    texts = [operation.path] if operation.path is not None else list(given)
    nodes = sum(1 + len(_JOINTS.findall(text)) for text in texts if "[" in text)
    return (0 if is_first else _STEP + values) + _STEP * len(given) + values * nodes


def _apply_without_path(resource_type: ResourceType, resource: Resource, operation: PatchOperation) -> None:
    """Applies an operation without a path: to each member of its value; ignores unknown and read-only attributes."""
    if not isinstance(operation.value, dict):
        raise invalid_value("Without a path the value is an object of attributes.")
    for name, value in operation.value.items():
        try:
            target = resolve(resource_type, parse_patch_path(name))
        except Problem:
            continue
        if isinstance(target, Schema) or not _is_read_only(target):
            _change(resource, target, PatchOperation(operation.name, name, value))


def _apply(resource_type: ResourceType, resource: Resource, path: str, operation: PatchOperation) -> None:
    target = resolve(resource_type, parse_patch_path(path))
    if isinstance(target, PatchTarget) and _is_read_only(target):
        raise mutability(f"{path} is set by the server.")
    if operation.name == "remove" and isinstance(target, PatchTarget) and target.attribute.required:
        raise mutability(f"{path} is required and can't be removed.")
    _change(resource, target, operation)


def _is_read_only(target: PatchTarget) -> bool:
    sub_attribute = target.sub_attribute
    return "readOnly" in (target.attribute.mutability, sub_attribute.mutability if sub_attribute else None)


def _change(resource: Resource, target: PatchTarget | Schema, operation: PatchOperation) -> None:
    """Changes the resource in place, for it is a copy. Nested values are shared with the original: it replaces them."""
    if isinstance(target, Schema):
        _change_extension(resource, target, operation)
        return
    container, name = target.location.container, target.attribute.name
    holder = resource if container is None else dict(resource.get(container, {}))
    value = _new_value(target, operation, holder.get(name))
    if value in _UNASSIGNED:
        holder.pop(name, None)
    else:
        holder[name] = value
    if container is not None:
        _put(resource, container, holder)


def _change_extension(resource: Resource, extension: Schema, operation: PatchOperation) -> None:
    if operation.name == "remove":
        resource.pop(extension.id, None)
        return
    if not isinstance(operation.value, dict):
        raise invalid_value(f"{extension.id} is an object.")
    for name, value in operation.value.items():
        attribute = extension.by_name.get(name.lower())
        if attribute is not None:
            target = PatchTarget(Location(extension.id, attribute))
            _change(resource, target, PatchOperation(operation.name, name, value))


def _put(resource: Resource, name: str, value: Resource) -> None:
    """Sets an attribute of the resource, or removes it if the value is empty."""
    if value:
        resource[name] = value
    else:
        resource.pop(name, None)


def _new_value(target: PatchTarget, operation: PatchOperation, old: Any) -> Any:
    """Returns the value of the target's attribute after the operation; unassigned values are removed by the caller."""
    attribute, sub_attribute = target.attribute, target.sub_attribute
    if target.matches is not None:
        return _change_selected(target, operation, old or [])
    if sub_attribute is not None and attribute.multi_valued:
        items = [_with_sub_attribute(attribute, sub_attribute, operation, item) for item in old or [{}]]
        return with_one_primary([item for item in items if item])
    if sub_attribute is not None:
        return _with_sub_attribute(attribute, sub_attribute, operation, old or {})
    if attribute.multi_valued:
        return _new_list(attribute, operation, old or [])
    if operation.name == "remove" or operation.value is None:
        return None
    value = _read_item(attribute, operation.value)
    return {**(old or {}), **value} if attribute.data_type == "complex" else value


def _new_list(attribute: Attribute, operation: PatchOperation, old: list[Any]) -> list[Any]:
    if operation.value is _ABSENT or operation.value is None:
        return [] if operation.name != "add" else old
    values = operation.value if isinstance(operation.value, list) else [operation.value]
    items = [_read_item(attribute, value) for value in values]
    if operation.name == "remove":
        removed = {_identity(attribute, item) for item in items}
        return [item for item in old if _identity(attribute, item) not in removed]
    return _merged(attribute, old if operation.name == "add" else [], items)


def _merged(attribute: Attribute, old: list[Any], new: list[Any]) -> list[Any]:
    """Returns the old values and the new ones; a new value that has the identity of an old one extends it."""
    merged = {_identity(attribute, item): item for item in old}
    for item in new:
        identity = _identity(attribute, item)
        known = merged.pop(identity, {}) if isinstance(item, dict) and item.get("primary") else merged.get(identity, {})
        merged[identity] = {**known, **item} if isinstance(item, dict) else item
    return with_one_primary([item for item in merged.values() if item not in _UNASSIGNED])


def _identity(attribute: Attribute, item: Any) -> Any:
    """Returns what makes two values of a multi-valued attribute the same.

    That is `value`, together with `type` if clients may choose it freely; without a `value`, everything.
    """
    if not isinstance(item, dict):
        return item
    if "value" not in item:
        return repr(sorted(item.items(), key=repr))
    type_ = attribute.by_name.get("type")
    return (item["value"], item.get("type") if type_ is not None and type_.mutability == "readWrite" else None)


def _change_selected(target: PatchTarget, operation: PatchOperation, old: list[Any]) -> list[Any]:
    """Returns the values of a multi-valued attribute with those changed that match the condition."""
    assert target.matches is not None
    selected = {index for index, item in enumerate(old) if target.matches(item)}
    if not selected and operation.name != "remove":
        old = [*old, _created_value(target, operation)]
        selected = {len(old) - 1}
    items = [_change_item(target, operation, item) if index in selected else item for index, item in enumerate(old)]
    return [item for item in with_one_primary(items, selected) if item]


def _created_value(target: PatchTarget, operation: PatchOperation) -> Resource:
    """Returns the value that an `add` creates where the condition matches none. Raises the SCIM error `noTarget`."""
    if operation.name == "replace" or target.implied_value is None:
        raise no_target(f"No value of {target.attribute.name} matches the condition.")
    return read_attributes(target.attribute.by_name, target.implied_value, f"{target.attribute.name}.")


def _change_item(target: PatchTarget, operation: PatchOperation, item: Resource) -> Resource:
    if target.sub_attribute is not None:
        return _with_sub_attribute(target.attribute, target.sub_attribute, operation, item)
    if operation.name == "remove" or operation.value is None:
        return {}
    value: Resource = _read_item(target.attribute, operation.value)
    return {**item, **value} if operation.name == "add" else value


def _with_sub_attribute(
    attribute: Attribute, sub_attribute: Attribute, operation: PatchOperation, item: Resource
) -> Resource:
    """Returns the value of a complex attribute with one sub-attribute changed."""
    name = sub_attribute.name
    rest = {other: value for other, value in item.items() if other != name}
    if operation.name == "remove" or operation.value is None:
        return rest
    value = read_single_value(sub_attribute, operation.value, f"{attribute.name}.{name}")
    if sub_attribute.mutability == "immutable" and item.get(name, value) != value:
        raise mutability(f"{attribute.name}.{name} can't be changed once it is set.")
    return {**item, name: value}


def _read_item(attribute: Attribute, value: Any) -> Any:
    """Returns one value as it is stored; reads a plain text as the `value` of an object."""
    if attribute.data_type == "complex" and isinstance(value, str) and "value" in attribute.by_name:
        value = {"value": value}
    return read_single_value(attribute, value, attribute.name)
