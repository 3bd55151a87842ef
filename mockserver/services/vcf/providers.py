"""`/v1/identity-providers`: the embedded provider and the external one.

A record is `{"id", "listed", "shown", "tenant", "sync_client"}`:

- `shown`: the provider as responses contain it, without the identity sources of the embedded one
- `listed`: whether the list contains the provider. The examples on VMware's page use more ids than its list contains,
  so the documented scenario has providers that only their ids find.
- `tenant`: the tenant in the SCIM URL of an Okta provider
- `sync_client`: `{"token", "expires"}` of an Okta provider with a token; the time is in nanoseconds since 1970
"""

from __future__ import annotations

from collections.abc import Iterable

from mockserver.core.clock import iso
from mockserver.core.messages import Answer, Json
from mockserver.core.problems import Conflict, NotFound
from mockserver.engine.options import WorldOption
from mockserver.engine.service import Call
from mockserver.scim.directory import delete_directory
from mockserver.services.vcf import kinds
from mockserver.services.vcf.dialect import conflict
from mockserver.state.store import Collection, Record

JSON_BODIES = WorldOption("json-bodies", kind=bool)
"""Whether the responses that are bare text, as VMware's are, are JSON strings instead."""

DEPLOYMENT = Collection("vcf.deployment")
"""One record, `this`: overrides of `DEFAULT_DEPLOYMENT`."""

DEFAULT_DEPLOYMENT = {"one_external": True, "tenant": "CUSTOMER", "precheck": "SUCCESS"}
"""Facts of the deployment as a whole.

- `one_external`: whether it refuses a second external provider
- `tenant`: the tenant of new Okta providers
- `precheck`: the status of the precheck
"""


def tags(record: Record) -> Iterable[str]:
    """Yields the tags that find a provider: its tenant; "listed", its status and its kind if the list contains it."""
    if "tenant" in record:
        yield f"tenant {record['tenant']}"
    if record["listed"]:
        yield "listed"
        yield record["shown"]["status"]
        yield "embedded" if record["shown"]["type"] == kinds.EMBEDDED else "external"


def sync_token(record: Record) -> str | None:
    """Returns the bearer token with which users and groups are pushed to an Okta provider; None without one."""
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
"""Identity sources: `{"id", "provider", "shown"}`. Each has one domain; `shown` is as in providers."""

COLLECTIONS = (DEPLOYMENT, PROVIDERS, SOURCES)
NAME = PROVIDERS.name


def list_all(call: Call) -> Json:
    """Returns the embedded provider and the external one, if there is one."""
    return {"elements": [response_body(record, call) for record in call.records.matching(NAME, "tags", "listed")]}


def get(call: Call) -> Json:
    """Returns an identity provider; 404 for an unknown id."""
    return response_body(requested(call), call)


def add(call: Call) -> Answer:
    """Adds an external provider and returns its id. It becomes active, and the active provider becomes inactive."""
    facts = deployment(call)
    external = call.records.matching(NAME, "tags", "external", limit=1)
    if external and facts["one_external"]:
        raise conflict(
            f"An external identity provider ({external[0]['id']}) is configured already.",
            code="IDENTITY_PROVIDER_ALREADY_CONFIGURED",
            arguments=[external[0]["id"]],
            remedy="Update or delete that provider first.",
        )
    specified = _specified(call)
    for active in call.records.matching(NAME, "tags", "active"):
        _put(call, active, {**active["shown"], "status": "inactive"})
    key = call.ids.uuid()
    tenant = {"tenant": facts["tenant"]} if specified["type"] == kinds.BROKER else {}
    _put(call, {"id": key, "listed": True, **tenant}, {"id": key, **specified, "status": "active"})
    return text_response(call, key)


def update(call: Call) -> None:
    """Replaces the settings of an external provider, but not its id, its status and its sync client token."""
    record = _requested_external(call)
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
    """Deletes an external provider with its token, users and groups; the embedded provider becomes active again."""
    record = _requested_external(call)
    delete_directory(call.records, directory_key(record["id"]))
    call.records.delete(NAME, record["id"])
    if record["listed"] and record["shown"]["status"] == "active":
        for embedded in call.records.matching(NAME, "tags", "embedded"):
            _put(call, embedded, {**embedded["shown"], "status": "active"})


def deployment(call: Call) -> Record:
    """Returns the facts of the deployment as a whole; see `DEFAULT_DEPLOYMENT`."""
    return {**DEFAULT_DEPLOYMENT, **(call.records.get(DEPLOYMENT.name, "this") or {})}


def requested(call: Call) -> Record:
    """Returns the provider with the id in the path. Raises NotFound."""
    record = call.records.get(NAME, call.path["id"])
    if record is None:
        raise NotFound("identity provider", call.path["id"])
    return record


def response_body(record: Record, call: Call) -> Json:
    """Returns a provider as responses contain it. The SCIM URL depends on how the caller reached this world."""
    provider, client = record["shown"], record.get("sync_client")
    if provider["type"] == kinds.EMBEDDED:
        sources = call.records.matching(SOURCES.name, "provider", record["id"])
        return {**provider, "identitySources": [source["shown"] for source in sources]}
    if client is None:
        return provider
    token_info = {"expireAt": iso(client["expires"]), "scimUrl": scim_url(record, call)}
    return {**provider, "fedIdp": {**provider["fedIdp"], "syncClientTokenInfo": token_info}}


def scim_url(record: Record, call: Call) -> str:
    """Returns the URL to which Okta pushes users and groups."""
    return f"{call.base}/usergroup/t/{record['tenant']}/scim/v2"


def directory_key(provider_id: str) -> str:
    """Returns the key of the SCIM directory of an Okta provider."""
    return f"vcf:{provider_id}"


def text_response(call: Call, text: str) -> Answer:
    """Returns a response whose body is the bare text, although its Content-Type is JSON, as on VMware's page.

    With the world's option `vcf.json-bodies` the body is a JSON string instead.
    """
    body: Json = text if call.options.get("vcf.json-bodies") else text.encode()
    return Answer(body, content_type="application/json")


def _requested_external(call: Call) -> Record:
    """Returns the requested provider. Raises Conflict if it is the embedded one."""
    record = requested(call)
    if record["shown"]["type"] == kinds.EMBEDDED:
        raise conflict(
            f"Identity provider {record['id']} is the embedded one, which can neither be changed nor deleted.",
            code="IDENTITY_PROVIDER_IS_EMBEDDED",
            arguments=[record["id"]],
            remedy="Name the external identity provider; the embedded one has identity sources to change.",
        )
    return record


def _specified(call: Call) -> Json:
    """Returns the external provider that the body specifies.

    Raises Conflict if the default domain is not among its domains, or if an identity source has one of them.
    """
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
    """Returns the problem of a domain that `owner` has already."""
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
