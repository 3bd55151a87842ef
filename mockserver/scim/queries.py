"""Lists and searches (RFC 7644, sections 3.4.2 and 3.4.3): filter, sort, page, project.

An unfiltered page costs as much as it holds. A filter on an indexed attribute costs as much as it matches. Any other
filter looks at every resource of the directory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from mockserver.core.messages import Json
from mockserver.scim.attributes import Resource
from mockserver.scim.directory import GROUPS, ResourceCollection
from mockserver.scim.matching import compile_filter
from mockserver.scim.ordering import compile_sort
from mockserver.scim.projection import compile_projection
from mockserver.scim.representation import COMPUTED, View, list_response
from mockserver.state.store import Record

MAX_RESULTS: Final = 1_000
"""The maximum number of resources on a page, and the default."""


_SCANNED, _COMPUTED, _SORTED = 2, 10, 6
"""The units of work for looking at a resource, for computing its attributes, and for sorting it."""


class Query(NamedTuple):
    """The parameters of a list. `start` counts from 1; `attributes` and `excluded` are comma-separated names."""

    filter: str | None
    sort_by: str | None
    descending: bool
    start: int
    limit: int
    attributes: str | None
    excluded: str | None


def read_query(values: Mapping[str, Any]) -> Query:
    """Returns the query of URL parameters, or of a SearchRequest, which has lists of attribute names."""
    return Query(
        filter=values.get("filter"),
        sort_by=values.get("sortBy"),
        descending=values.get("sortOrder") == "descending",
        start=max(values.get("startIndex", 1), 1),
        limit=min(max(values.get("count", MAX_RESULTS), 0), MAX_RESULTS),
        attributes=_names(values.get("attributes")),
        excluded=_names(values.get("excludedAttributes")),
    )


def _names(value: str | Sequence[str] | None) -> str | None:
    return value if value is None or isinstance(value, str) else ",".join(value)


def search(view: View, collections: Sequence[ResourceCollection], query: Query) -> Json:
    """Returns the list response: the matches in the first collection, then those in the next."""
    total = 0
    resources: list[Resource] = []
    for collection in collections:
        matches = _matches(view, collection, query)
        count = view.directory.count(collection) if matches is None else len(matches)
        offset, room = max(query.start - 1 - total, 0), query.limit - len(resources)
        records = view.directory.page(collection, offset, room) if matches is None else matches[offset : offset + room]
        resources += project(view, collection, records, query)
        total += count
    return list_response(resources, total, query.start)


def project(view: View, collection: ResourceCollection, records: Sequence[Record], query: Query) -> list[Resource]:
    """Returns the representations of records, with the attributes that the query selects."""
    projection = compile_projection(collection.resource_type, query.attributes, query.excluded)
    resources = [view.representation(collection, record) for record in records]
    return resources if projection is None else [projection(resource) for resource in resources]


def _matches(view: View, collection: ResourceCollection, query: Query) -> list[Record] | None:
    """Returns the matching records in their order; None if all match and are ordered by creation."""
    directory, work = view.directory, view.directory.work
    if query.filter is not None:
        work.spend(len(query.filter))  # parsing
    compiled = compile_filter(query.filter, collection.resource_type) if query.filter is not None else None
    key = compile_sort(collection.resource_type, query.sort_by) if query.sort_by is not None else None
    if compiled is None and key is None:
        return None
    # Computed attributes cost more than the test itself, so they are computed only for queries that mention them.
    text = f"{query.filter} {query.sort_by}".lower()
    needs_computed = any(name in text for name in COMPUTED)
    lookup = compiled.lookup if compiled is not None else None
    if lookup is None or collection is GROUPS:
        per_record = _SCANNED + (_COMPUTED if needs_computed else 0) + (_SORTED if key is not None else 0)
        work.spend(per_record * directory.count_candidates(collection, lookup))
    candidates = directory.candidates(collection, lookup)
    pairs = [
        (view.representation(collection, record) if needs_computed else record["resource"], record)
        for record in candidates
    ]
    if compiled is not None:
        work.spend(sum([compiled.cost(resource) for resource, _ in pairs]))
        pairs = [pair for pair in pairs if compiled.matches(pair[0])]
    if key is not None:
        pairs.sort(key=lambda pair: key(pair[0]), reverse=query.descending)
    return [record for _, record in pairs]
