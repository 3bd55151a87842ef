"""`/v1/identity-providers/{id}/identity-sources`: the domains that the embedded provider knows.

A domain name is unique among a provider's sources, and no external provider has it; letter case does not count.
"""

from __future__ import annotations

from mockserver.core.messages import Answer, Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.services.vcf import kinds, providers
from mockserver.services.vcf.dialect import conflict
from mockserver.services.vcf.providers import SOURCES
from mockserver.state.store import Record


def add(call: Call) -> Answer:
    """A new source of the embedded provider; the answer is a sentence that names its domain."""
    provider = _embedded(call)
    record = {"id": call.ids.uuid(), "provider": provider["id"]}
    source = _put(call, record)
    return providers.text(call, f"Added Identity source with domain name {source['domainNames'][0]} successfully")


def update(call: Call) -> None:
    """Replaces a source in its place. Its domain name may change to one that is free."""
    _put(call, _found(call))


def delete(call: Call) -> None:
    """Removes a source; those that vCenter Server brings along stay."""
    call.records.delete(SOURCES.name, _found(call)["id"])


def _embedded(call: Call) -> Record:
    record = providers.found(call)
    if record["shown"]["type"] != kinds.EMBEDDED:
        raise conflict(
            f"Identity provider {record['id']} is not the embedded one and has no identity sources.",
            code="IDENTITY_PROVIDER_NOT_EMBEDDED",
            arguments=[record["id"]],
            remedy="Take the id of the embedded identity provider from the list of identity providers.",
        )
    return record


def _found(call: Call) -> Record:
    """The source that the path names; only one that was added may be touched."""
    domain = call.path["domainName"]
    record = call.records.find(SOURCES.name, "domain", (_embedded(call)["id"], domain.lower()))
    if record is None:
        raise NotFound("identity source", domain)
    if "ldap" not in record["shown"]:
        raise conflict(
            f"The identity source {domain} belongs to vCenter Server and can't be changed.",
            code="IDENTITY_SOURCE_IS_BUILT_IN",
            arguments=[domain],
            remedy="Name an identity source that was added.",
        )
    return record


def _put(call: Call, record: Record) -> Json:
    """Stores the specified source, unless another source or an external provider has its domain."""
    source = kinds.source(call.body)
    domain = source["domainNames"][0]
    other = call.records.find(SOURCES.name, "domain", (record["provider"], domain.lower()))
    if other is not None and other["id"] != record["id"]:
        raise providers.domain_taken(domain, "another identity source")
    if call.records.count_matching(providers.NAME, "domains", domain.lower()):
        raise providers.domain_taken(domain, "the external identity provider")
    call.records.put(SOURCES.name, record["id"], {**record, "shown": source})
    return source


HANDLERS = {
    "addEmbeddedIdentitySource": add,
    "updateEmbeddedIdentitySource": update,
    "deleteIdentitySource": delete,
}
