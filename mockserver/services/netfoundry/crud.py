"""What all resources have in common: get, create, update, activate and deactivate, delete.

Deletion is soft: a deleted record stays in the store, no id finds it, and lists contain it only on request. A reference
to a record that does not exist is 400 with the name of the field.
"""

from __future__ import annotations

from typing import Any

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound, Refused
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access
from mockserver.services.netfoundry.catalogue import RESOURCES
from mockserver.services.netfoundry.resource import CALLER_ID, CURRENT_INSTANT, Resource, index_entry
from mockserver.services.netfoundry.views import instant
from mockserver.state.store import Record, Transaction


def get(resource: Resource, call: Call) -> Json:
    """Returns the record with the id in the path."""
    return resource.view(call, requested(resource, call))


def create(resource: Resource, call: Call) -> Json:
    """Creates a record from the body."""
    return resource.view(call, add(resource, call, call.body))


def update(resource: Resource, call: Call) -> Json:
    """Updates a record. PATCH changes the fields in the body; PUT also resets all other updatable fields."""
    record = requested(resource, call)
    values = call.body
    if call.operation.method == "PUT":
        values = {name: values.get(name, resource.request_fields[name]) for name in resource.updatable_fields}
    changes = {name: values[name] for name in resource.updatable_fields if name in values}
    check_references(resource, call, changes)
    return resource.view(call, replace(resource, call, record, changes))


def set_active(resource: Resource, call: Call) -> Json:
    """Activates or deactivates a record. Nothing changes if the record is in that state already."""
    record = requested(resource, call)
    active = call.path["action"] == "activate"
    if record["active"] != active:
        record = replace(resource, call, record, {"active": active})
    return resource.view(call, record)


def delete(resource: Resource, call: Call) -> Json:
    """Marks a record as deleted, and with it the records that depend on it. Returns the deleted record."""
    return resource.view(call, remove(resource, call, requested(resource, call)))


def requested(resource: Resource, call: Call) -> Record:
    """Returns the record with the id in the path. Raises NotFound, or Forbidden without the required permission."""
    key = call.path["id"].lower()
    record = find(resource, call.records, key)
    if record is None:
        raise NotFound(resource.display_name, key)
    access.check(call, organization_of(resource, call.records, record))
    return record


def find(resource: Resource, records: Transaction, key: str) -> Record | None:
    """Returns the record with this id; None if there is none or it is deleted."""
    record = records.get(resource.collection, key.lower())
    return record if record is not None and record.get("deletedAt") is None else None


def organization_of(resource: Resource, records: Transaction, record: Record) -> str | None:
    """Returns the id of the organization that a record belongs to; None where it belongs to none."""
    if resource.owner is None:
        return None
    if resource.owner_is_organization:
        return str(record[resource.owner])
    owner_resource = RESOURCES[resource.references[resource.owner]]
    owner = records.get(owner_resource.collection, record[resource.owner])
    return organization_of(owner_resource, records, owner) if owner else None


def add(resource: Resource, call: Call, body: Record, **fields: Any) -> Record:
    """Stores a new record of the body's fields, the resource's server fields and the given ones.

    Raises Refused for a reference to nothing, Forbidden without the required permissions.
    """
    record = {"id": call.ids.uuid()}
    record |= {name: body.get(name, default) for name, default in resource.request_fields.items()}
    check_references(resource, call, record)
    access.check(call, organization_of(resource, call.records, record))
    record |= {name: _initial_value(call, value) for name, value in resource.server_fields.items()} | fields
    call.records.put(resource.collection, record["id"], record)
    _list_in_parent(resource, call, record)
    return record


def replace(resource: Resource, call: Call, record: Record, changes: Record) -> Record:
    """Stores a record with these changes and, where the resource has it, the time of the update."""
    stamp = {"updatedAt": instant(call.now)} if "updatedAt" in record else {}
    record = record | changes | stamp
    call.records.put(resource.collection, record["id"], record)
    return record


def remove(resource: Resource, call: Call, record: Record) -> Record:
    """Marks a record as deleted, and with it the records that depend on it; removes its id from its parent's list."""
    marks = {"deletedAt": instant(call.now), "deletedBy": access.caller(call), "deleted": True}
    removed = replace(resource, call, record, {name: mark for name, mark in marks.items() if name in record})
    _list_in_parent(resource, call, record, deleted=True)
    for child in RESOURCES.values():
        if child.deleted_with and child.references[child.deleted_with] == resource.name:
            entry = index_entry(child.deleted_with, record["id"])
            for dependent in call.records.matching(child.collection, "listed", entry):
                remove(child, call, dependent)
    return removed


def check_references(resource: Resource, call: Call, record: Record) -> None:
    """Raises Refused for a reference to nothing, Forbidden without the required permission on the referenced record."""
    for name, target in resource.references.items():
        value = record.get(name)
        for key in value if isinstance(value, list) else () if value is None else (value,):
            referenced = find(RESOURCES[target], call.records, key)
            if referenced is None:
                raise Refused(f"{name}: there is no {RESOURCES[target].display_name} {key}")
            access.check(call, organization_of(RESOURCES[target], call.records, referenced), named_by=name)


def _initial_value(call: Call, value: Any) -> Any:
    """Returns the value of a server field, with the placeholders `CALLER_ID` and `CURRENT_INSTANT` replaced."""
    if value is CALLER_ID:
        return access.caller(call)
    return instant(call.now) if value is CURRENT_INSTANT else value


def _list_in_parent(resource: Resource, call: Call, record: Record, *, deleted: bool = False) -> None:
    """Puts the record's id first in the list of its parent, or removes it there; does nothing without a parent."""
    if resource.listed_in is None:
        return
    reference, list_name = resource.listed_in
    collection = RESOURCES[resource.references[reference]].collection
    parent = call.records.get(collection, record[reference])
    if parent is not None:
        others = [key for key in parent[list_name] if key != record["id"]]
        changed = parent | {list_name: others if deleted else [record["id"], *others]}
        call.records.put(collection, parent["id"], changed)
