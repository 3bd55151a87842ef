"""Lists: filters, order and pages, as bare arrays.

Without `page` or `size` all is answered; with either only that page, with X-Total-Count and Link (RFC 8288) beside it.
A page that nothing but one filter narrows costs what it holds; otherwise what the most selective filter finds is
looked through.
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
from mockserver.services.netfoundry.resource import EVERYTHING, Resource, term
from mockserver.state.store import Record

DEFAULT_SIZE = 20


def list_records(resource: Resource, call: Call) -> Json:
    """The records that the caller may read and the query asks for, oldest first unless it names an order."""
    terms = [term(field, call.query[name]) for name, field in resource.filters.items() if name in call.query]
    if _plain(resource, call) and len(terms) < 2:
        entry = terms[0] if terms else EVERYTHING
        return _answer(call, *_indexed(resource, call, entry, *_slice(call)))
    found = _ordered(call, list(_found(resource, call, terms)))
    return _answer(call, [resource.view(call, record) for record in _cut(call, found)], len(found))


def list_identities(call: Call) -> Json:
    """Users first, then API accounts."""
    if _plain(USER, call):
        start, size = _slice(call)
        users, user_count = _indexed(USER, call, EVERYTHING, start, size)
        left = None if size is None else size - len(users)
        accounts, account_count = _indexed(API_ACCOUNT, call, EVERYTHING, max(start - user_count, 0), left)
        return _answer(call, users + accounts, user_count + account_count)
    found = _ordered(call, [record for resource in (USER, API_ACCOUNT) for record in _found(resource, call, [])])
    return _answer(call, [views.identity(call, record) for record in _cut(call, found)], len(found))


def _plain(resource: Resource, call: Call) -> bool:
    """Whether the index alone knows the answer: no order, no test, nothing hidden or deleted to look at."""
    asked = {"sort", *resource.tests} & call.query.keys()
    return not asked and not call.query.get("includeDeleted") and access.readable(call) is None


def _indexed(resource: Resource, call: Call, entry: str, start: int, size: int | None) -> tuple[list[Json], int]:
    """A page of what an index entry leads to, as it is answered, and how many there are in all."""
    page = call.records.matching(resource.collection, "listed", entry, start, size)
    total = call.records.count_matching(resource.collection, "listed", entry)
    return [resource.view(call, record) for record in page], total


def _found(resource: Resource, call: Call, terms: list[str]) -> Iterator[Record]:
    """The records that fit, in order of creation."""
    records, readable = call.records, access.readable(call)
    tests = [(test, call.query[name]) for name, test in resource.tests.items() if name in call.query]
    wanted = [(field, call.query[name]) for name, field in resource.filters.items() if name in call.query]
    for record in _candidates(resource, call, terms, readable):
        if any(record[field] != value for field, value in wanted):
            continue
        if readable is not None:
            organization = crud.organization_of(resource, records, record)
            if organization is not None and organization not in readable:
                continue
        if all(test(record, value, call) for test, value in tests):
            yield record


def _candidates(resource: Resource, call: Call, terms: list[str], readable: set[str] | None) -> list[Record]:
    """As few records as an index can name, among which those that fit are."""
    if call.query.get("includeDeleted") or "deleted" in call.query:
        return call.records.page(resource.collection)
    if resource.owner and readable is not None and len(readable) == 1 and resource.owner_is_organization:
        terms = [*terms, term(resource.owner, *readable)]
    rarest = min(
        terms or [EVERYTHING], key=lambda entry: call.records.count_matching(resource.collection, "listed", entry)
    )
    return call.records.matching(resource.collection, "listed", rarest)


def _ordered(call: Call, found: list[Record]) -> list[Record]:
    """In the order that `sort=field,asc|desc` names; what has no value comes first."""
    if "sort" not in call.query:
        return found
    field, _, direction = call.query["sort"].partition(",")
    return sorted(found, key=lambda record: _rank(views.sortable(record, field)), reverse=direction == "desc")


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, views.nanoseconds(value) if isinstance(value, dict) else value)


def _slice(call: Call) -> tuple[int, int | None]:
    """How many records come before the page, and how many it holds."""
    if "page" not in call.query and "size" not in call.query:
        return 0, None
    size = call.query.get("size", DEFAULT_SIZE)
    return call.query.get("page", 0) * size, size


def _cut(call: Call, found: list[Record]) -> list[Record]:
    start, size = _slice(call)
    return found[start:] if size is None else found[start : start + size]


def _answer(call: Call, body: list[Json], total: int) -> Json:
    """The array; beside a page, how many there are and where its neighbours are."""
    start, size = _slice(call)
    if size is None:
        return body
    page, last = start // size, max(total - 1, 0) // size
    near = {"first": 0, "prev": page - 1, "next": page + 1, "last": last}
    links = [f'<{_url(call, at, size)}>; rel="{name}"' for name, at in near.items() if 0 <= at <= last]
    return Answer(body, headers=(("X-Total-Count", str(total)), ("Link", ", ".join(links))))


def _url(call: Call, page: int, size: int) -> str:
    """The URL of another page of the list that is asked for."""
    query = call.request.target.partition("?")[2]
    kept = [(name, value) for name, values in read_query(query).items() for value in values]
    kept = [(name, value) for name, value in kept if name not in ("page", "size")]
    return f"{call.base}{call.operation.path}?{urlencode([*kept, ('page', page), ('size', size)])}"
