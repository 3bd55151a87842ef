"""The scenarios of VMware Cloud Foundation.

`documented` and `documented_okta` have the two lists of the vendor's examples; `documented` also has a provider for
every other id in the examples. `empty` has nothing but the embedded provider. `acme` is a fictitious management domain
with ADFS, `acme_okta` the same domain with Okta, whose users and groups were pushed over SCIM.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

import orjson
from faker import Faker

from mockserver.core import tokens
from mockserver.core.clock import NANOSECONDS, instant_of, iso
from mockserver.core.messages import Json
from mockserver.registry import resources
from mockserver.services.vcf import kinds
from mockserver.services.vcf.providers import directory_key
from mockserver.state.store import Record

Collections: TypeAlias = dict[str, dict[str, Record]]
"""Collection → id → record."""

TENANT = "CUSTOMER"
OPENED = instant_of("2026-01-01T09:00:00Z")
YEAR = 31_536_000
PASSWORD = "VMw@re1!"  # noqa: S105  (of users that exist only in the mock)
STAFF = 200

USERS = {
    "administrator@vsphere.local": {"password": PASSWORD, "role": "admin"},
    "viewer@vsphere.local": {"password": PASSWORD, "role": "reader"},
}
PRECHECKS: dict[str, list[tuple[str, str]]] = {
    "SUCCESS": [],
    "WARNING": [("WARNING", "The certificate of the identity broker expires in 12 days.")],
    "FAILURE": [
        ("FAILURE", "The identity broker service does not run on the management vCenter Server."),
        ("WARNING", "The clocks of SDDC Manager and vCenter Server differ by 42 seconds."),
    ],
}
BUILT_IN: list[Json] = [
    {"name": "vsphere.local", "type": "SystemDomain", "domainNames": ["vsphere.local"]},
    {"name": "localos", "type": "LocalOs", "domainNames": ["localos"]},
]
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBITCByaADAgECAgEHMAoGCCqGSM49BAMCMBsxGTAXBgNVBAMMEFJhaW5wb2xl
IFJvb3QgQ0EwHhcNMjMwMTAxMDAwMDAwWhcNNDMwMTAxMDAwMDAwWjAbMRkwFwYD
VQQDDBBSYWlucG9sZSBSb290IENBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
1HlqgJEoKPlYMxsjCZ1kA1aqDZhq9j9eLtq00NbtIDnAQNAX6zv50OanOES8D0gz
cCoNy4cVHIoHy2GaVMOwSTAKBggqhkjOPQQDAgNHADBEAiAvdV+K2pCaUyrF8AfF
u4/UA15KSqWcDqiX3MbUqZCe+gIgHYD0bTvkYMLC5+7CKfng2CwTotx8dSmM0+25
2AMtlPc=
-----END CERTIFICATE-----
"""
"""The certificate of the fictitious customer's certificate authority, whose private key was discarded."""

GROUPS = (
    "vcf-administrators",
    "vcf-operators",
    "vcf-viewers",
    "platform",
    "network",
    "storage",
    "security",
    "everyone",
)


def empty() -> Collections:
    """Returns the embedded provider alone, without an identity source."""
    return _deployment([_listed(_embedded(_identifier("empty", "embedded"), [], "active"))])


def documented() -> Collections:
    """Returns the providers of the vendor's list with ADFS, and unlisted ones for the ids in its other examples."""
    examples = _examples()
    embedded, adfs = examples["list-identity-providers-adfs"]["response"]["body"]["elements"]
    bare = {**embedded, "identitySources": BUILT_IN}
    okta = {**kinds.external(examples["add-okta-provider"]["request"]["body"]), "status": "active"}
    unlisted = {
        "get-identity-provider": examples["get-identity-provider"]["response"]["body"],
        "add-identity-source": bare,
        "update-identity-source": embedded,
        "delete-identity-source": embedded,
        "update-adfs-provider": adfs,
        "update-okta-provider": okta,
        "delete-identity-provider": adfs,
        "generate-sync-client-token": okta,
    }
    records = [_listed(embedded), _listed(adfs)]
    for name, shown in unlisted.items():
        key = examples[name]["request"]["path"].split("/")[3]
        records.append({**_listed({**shown, "id": key}), "listed": False})
    records[-1]["tenant"] = "tenantType"
    return _deployment(records, one_external=False)


def documented_okta() -> Collections:
    """Returns the vendor's list with Okta, and the vendor's token, which expires at the second that the list shows."""
    examples = _examples()
    embedded, okta = examples["list-identity-providers-okta"]["response"]["body"]["elements"]
    client = okta["fedIdp"].pop("syncClientTokenInfo")
    token = examples["generate-sync-client-token"]["response"]["body"]["token"]
    sync_client = {"token": token, "expires": instant_of(client["expireAt"])}
    return _deployment([_listed(embedded), {**_listed(okta), "sync_client": sync_client}])


def acme() -> Collections:
    """Returns a management domain whose people log in with ADFS."""
    spec = {
        "name": "Acme ADFS",
        "type": "ActiveDirectory",
        "ldap": _ldap("acme.example", "ActiveDirectory"),
        "oidc": _oidc("adfs", "https://adfs.acme.example/adfs/.well-known/openid-configuration"),
    }
    return _deployment([_acme_embedded(), _active(spec)])


def acme_okta() -> Collections:
    """Returns a management domain whose people were pushed by Okta and log in with it."""
    spec = {
        "type": kinds.BROKER,
        "fedIdpSpec": {
            "name": "Acme Okta",
            "directory": {
                "name": "Acme people",
                "defaultDomain": "acme.example",
                "domains": ["acme.example", "contractors.acme.example"],
            },
            "oidcSpec": _oidc("okta", "https://acme.okta.example/.well-known/openid-configuration"),
            "syncClientTokenTTL": YEAR,
        },
    }
    provider = _active(spec)
    claims = {"iat": OPENED // NANOSECONDS, "exp": OPENED // NANOSECONDS + YEAR, "prn": f"acme@{TENANT}"}
    provider["sync_client"] = {"token": tokens.sign(claims), "expires": OPENED + YEAR * NANOSECONDS}
    return {**_deployment([_acme_embedded(), provider]), **_people(directory_key(provider["id"]))}


def _deployment(records: Iterable[Record], one_external: bool = True) -> Collections:
    results = {
        status: {
            "status": status,
            **({"details": [{"type": kind, "message": text} for kind, text in found]} if found else {}),
        }
        for status, found in PRECHECKS.items()
    }
    providers, sources = {}, {}
    for record in records:
        shown = dict(record["shown"])
        for source in shown.pop("identitySources", ()):
            key = _identifier(record["id"], *source["domainNames"])
            sources[key] = {"id": key, "provider": record["id"], "shown": source}
        providers[record["id"]] = {**record, "shown": shown}
    return {
        "vcf.deployment": {"this": {"one_external": one_external, "tenant": TENANT, "precheck": "SUCCESS"}},
        "vcf.prechecks": results,
        "vcf.users": USERS,
        "vcf.providers": providers,
        "vcf.sources": sources,
    }


def _listed(shown: Json) -> Record:
    tenant = {"tenant": TENANT} if shown["type"] == kinds.BROKER else {}
    return {"id": shown["id"], "listed": True, **tenant, "shown": shown}


def _embedded(key: str, sources: list[Json], status: str) -> Json:
    shown = {"id": key, "name": "Embedded IDP", "type": kinds.EMBEDDED}
    return {**shown, "identitySources": [*BUILT_IN, *sources], "status": status}


def _active(spec: Json) -> Record:
    shown = kinds.external(spec)
    return _listed({"id": _identifier("acme", shown["name"]), **shown, "status": "active"})


def _acme_embedded() -> Record:
    sources = [
        kinds.source({"name": "Factory floor", "ldap": _ldap("factory.acme.example", "ActiveDirectory")}),
        kinds.source({"name": "Laboratory", "ldap": _ldap("lab.acme.example", "OpenLdap")}),
    ]
    return _listed(_embedded(_identifier("acme", "embedded"), sources, "inactive"))


def _ldap(domain: str, kind: str) -> dict[str, Any]:
    base = ",".join(f"dc={label}" for label in domain.split("."))
    return {
        "type": kind,
        "domainName": domain,
        "domainAlias": domain.partition(".")[0],
        "username": f"cn=vcf-bind,ou=services,{base}",
        "sourceDetails": {
            "usersBaseDn": f"ou=people,{base}",
            "groupsBaseDn": f"ou=groups,{base}",
            "certChain": [CERTIFICATE],
            "serverEndpoints": [f"ldaps://dc{number}.{domain}:636" for number in (1, 2)],
        },
    }


def _oidc(client: str, discovery: str) -> Json:
    return {"clientId": _identifier("acme", client), "discoveryEndpoint": discovery}


def _people(directory: str) -> Collections:
    faker = Faker()
    faker.seed_instance(3)
    users = [_user(faker, number) for number in range(STAFF)]
    *teams, everyone = GROUPS
    groups = [_group(name, users[start :: len(teams)]) for start, name in enumerate(teams)]
    pushed = {"scim.users": users, "scim.groups": [*groups, _group(everyone, users)]}
    return {name: {it["id"]: _stored(it, directory) for it in resources} for name, resources in pushed.items()}


def _user(faker: Faker, number: int) -> Record:
    first, last = faker.first_name(), faker.last_name()
    address = f"{first}.{last}{number}@acme.example".lower().replace(" ", "")
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": _identifier("acme", address),
        "externalId": f"00u{uuid5(NAMESPACE_URL, address).hex[:17]}",
        "userName": address,
        "name": {"givenName": first, "familyName": last},
        "displayName": f"{first} {last}",
        "emails": [{"value": address, "type": "work", "primary": True}],
        "active": number % 20 != 19,
    }


def _group(name: str, members: Iterable[Record]) -> Record:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "id": _identifier("acme", "group", name),
        "displayName": name,
        "members": [{"value": member["id"], "display": member["userName"]} for member in members],
    }


def _stored(resource: Record, directory: str) -> Record:
    moment = iso(OPENED)
    about = {"directory": directory, "created": moment, "modified": moment, "revision": 1}
    return {"id": resource["id"], "resource": resource, **about}


def _examples() -> dict[str, Any]:
    path = resources.folder("contract_tests") / "documented" / "vcf.json"
    return {example["name"]: example for example in orjson.loads(path.read_bytes())}


def _identifier(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(("vcf", *parts))))


SCENARIOS = {
    "documented": documented,
    "documented-okta": documented_okta,
    "empty": empty,
    "acme": acme,
    "acme-okta": acme_okta,
}
