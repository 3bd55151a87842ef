"""Lists: filters, order and pages, as bare arrays.

Without `page` and `size` a list contains everything; with either of them it contains that page, and the headers
X-Total-Count and Link (RFC 8288) describe the rest. A page that at most one filter narrows costs as much as it holds.
Any other list looks at all records that the most selective filter finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from mockserver.core.messages import Answer, Json
from mockserver.documents.reading import read_query
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud, views
from mockserver.services.netfoundry.catalogue import API_ACCOUNT, USER
from mockserver.services.netfoundry.resource import ALL_RECORDS, Resource, index_entry
from mockserver.state.store import Record

DEFAULT_SIZE = 20


def list_records(resource: Resource, call: Call) -> Json:
    """Returns the records that match the query and that the caller may read, oldest first unless `sort` is given."""
    entries = [index_entry(field, call.query[name]) for name, field in resource.filters.items() if name in call.query]
    if _is_indexed(resource, call) and len(entries) < 2:
        entry = entries[0] if entries else ALL_RECORDS
        return _response(call, *_indexed_page(resource, call, entry, *_page(call)))
    matches = _sorted(call, list(_matches(resource, call, entries)))
    return _response(call, [resource.view(call, record) for record in _slice(call, matches)], len(matches))


def list_identities(call: Call) -> Json:
    """Returns all users, then all API accounts, as one list."""
    if _is_indexed(USER, call):
        start, size = _page(call)
        users, user_count = _indexed_page(USER, call, ALL_RECORDS, start, size)
        room = None if size is None else size - len(users)
        accounts, account_count = _indexed_page(API_ACCOUNT, call, ALL_RECORDS, max(start - user_count, 0), room)
        return _response(call, users + accounts, user_count + account_count)
    matches = _sorted(call, [record for resource in (USER, API_ACCOUNT) for record in _matches(resource, call, [])])
    return _response(call, [views.identity(call, record) for record in _slice(call, matches)], len(matches))


def _is_indexed(resource: Resource, call: Call) -> bool:
    """Tells whether an index alone yields the list: without order, predicates, and hidden or deleted records."""
    unindexed = {"sort", *resource.predicates} & call.query.keys()
    return not unindexed and not call.query.get("includeDeleted") and access.readable(call) is None


def _indexed_page(resource: Resource, call: Call, entry: str, start: int, size: int | None) -> tuple[list[Json], int]:
    """Returns the page of the records under an index entry, as response bodies, and the number of all of them."""
    page = call.records.matching(resource.collection, "listed", entry, start, size)
    total = call.records.count_matching(resource.collection, "listed", entry)
    return [resource.view(call, record) for record in page], total


def _matches(resource: Resource, call: Call, entries: list[str]) -> Iterator[Record]:
    """Yields the records that match the query and that the caller may read, oldest first."""
    records, readable = call.records, access.readable(call)
    predicates = [(matches, call.query[name]) for name, matches in resource.predicates.items() if name in call.query]
    equalities = [(field, call.query[name]) for name, field in resource.filters.items() if name in call.query]
    for record in _candidates(resource, call, entries, readable):
        if any(record[field] != value for field, value in equalities):
            continue
        if readable is not None:
            organization = crud.organization_of(resource, records, record)
            if organization is not None and organization not in readable:
                continue
        if all(matches(record, value, call) for matches, value in predicates):
            yield record


def _candidates(resource: Resource, call: Call, entries: list[str], readable: set[str] | None) -> list[Record]:
    """Returns the records under the most selective index entry; all records where deleted ones may match."""
    if call.query.get("includeDeleted") or "deleted" in call.query:
        return call.records.page(resource.collection)
    if resource.owner and readable is not None and len(readable) == 1 and resource.owner_is_organization:
        entries = [*entries, index_entry(resource.owner, *readable)]
    rarest = min(
        entries or [ALL_RECORDS],
        key=lambda entry: call.records.count_matching(resource.collection, "listed", entry),
    )
    return call.records.matching(resource.collection, "listed", rarest)


def _sorted(call: Call, records: list[Record]) -> list[Record]:
    """Returns the records in the order of `sort=field,asc|desc`; records without a value come first."""
    if "sort" not in call.query:
        return records
    field, _, direction = call.query["sort"].partition(",")
    return sorted(records, key=lambda record: _sort_key(views.sortable(record, field)), reverse=direction == "desc")


def _sort_key(value: Any) -> tuple[bool, Any]:
    return (value is not None, views.nanoseconds(value) if isinstance(value, dict) else value)


def _page(call: Call) -> tuple[int, int | None]:
    """Returns how many records precede the requested page and how many it holds; None for all."""
    if "page" not in call.query and "size" not in call.query:
        return 0, None
    size = call.query.get("size", DEFAULT_SIZE)
    return call.query.get("page", 0) * size, size


def _slice(call: Call, records: list[Record]) -> list[Record]:
    start, size = _page(call)
    return records[start:] if size is None else records[start : start + size]


def _response(call: Call, body: list[Json], total: int) -> Json:
    """Returns the array; for a page, with headers that give the total and the URLs of the neighbouring pages."""
    start, size = _page(call)
    if size is None:
        return body
    page, last = start // size, max(total - 1, 0) // size
    relations = {"first": 0, "prev": page - 1, "next": page + 1, "last": last}
    links = [f'<{_url(call, number, size)}>; rel="{name}"' for name, number in relations.items() if 0 <= number <= last]
    return Answer(body, headers=(("X-Total-Count", str(total)), ("Link", ", ".join(links))))


def _url(call: Call, page: int, size: int) -> str:
    """Returns the URL of another page of the requested list, with the same filters and order."""
    query = call.request.target.partition("?")[2]
    parameters = [(name, value) for name, values in read_query(query).items() for value in values]
    kept = [(name, value) for name, value in parameters if name not in ("page", "size")]
    return f"{call.base}{call.operation.path}?{urlencode([*kept, ('page', page), ('size', size)])}"
