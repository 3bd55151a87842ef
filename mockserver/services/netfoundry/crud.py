"""What all kinds of record have in common: get, create, update, switch and delete, after the data in `catalogue`.

Deletion is soft: a deleted record stays, is found by no id and listed only on request. A reference must lead to a
record that is there (400 with the name of the field).
"""

from __future__ import annotations

from typing import Any

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound, Refused
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access
from mockserver.services.netfoundry.catalogue import RESOURCES
from mockserver.services.netfoundry.resource import CALLER, NOW, Resource, term
from mockserver.services.netfoundry.views import instant
from mockserver.state.store import Record, Transaction


def get(resource: Resource, call: Call) -> Json:
    """The record whose id the path names."""
    return resource.view(call, named(resource, call))


def create(resource: Resource, call: Call) -> Json:
    """A new record of what the body says."""
    return resource.view(call, add(resource, call, call.body))


def update(resource: Resource, call: Call) -> Json:
    """PATCH changes what is sent; PUT replaces all that can be changed, and empties what is left out."""
    record = named(resource, call)
    sent = call.body
    if call.operation.method == "PUT":
        sent = {name: sent.get(name, resource.fields[name]) for name in resource.changeable}
    changes = {name: sent[name] for name in resource.changeable if name in sent}
    check_references(resource, call, changes)
    return resource.view(call, replace(resource, call, record, changes))


def set_active(resource: Resource, call: Call) -> Json:
    """Activates or deactivates a record; the state it has already changes nothing."""
    record = named(resource, call)
    active = call.path["action"] == "activate"
    if record["active"] != active:
        record = replace(resource, call, record, {"active": active})
    return resource.view(call, record)


def delete(resource: Resource, call: Call) -> Json:
    """Marks a record as deleted, and with it what cannot be without it."""
    return resource.view(call, remove(resource, call, named(resource, call)))


def named(resource: Resource, call: Call) -> Record:
    """The record whose id the path names, if the caller may do with it what the operation does."""
    key = call.path["id"].lower()
    record = present(resource, call.records, key)
    if record is None:
        raise NotFound(resource.noun, key)
    access.check(call, organization_of(resource, call.records, record))
    return record


def present(resource: Resource, records: Transaction, key: str) -> Record | None:
    """The record with this id, unless it is deleted."""
    record = records.get(resource.collection, key.lower())
    return record if record is not None and record.get("deletedAt") is None else None


def organization_of(resource: Resource, records: Transaction, record: Record) -> str | None:
    """The id of the organization that a record belongs to; None where it belongs to none."""
    if resource.owner is None:
        return None
    if resource.owner_is_organization:
        return str(record[resource.owner])
    parent = RESOURCES[resource.references[resource.owner]]
    owner = records.get(parent.collection, record[resource.owner])
    return organization_of(parent, records, owner) if owner else None


def add(resource: Resource, call: Call, body: Record, **more: Any) -> Record:
    """Keeps a new record of what a body says and what the service adds to it. Checks references and permissions."""
    record = {"id": call.ids.uuid()}
    record |= {name: body.get(name, default) for name, default in resource.fields.items()}
    check_references(resource, call, record)
    access.check(call, organization_of(resource, call.records, record))
    record |= {name: _fresh(call, value) for name, value in resource.fresh.items()} | more
    call.records.put(resource.collection, record["id"], record)
    _show(resource, call, record, shown=True)
    return record


def replace(resource: Resource, call: Call, record: Record, changes: Record) -> Record:
    """Keeps a record with changes, and when it was changed where records of its kind say so."""
    stamp = {"updatedAt": instant(call.now)} if "updatedAt" in record else {}
    record = record | changes | stamp
    call.records.put(resource.collection, record["id"], record)
    return record


def remove(resource: Resource, call: Call, record: Record) -> Record:
    """Marks a record as deleted, and with it what cannot be without it; its parent no longer shows it."""
    marks = {"deletedAt": instant(call.now), "deletedBy": access.caller(call), "deleted": True}
    removed = replace(resource, call, record, {name: mark for name, mark in marks.items() if name in record})
    _show(resource, call, record, shown=False)
    for child in RESOURCES.values():
        if child.dies_with and child.references[child.dies_with] == resource.name:
            for orphan in call.records.matching(child.collection, "listed", term(child.dies_with, record["id"])):
                remove(child, call, orphan)
    return removed


def check_references(resource: Resource, call: Call, record: Record) -> None:
    """Refuses ids that lead nowhere, and a caller without the required rights on what they lead to."""
    for name, target in resource.references.items():
        value = record.get(name)
        for key in value if isinstance(value, list) else () if value is None else (value,):
            referred = present(RESOURCES[target], call.records, key)
            if referred is None:
                raise Refused(f"{name}: there is no {RESOURCES[target].noun} {key}")
            access.check(call, organization_of(RESOURCES[target], call.records, referred), named_by=name)


def _fresh(call: Call, value: Any) -> Any:
    if value is CALLER:
        return access.caller(call)
    return instant(call.now) if value is NOW else value


def _show(resource: Resource, call: Call, record: Record, shown: bool) -> None:
    """Enters a record in, or strikes it from, the list of its parent."""
    if resource.shown_in is None:
        return
    reference, listed = resource.shown_in
    collection = RESOURCES[resource.references[reference]].collection
    parent = call.records.get(collection, record[reference])
    if parent is not None:
        others = [key for key in parent[listed] if key != record["id"]]
        changed = parent | {listed: [record["id"], *others] if shown else others}
        call.records.put(collection, parent["id"], changed)
