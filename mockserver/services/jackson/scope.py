"""The tenant and product whose users, groups or events a query asks for; a directory id may stand in for them."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import merge
from itertools import islice

from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.scim.directory import ResourceCollection
from mockserver.services.jackson import directories
from mockserver.services.jackson.directories import source
from mockserver.state.store import Record, Transaction


@dataclass(frozen=True, slots=True)
class Scope:
    """A tenant and product. A `directory` restricts lists to that one of their directories."""

    tenant: str
    product: str
    directory: str = ""

    def holds(self, directory: Record | None) -> bool:
        """Tells whether a directory belongs to this tenant and product."""
        return directory is not None and (directory["tenant"], directory["product"]) == (self.tenant, self.product)

    def directories(self, records: Transaction) -> list[str]:
        """Returns the ids of the directories whose users, groups and events lists contain."""
        if self.directory:
            return [self.directory] if self.holds(records.get(directories.NAME, self.directory)) else []
        pair = directories.pair(self.tenant, self.product)
        return [record["id"] for record in records.matching(directories.NAME, "scope", pair)]

    def covers(self, records: Transaction, member: Record) -> bool:
        """Tells whether a user or group is in a directory of this tenant and product."""
        return self.holds(records.get(directories.NAME, member["directory"].partition(":")[2]))

    def newest(self, records: Transaction, collection: ResourceCollection, offset: int, limit: int) -> list[Record]:
        """Returns a page of users or groups, newest first, merged from all directories."""
        sources = [source(key) for key in self.directories(records)]
        if len(sources) == 1:
            return records.matching(collection.name, "directory", sources[0], offset, limit, newest_first=True)
        lists = [
            records.matching(collection.name, "directory", directory, limit=offset + limit, newest_first=True)
            for directory in sources
        ]
        newest_first = merge(*lists, key=lambda record: str(record["created"]), reverse=True)
        return list(islice(newest_first, offset, offset + limit))


def scope(call: Call) -> Scope:
    """Returns the scope of the query. Raises NotFound for an unknown directory id without tenant and product."""
    tenant, product, key = (call.query.get(name, "") for name in ("tenant", "product", "directoryId"))
    if tenant and product:
        return Scope(tenant, product, key)
    record = call.records.get(directories.NAME, key)
    if record is None:
        raise NotFound("scope", key)
    return Scope(record["tenant"], record["product"], key)
