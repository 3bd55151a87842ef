"""What a kind of record of the identity service is: the terms in which `catalogue` lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.engine.service import Call
from mockserver.services.netfoundry import views
from mockserver.state.store import Record

CALLER = object()
"""Stands in `Resource.fresh` for the id of the identity that calls."""

NOW = object()
"""Stands in `Resource.fresh` for the present instant."""

EVERYTHING = "*"
"""The index entry of every record that is not deleted."""


@dataclass(frozen=True)
class Resource:
    """One kind of record.

    `name` is what authorization calls it, `noun` what people do. `verbs` are the operations that it has in common with
    others. `fields` are what a request may set when it creates a record, each with its value when left out, and
    `changeable` those that an update may set. `fresh` is what else a new record holds.

    `references` maps a field that holds an id, or several, to the resource that they are of. A record belongs to the
    organization that `owner` leads to, directly or through another record; without one it belongs to none. It is
    `shown_in` a list of its parent, newest first (the field that names the parent, the parent's field), and deleted
    with the record that `dies_with` names.

    `filters` maps a query parameter to the field that must equal it; `tests` to a function (record, value, call) that
    says whether a record passes. `view` makes a record the body of an answer.
    """

    name: str
    noun: str
    fields: Mapping[str, Any]
    fresh: Mapping[str, Any]
    changeable: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    shown_in: tuple[str, str] | None = None
    dies_with: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    tests: Mapping[str, Callable[[Record, Any, Call], bool]] = field(default_factory=dict)
    view: Callable[[Call, Record], Any] = views.as_it_is

    @property
    def collection(self) -> str:
        """Where its records are kept."""
        return f"netfoundry.{self.name}"

    @property
    def owner_is_organization(self) -> bool:
        """Whether `owner` is the id of the organization itself, and not of a record that belongs to one."""
        return self.owner is not None and self.references.get(self.owner, "organization") == "organization"

    def terms(self, record: Record) -> Iterator[str]:
        """The index entries of a record: none when it is deleted, else one for all and one per indexed field."""
        if record.get("deletedAt") is None:
            yield EVERYTHING
            for name in {*self.filters.values(), *filter(None, (self.dies_with, self.owner))}:
                yield term(name, record[name])


def term(name: str, value: Any) -> str:
    """The index entry of the records whose field has this value."""
    return f"{name}={value}"
