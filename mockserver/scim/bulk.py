"""Bulk requests (RFC 7644, section 3.7): many changes in one request, each with an outcome of its own."""

from __future__ import annotations

from typing import Any, Final

from mockserver.core.messages import Json
from mockserver.core.problems import Problem, Refused, UnknownPath
from mockserver.scim import changes
from mockserver.scim.dialect import error
from mockserver.scim.directory import GROUPS, USERS, ResourceCollection
from mockserver.scim.errors import invalid_value
from mockserver.scim.representation import View
from mockserver.scim.versions import version_of
from mockserver.state.store import Record

BULK_RESPONSE_URN: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
MAX_OPERATIONS: Final = 1_000
REFERENCE: Final = "bulkId:"
_COLLECTIONS: Final = {collection.resource_type.endpoint: collection for collection in (USERS, GROUPS)}
_REWRITTEN: Final = 3
"""The units of work for each value of a list that is replaced and indexed again."""
_STATUS: Final = {"POST": "201", "PUT": "200", "PATCH": "200", "DELETE": "204"}


def run(view: View, body: Json) -> Json:
    """Applies the operations in their order, until `failOnErrors` of them have failed. Returns the bulk response."""
    operations = body["Operations"]
    if len(operations) > MAX_OPERATIONS:
        raise Refused(f"a bulk request has at most {MAX_OPERATIONS} operations", status=413)
    outcomes: list[Json] = []
    created: dict[str, str] = {}
    failures = 0
    for number, operation in enumerate(operations):
        outcome: dict[str, Json] = {"method": operation["method"]}
        if "bulkId" in operation:
            outcome["bulkId"] = operation["bulkId"]
        try:
            if number:
                _spend(view, operation, created)
            outcome.update(_apply(view, operation, created))
        except Problem as problem:
            failures += 1
            outcome.update(status=str(problem.status), response=error(problem))
        outcomes.append(outcome)
        if failures >= body.get("failOnErrors", failures + 1):
            break
    return {"schemas": [BULK_RESPONSE_URN], "Operations": outcomes}


def _spend(view: View, operation: Json, created: dict[str, str]) -> None:
    """Spends the work of rewriting the lists of a resource, which every operation but the first has to pay for."""
    collection, key = _target(operation["path"], created)
    record = view.directory.find(collection, key) if key is not None else None
    if record is not None:
        lists = [value for value in record["resource"].values() if isinstance(value, list)]
        view.directory.work.spend(_REWRITTEN * sum(map(len, lists)))
    if record is not None and operation["method"] == "DELETE":
        groups = view.directory.groups_of(record["id"])
        view.directory.work.spend(_REWRITTEN * sum(len(group["resource"]["members"]) for group in groups))


def _apply(view: View, operation: Json, created: dict[str, str]) -> dict[str, Json]:
    """Applies one operation. Returns the location, version and status of its outcome.

    `created` maps the bulkIds of earlier operations to the ids that they created; a creation adds its own.
    """
    method = operation["method"]
    collection, key = _target(operation["path"], created)
    if (key is None) != (method == "POST"):
        raise UnknownPath(operation["path"], [])
    record = _change(
        view, method, collection, key or "", _with_ids(operation.get("data"), created), operation.get("version")
    )
    if record is None:
        return {"status": _STATUS[method]}
    if method == "POST" and "bulkId" in operation:
        created[operation["bulkId"]] = record["id"]
    version = version_of(record["revision"])
    return {"location": view.location(collection, record), "version": version, "status": _STATUS[method]}


def _change(
    view: View, method: str, collection: ResourceCollection, key: str, data: Json, version: str | None
) -> Record | None:
    if method == "POST":
        return changes.create(view.directory, collection, data)
    if method == "PUT":
        return changes.replace(view.directory, collection, key, data, version)
    if method == "PATCH":
        return changes.patch(view.directory, collection, key, data, version)
    changes.delete(view.directory, collection, key, version)
    return None


def _target(path: str, created: dict[str, str]) -> tuple[ResourceCollection, str | None]:
    _, endpoint, *key = path.split("/")
    return _COLLECTIONS[f"/{endpoint}"], _resolve(key[0], created) if key else None


def _with_ids(value: Any, created: dict[str, str]) -> Any:
    """Returns the value with each `bulkId:` reference replaced by the id that an earlier operation created."""
    if isinstance(value, dict):
        return {name: _with_ids(item, created) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_ids(item, created) for item in value]
    return _resolve(value, created) if isinstance(value, str) else value


def _resolve(text: str, created: dict[str, str]) -> str:
    if not text.startswith(REFERENCE):
        return text
    name = text.removeprefix(REFERENCE)
    if name not in created:
        raise invalid_value(f"No operation before this one created bulkId {name}.")
    return created[name]
