"""`/v1/identity-providers`: the embedded provider and the external one.

A record is `{"id", "listed", "shown", "tenant", "sync_client"}`. `shown` is the provider as answers show it, without
the sources of the embedded one. One that is not `listed` is found by its id only: the page's examples use more ids than
its list shows. An Okta provider has a `tenant`, the one in its SCIM URL, and, once a token was issued, a `sync_client`:
`{"token", "expires"}`, where the time is in nanoseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable

from mockserver.core.clock import iso
from mockserver.core.messages import Answer, Json
from mockserver.core.problems import Conflict, NotFound
from mockserver.engine.service import Call
from mockserver.scim.directory import forget
from mockserver.services.vcf import kinds
from mockserver.services.vcf.dialect import conflict
from mockserver.state.store import Collection, Record

DEPLOYMENT = Collection("vcf.deployment")
"""One record, `this`: what of `USUAL` is otherwise in the world."""

USUAL = {"one_external": True, "tenant": "CUSTOMER", "precheck": "SUCCESS"}
"""A deployment that is not `one_external` takes any number of external providers; new ones belong to the `tenant`."""


def tags(record: Record) -> Iterable[str]:
    """What a provider is looked up by: its tenant, and if it is listed, what it is."""
    if "tenant" in record:
        yield f"tenant {record['tenant']}"
    if record["listed"]:
        yield "listed"
        yield record["shown"]["status"]
        yield "embedded" if record["shown"]["type"] == kinds.EMBEDDED else "external"


def sync_token(record: Record) -> str | None:
    """The bearer token that an Okta provider's users and groups are pushed with."""
    client: Record = record.get("sync_client", {})
    return client.get("token")


PROVIDERS = Collection(
    "vcf.providers",
    unique={"sync_token": sync_token},
    many={"tags": tags, "domains": lambda record: kinds.domains(record["shown"])},
)
SOURCES = Collection(
    "vcf.sources",
    unique={"domain": lambda record: (record["provider"], *kinds.domains(record["shown"]))},
    many={"provider": lambda record: (record["provider"],), "domains": lambda record: kinds.domains(record["shown"])},
)
"""Identity sources: `{"id", "provider", "shown"}`. Each has one domain."""

COLLECTIONS = (DEPLOYMENT, PROVIDERS, SOURCES)
NAME = PROVIDERS.name


def list_all(call: Call) -> Json:
    """The embedded provider and, where there is one, the external provider."""
    return {"elements": [shown(record, call) for record in call.records.matching(NAME, "tags", "listed")]}


def get(call: Call) -> Json:
    """One provider, 404 for an unknown id."""
    return shown(found(call), call)


def add(call: Call) -> Answer:
    """A new external provider: it becomes the active one, and whichever was active becomes inactive."""
    here = deployment(call)
    present = call.records.matching(NAME, "tags", "external", limit=1)
    if present and here["one_external"]:
        raise conflict(
            f"An external identity provider ({present[0]['id']}) is configured already.",
            code="IDENTITY_PROVIDER_ALREADY_CONFIGURED",
            arguments=[present[0]["id"]],
            remedy="Update or delete that provider first.",
        )
    specified = _specified(call)
    for active in call.records.matching(NAME, "tags", "active"):
        _put(call, active, {**active["shown"], "status": "inactive"})
    key = call.ids.uuid()
    tenant = {"tenant": here["tenant"]} if specified["type"] == kinds.BROKER else {}
    _put(call, {"id": key, "listed": True, **tenant}, {"id": key, **specified, "status": "active"})
    return text(call, key)


def update(call: Call) -> None:
    """Replaces an external provider's settings. Its id, its status and its sync client token stay."""
    record = _external(call)
    specified = _specified(call)
    if specified["type"] != record["shown"]["type"]:
        raise conflict(
            f"Identity provider {record['id']} is of type {record['shown']['type']}, the specification is not.",
            code="IDENTITY_PROVIDER_TYPE_MISMATCH",
            arguments=[record["id"], record["shown"]["type"], call.body["type"]],
            remedy="Send a specification of the provider's own kind, or delete the provider and add the other kind.",
        )
    _put(call, record, {"id": record["id"], **specified, "status": record["shown"]["status"]})


def delete(call: Call) -> None:
    """Removes an external provider, its token, and who was pushed with it; the embedded provider is active again."""
    record = _external(call)
    forget(call.records, directory_key(record["id"]))
    call.records.delete(NAME, record["id"])
    if record["listed"] and record["shown"]["status"] == "active":
        for embedded in call.records.matching(NAME, "tags", "embedded"):
            _put(call, embedded, {**embedded["shown"], "status": "active"})


def deployment(call: Call) -> Record:
    """The facts of the deployment as a whole."""
    return {**USUAL, **(call.records.get(DEPLOYMENT.name, "this") or {})}


def found(call: Call) -> Record:
    """The provider that the path names."""
    record = call.records.get(NAME, call.path["id"])
    if record is None:
        raise NotFound("identity provider", call.path["id"])
    return record


def shown(record: Record, call: Call) -> Json:
    """A provider as answers show it. The URL of a sync client depends on how the caller reached this world."""
    provider, client = record["shown"], record.get("sync_client")
    if provider["type"] == kinds.EMBEDDED:
        sources = call.records.matching(SOURCES.name, "provider", record["id"])
        return {**provider, "identitySources": [source["shown"] for source in sources]}
    if client is None:
        return provider
    information = {"expireAt": iso(client["expires"]), "scimUrl": scim_url(record, call)}
    return {**provider, "fedIdp": {**provider["fedIdp"], "syncClientTokenInfo": information}}


def scim_url(record: Record, call: Call) -> str:
    """Where an Okta provider's users and groups are pushed to."""
    return f"{call.base}/usergroup/t/{record['tenant']}/scim/v2"


def directory_key(provider_id: str) -> str:
    """What the directory that is pushed to an Okta provider is called in SCIM."""
    return f"vcf:{provider_id}"


def text(call: Call, said: str) -> Answer:
    """A bare text labelled as JSON, which is what the API sends; a JSON string where the world's option asks for it."""
    body: Json = said if call.options.get("vcf.json-bodies") else said.encode()
    return Answer(body, content_type="application/json")


def _external(call: Call) -> Record:
    record = found(call)
    if record["shown"]["type"] == kinds.EMBEDDED:
        raise conflict(
            f"Identity provider {record['id']} is the embedded one, which can neither be changed nor deleted.",
            code="IDENTITY_PROVIDER_IS_EMBEDDED",
            arguments=[record["id"]],
            remedy="Name the external identity provider; the embedded one has identity sources to change.",
        )
    return record


def _specified(call: Call) -> Json:
    """The specified provider, where its domains agree with each other and with the embedded sources'."""
    specified = kinds.external(call.body)
    claimed = kinds.domains(specified)
    if "fedIdp" in specified:
        default = specified["fedIdp"]["directoryList"]["defaultDomain"]
        if default.lower() not in claimed:
            raise conflict(
                f"The default domain {default} is not one of the directory's domains.",
                code="IDENTITY_PROVIDER_DEFAULT_DOMAIN_UNKNOWN",
                arguments=[default],
                remedy="Choose the default domain from the domains, or add it to them.",
            )
    for domain in sorted(claimed):
        if call.records.count_matching(SOURCES.name, "domains", domain):
            raise domain_taken(domain, "an identity source of the embedded identity provider")
    return specified


def domain_taken(domain: str, owner: str) -> Conflict:
    """The refusal of a domain that somebody else has."""
    return conflict(
        f"The domain {domain} belongs to {owner} already.",
        code="IDENTITY_SOURCE_DOMAIN_IN_USE",
        arguments=[domain],
        remedy="Choose another domain name, or remove it from where it is configured.",
    )


def _put(call: Call, record: Record, provider: Json) -> None:
    call.records.put(NAME, record["id"], {**record, "shown": provider})


HANDLERS = {
    "getIdentityProviders": list_all,
    "getIdentityProviderById": get,
    "addExternalIdentityProvider": add,
    "updateExternalIdentityProvider": update,
    "deleteExternalIdentityProvider": delete,
}
