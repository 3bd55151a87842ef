"""`/v1/identity-providers/{id}/identity-sources`: the domains that the embedded provider knows.

Sources are part of their provider's record. A domain name is unique among them, and no external provider has it; letter
case does not count.
"""

from __future__ import annotations

from mockserver.messages import Answer, Json
from mockserver.problems import Conflict, NotFound
from mockserver.service import Call
from mockserver.services.vcf import kinds, providers
from mockserver.store import Record


def add(call: Call) -> Answer:
    """A new source of the embedded provider; the answer is a sentence that names its domain."""
    record = _embedded(call)
    source = kinds.source(call.body)
    _check_free(source, record["shown"]["identitySources"], call)
    _put(call, record, [*record["shown"]["identitySources"], source])
    return providers.text(call, f"Added Identity source with domain name {source['domainNames'][0]} successfully")


def update(call: Call) -> None:
    """Replaces a source in its place. Its domain name may change to one that is free."""
    record = _embedded(call)
    sources = record["shown"]["identitySources"]
    place = _place(call, sources)
    source = kinds.source(call.body)
    _check_free(source, sources[:place] + sources[place + 1 :], call)
    _put(call, record, [*sources[:place], source, *sources[place + 1 :]])


def delete(call: Call) -> None:
    """Removes a source; those that vCenter Server brings along stay."""
    record = _embedded(call)
    sources = record["shown"]["identitySources"]
    place = _place(call, sources)
    _put(call, record, sources[:place] + sources[place + 1 :])


def _embedded(call: Call) -> Record:
    record = providers.found(call)
    if record["shown"]["type"] != kinds.EMBEDDED:
        raise Conflict(
            f"Identity provider {record['id']} is not the embedded one and has no identity sources.",
            code="IDENTITY_PROVIDER_NOT_EMBEDDED",
            arguments=[record["id"]],
            remedy="Take the id of the embedded identity provider from the list of identity providers.",
        )
    return record


def _place(call: Call, sources: list[Json]) -> int:
    """Where the path's domain stands among the sources; only one that was added may be touched."""
    domain = call.path["domainName"]
    for place, source in enumerate(sources):
        if domain.lower() in kinds.domains(source):
            if "ldap" not in source:
                raise Conflict(
                    f"The identity source {source['name']} belongs to vCenter Server and can't be changed.",
                    code="IDENTITY_SOURCE_IS_BUILT_IN",
                    arguments=[source["name"]],
                    remedy="Name an identity source that was added.",
                )
            return place
    raise NotFound("identity source", domain)


def _check_free(source: Json, others: list[Json], call: Call) -> None:
    """Refuses a domain that another source of the provider, or an external provider, has."""
    domain = source["domainNames"][0]
    if any(domain.lower() in kinds.domains(other) for other in others):
        raise providers.domain_taken(domain, "another identity source")
    if call.records.count_matching(providers.NAME, "claims", f"external {domain.lower()}"):
        raise providers.domain_taken(domain, "the external identity provider")


def _put(call: Call, record: Record, sources: list[Json]) -> None:
    changed = {**record["shown"], "identitySources": sources}
    call.records.put(providers.NAME, record["id"], {**record, "shown": changed})


HANDLERS = {
    "addEmbeddedIdentitySource": add,
    "updateEmbeddedIdentitySource": update,
    "deleteIdentitySource": delete,
}
