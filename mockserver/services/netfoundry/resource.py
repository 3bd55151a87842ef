"""What the resources of the identity service consist of: the class that `catalogue` fills with data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.engine.service import Call
from mockserver.services.netfoundry import views
from mockserver.state.store import Record

CALLER_ID = object()
"""Stands in `Resource.server_fields` for the id of the calling identity."""

CURRENT_INSTANT = object()
"""Stands in `Resource.server_fields` for the current instant."""

ALL_RECORDS = "*"
"""The index entry of every record that is not deleted."""


@dataclass(frozen=True)
class Resource:
    """One resource of the API, such as the OIDC issuers, as data.

    - `name`: the name in `x-authorization` and in the store; `display_name`: the name in messages to people
    - `request_fields`: the fields that a create request may set, with the values of those that it leaves out
    - `server_fields`: the other fields of a new record, with their values
    - `updatable_fields`: the fields that an update may set
    - `references`: a field that holds the id of another record, or a list of ids → the name of that record's resource
    - `owner`: the field that leads to the organization that a record belongs to, directly or through another record;
      None where records belong to no organization
    - `listed_in`: the field that names the parent of a record, and the field of the parent that lists the ids of its
      children, newest first
    - `deleted_with`: the field that names the record with which a record is deleted
    - `filters`: a query parameter of the list → the field that must equal it
    - `predicates`: a query parameter of the list → a function (record, value, call) that tells whether a record matches
    - `view`: returns the response body for a record
    """

    name: str
    display_name: str
    request_fields: Mapping[str, Any]
    server_fields: Mapping[str, Any]
    updatable_fields: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    listed_in: tuple[str, str] | None = None
    deleted_with: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    predicates: Mapping[str, Callable[[Record, Any, Call], bool]] = field(default_factory=dict)
    view: Callable[[Call, Record], Any] = views.whole_record

    @property
    def collection(self) -> str:
        """The name of the collection that stores the records."""
        return f"netfoundry.{self.name}"

    @property
    def owner_is_organization(self) -> bool:
        """Whether `owner` names the organization itself, and not another record that belongs to one."""
        return self.owner is not None and self.references.get(self.owner, "organization") == "organization"

    def index_entries(self, record: Record) -> Iterator[str]:
        """Yields the entries under which lists find a record: `ALL_RECORDS` and one for each indexed field.

        A deleted record has no entries.
        """
        if record.get("deletedAt") is None:
            yield ALL_RECORDS
            for name in {*self.filters.values(), *filter(None, (self.deleted_with, self.owner))}:
                yield index_entry(name, record[name])


def index_entry(name: str, value: Any) -> str:
    """Returns the index entry of the records whose field `name` has this value."""
    return f"{name}={value}"
