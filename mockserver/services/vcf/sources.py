"""`/v1/identity-providers/{id}/identity-sources`: the LDAP directories of the embedded provider, one for each domain.

A domain name is unique among the sources of a provider, and no external provider has it. Upper and lower case are the
same.
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
    """Adds an identity source to the embedded provider. Returns a sentence that names its domain."""
    provider = _requested_provider(call)
    record = {"id": call.ids.uuid(), "provider": provider["id"]}
    domain = _put(call, record)["domainNames"][0]
    return providers.text_response(call, f"Added Identity source with domain name {domain} successfully")


def update(call: Call) -> None:
    """Replaces an identity source, which keeps its place in the list. Its domain may change to one that is free."""
    _put(call, _requested(call))


def delete(call: Call) -> None:
    """Deletes an identity source, except those that belong to vCenter Server."""
    call.records.delete(SOURCES.name, _requested(call)["id"])


def _requested_provider(call: Call) -> Record:
    """Returns the embedded provider. Raises Conflict if the path names another provider."""
    record = providers.requested(call)
    if record["shown"]["type"] != kinds.EMBEDDED:
        raise conflict(
            f"Identity provider {record['id']} is not the embedded one and has no identity sources.",
            code="IDENTITY_PROVIDER_NOT_EMBEDDED",
            arguments=[record["id"]],
            remedy="Take the id of the embedded identity provider from the list of identity providers.",
        )
    return record


def _requested(call: Call) -> Record:
    """Returns the added identity source with the domain in the path.

    Raises NotFound, or Conflict for a source that belongs to vCenter Server.
    """
    domain = call.path["domainName"]
    record = call.records.find(SOURCES.name, "domain", (_requested_provider(call)["id"], domain.lower()))
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
    """Stores the source that the body specifies. Raises Conflict if its domain is taken."""
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
