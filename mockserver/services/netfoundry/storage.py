"""The collections in which the identity service keeps its records, and the indexes that find them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.services.netfoundry import access, api_accounts, identities
from mockserver.services.netfoundry.catalogue import API_ACCOUNT, INVITATION, ORGANIZATION, RESOURCES, USER
from mockserver.services.netfoundry.resource import Resource
from mockserver.state.store import Collection, Record
from mockserver.worlds.mail import MAIL

UNIQUE: Mapping[str, Mapping[str, Callable[[Record], Any]]] = {
    ORGANIZATION.name: {"label": lambda record: record["label"]},
    INVITATION.name: {"key": lambda record: record["key"]},
}
"""Resource → index → the value, which at most one record has."""

MANY: Mapping[str, Mapping[str, Callable[[Record], Iterable[Any]]]] = {
    USER.name: {"mappings": identities.mapping_keys, "providers": identities.provider_ids},
    API_ACCOUNT.name: {"clients": api_accounts.client_ids},
}
"""Resource → index → the values under which a record is found, in addition to the filters of its list."""


def _collection(resource: Resource) -> Collection:
    many = {"listed": resource.index_entries, **MANY.get(resource.name, {})}
    return Collection(resource.collection, UNIQUE.get(resource.name, {}), many)


COLLECTIONS = (*map(_collection, RESOURCES.values()), *access.COLLECTIONS, MAIL)
