"""Lists and searches (RFC 7644, sections 3.4.2 and 3.4.3): filter, sort, page, project.

An unfiltered page costs what it holds; a filter that names an indexed value costs what matches; any other looks at
every resource of the directory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from mockserver.core.messages import Json
from mockserver.scim.attributes import Resource
from mockserver.scim.directory import ResourceCollection
from mockserver.scim.matching import compile_filter
from mockserver.scim.ordering import compile_sort
from mockserver.scim.projection import compile_projection
from mockserver.scim.representation import COMPUTED, View, list_response
from mockserver.state.store import Record

MAX_RESULTS: Final = 1_000
"""Resources on one page at most, and where the client asks for no number."""


class Query(NamedTuple):
    """What a client asks for. `start` counts from 1; `attributes` and `excluded` are comma-separated."""

    filter: str | None
    sort_by: str | None
    descending: bool
    start: int
    limit: int
    attributes: str | None
    excluded: str | None


def read_query(values: Mapping[str, Any]) -> Query:
    """The query of URL parameters or of a SearchRequest, whose attribute names are lists."""
    return Query(
        filter=values.get("filter"),
        sort_by=values.get("sortBy"),
        descending=values.get("sortOrder") == "descending",
        start=max(values.get("startIndex", 1), 1),
        limit=min(max(values.get("count", MAX_RESULTS), 0), MAX_RESULTS),
        attributes=_names(values.get("attributes")),
        excluded=_names(values.get("excludedAttributes")),
    )


def _names(given: str | Sequence[str] | None) -> str | None:
    return given if given is None or isinstance(given, str) else ",".join(given)


def search(view: View, collections: Sequence[ResourceCollection], query: Query) -> Json:
    """The list response: the matches of the first collection, then those of the next."""
    total = 0
    shown: list[Resource] = []
    for collection in collections:
        found = _matches(view, collection, query)
        matching = view.directory.count(collection) if found is None else len(found)
        offset, room = max(query.start - 1 - total, 0), query.limit - len(shown)
        records = view.directory.page(collection, offset, room) if found is None else found[offset : offset + room]
        shown += project(view, collection, records, query)
        total += matching
    return list_response(shown, total, query.start)


def project(view: View, collection: ResourceCollection, records: Sequence[Record], query: Query) -> list[Resource]:
    """The records as the client wants to see them."""
    projection = compile_projection(collection.resource_type, query.attributes, query.excluded)
    resources = [view.shown(collection, record) for record in records]
    return resources if projection is None else [projection(resource) for resource in resources]


def _matches(view: View, collection: ResourceCollection, query: Query) -> list[Record] | None:
    """The records that match, in order; None where all do, in the order of their creation."""
    ready = compile_filter(query.filter, collection.resource_type) if query.filter is not None else None
    key = compile_sort(collection.resource_type, query.sort_by) if query.sort_by is not None else None
    if ready is None and key is None:
        return None
    # Working out a resource costs more than testing it, so it is done only for a query that may ask for what is in it.
    asked = f"{query.filter} {query.sort_by}".lower()
    computed = any(name in asked for name in COMPUTED)
    candidates = view.directory.candidates(collection, ready.lookup if ready is not None else None)
    pairs = [(view.shown(collection, record) if computed else record["resource"], record) for record in candidates]
    if ready is not None:
        pairs = [pair for pair in pairs if ready.matches(pair[0])]
    if key is not None:
        pairs.sort(key=lambda pair: key(pair[0]), reverse=query.descending)
    return [record for _, record in pairs]
