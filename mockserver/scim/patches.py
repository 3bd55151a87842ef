"""PATCH (RFC 7644, section 3.5.2): operations applied to a resource, giving a new one; the old one is left as it is.

The habits of identity providers are part of the law here: operations may be capitalised and may lack a path (Okta),
keys of a pathless value may themselves be paths, `remove` may list the values to take out, `add` to a selection that
matches nothing creates the value that it describes, and a plain text stands for an object's `value` (Entra).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mockserver.core.problems import Problem
from mockserver.scim.attributes import Attribute, Resource, ResourceType, Schema
from mockserver.scim.locations import Location
from mockserver.scim.paths import PatchTarget, parse_patch_path, resolve
from mockserver.scim.refusals import invalid_syntax, invalid_value, mutability, no_target
from mockserver.scim.values import complete, one_primary, read_item, read_parts

_UNASSIGNED: tuple[Any, ...] = (None, [], {})
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class PatchOperation:
    """One operation; `name` is add, replace or remove."""

    name: str
    path: str | None
    value: Any = _ABSENT


def read_operations(body: Any) -> list[PatchOperation]:
    """The operations of a PatchOp message, whose member names are read in any case.

    Raises the refusals `invalidSyntax` and `invalidValue`.
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


def apply_patch(resource_type: ResourceType, resource: Resource, operations: Sequence[PatchOperation]) -> Resource:
    """The resource after all operations, in their order.

    Raises the refusals `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget` and `mutability`.
    """
    changed = dict(resource)
    for operation in operations:
        if operation.path is not None:
            _apply(resource_type, changed, operation.path, operation)
        elif operation.name == "remove":
            raise no_target("remove needs a path.")
        else:
            _apply_members(resource_type, changed, operation)
    return complete(resource_type, changed)


def _apply_members(resource_type: ResourceType, resource: Resource, operation: PatchOperation) -> None:
    """Apply an operation without a path: each member of its value is one; what can't be written is ignored."""
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
    return "readOnly" in (target.attribute.mutability, target.part.mutability if target.part else None)


def _change(resource: Resource, target: PatchTarget | Schema, operation: PatchOperation) -> None:
    """Change the resource in place (it is this module's own copy); nested values are replaced, never mutated."""
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
    if value:
        resource[name] = value
    else:
        resource.pop(name, None)


def _new_value(target: PatchTarget, operation: PatchOperation, old: Any) -> Any:
    attribute, part = target.attribute, target.part
    if target.matches is not None:
        return _change_selected(target, operation, old or [])
    if part is not None and attribute.multi_valued:
        items = [_with_part(attribute, part, operation, item) for item in old or [{}]]
        return one_primary([item for item in items if item])
    if part is not None:
        return _with_part(attribute, part, operation, old or {})
    if attribute.multi_valued:
        return _new_list(attribute, operation, old or [])
    if operation.name == "remove" or operation.value is None:
        return None
    value = _item(attribute, operation.value)
    return {**(old or {}), **value} if attribute.data_type == "complex" else value


def _new_list(attribute: Attribute, operation: PatchOperation, old: list[Any]) -> list[Any]:
    if operation.value is _ABSENT or operation.value is None:
        return [] if operation.name != "add" else old
    values = operation.value if isinstance(operation.value, list) else [operation.value]
    items = [_item(attribute, value) for value in values]
    if operation.name == "remove":
        gone = {_identity(attribute, item) for item in items}
        return [item for item in old if _identity(attribute, item) not in gone]
    return _joined(attribute, old if operation.name == "add" else [], items)


def _joined(attribute: Attribute, old: list[Any], new: list[Any]) -> list[Any]:
    """Both lists, where a value that is there already is completed and not repeated."""
    joined = {_identity(attribute, item): item for item in old}
    for item in new:
        identity = _identity(attribute, item)
        known = joined.pop(identity, {}) if isinstance(item, dict) and item.get("primary") else joined.get(identity, {})
        joined[identity] = {**known, **item} if isinstance(item, dict) else item
    return one_primary([item for item in joined.values() if item not in _UNASSIGNED])


def _identity(attribute: Attribute, item: Any) -> Any:
    """What makes two values the same: `value`, and `type` where clients choose it freely; else all of it."""
    if not isinstance(item, dict):
        return item
    if "value" not in item:
        return repr(sorted(item.items(), key=repr))
    kind = attribute.by_name.get("type")
    return (item["value"], item.get("type") if kind is not None and kind.mutability == "readWrite" else None)


def _change_selected(target: PatchTarget, operation: PatchOperation, old: list[Any]) -> list[Any]:
    assert target.matches is not None
    selected = {index for index, item in enumerate(old) if target.matches(item)}
    if not selected and operation.name != "remove":
        old = [*old, _seeded(target, operation)]
        selected = {len(old) - 1}
    items = [_change_item(target, operation, item) if index in selected else item for index, item in enumerate(old)]
    return [item for item in one_primary(items, selected) if item]


def _seeded(target: PatchTarget, operation: PatchOperation) -> Resource:
    if operation.name == "replace" or target.seed is None:
        raise no_target(f"No value of {target.attribute.name} matches the condition.")
    return read_parts(target.attribute.by_name, target.seed, f"{target.attribute.name}.")


def _change_item(target: PatchTarget, operation: PatchOperation, item: Resource) -> Resource:
    if target.part is not None:
        return _with_part(target.attribute, target.part, operation, item)
    if operation.name == "remove" or operation.value is None:
        return {}
    value: Resource = _item(target.attribute, operation.value)
    return {**item, **value} if operation.name == "add" else value


def _with_part(attribute: Attribute, part: Attribute, operation: PatchOperation, item: Resource) -> Resource:
    rest = {name: value for name, value in item.items() if name != part.name}
    if operation.name == "remove" or operation.value is None:
        return rest
    value = read_item(part, operation.value, f"{attribute.name}.{part.name}")
    if part.mutability == "immutable" and item.get(part.name, value) != value:
        raise mutability(f"{attribute.name}.{part.name} can't be changed once it is set.")
    return {**item, part.name: value}


def _item(attribute: Attribute, value: Any) -> Any:
    if attribute.data_type == "complex" and isinstance(value, str) and "value" in attribute.by_name:
        value = {"value": value}
    return read_item(attribute, value, attribute.name)
