"""The scenarios of NetBird.

`documented` has the data of the vendor's examples, `empty` has none, and `acme` is a fictitious company. It keeps its
people in a Google Workspace customer and, since it bought a competitor, in an Entra tenant as well. Its logs come from
running the synchronisations of five weeks.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any, TypeAlias

import orjson
from faker import Faker

from mockserver.core.clock import NANOSECONDS, instant_of
from mockserver.core.ids import Ids, stream
from mockserver.services.netbird import SERVICE, synchronisation
from mockserver.services.netbird.identity_providers import COLLECTION as PROVIDERS
from mockserver.services.netbird.integrations import AZURE, GOOGLE, OKTA, IntegrationKind
from mockserver.state.store import Record, Transaction, dump, load

Collections: TypeAlias = dict[str, dict[str, Record]]
"""Collection → id → record."""

OPENED = instant_of("2026-01-05T06:00:00Z")
LAST_LOOK = instant_of("2026-02-09T06:00:00Z")
CUSTOMER = "C03acme42"
TENANT = "7c1f5a52-3e0b-4a0e-9a55-6f3f0f6f2b11"
DEPARTMENTS = (
    "Engineering", "Engineering Platform", "Engineering Mobile", "Engineering Data", "Security", "Support", "Sales",
    "Sales EMEA", "Sales APAC", "Marketing", "Finance", "Legal", "People", "Facilities", "IT", "Research", "Design",
    "Product", "Executives", "Contractors", "Everyone", "VPN Users", "VPN Admins", "On-call",
)  # fmt: skip


def empty() -> Collections:
    """Returns no records."""
    return {}


def documented() -> Collections:
    """Returns one provider, and one integration of each kind with one line in its log, as in the vendor's examples."""
    provider = {
        "id": "ch8i4ug6lnn4g9hqv7l0",
        "type": "oidc",
        "name": "My OIDC Provider",
        "issuer": "https://accounts.google.com",
        "client_id": "123456789.apps.googleusercontent.com",
        "client_secret": "secret123",
    }
    azure = {"client_id": "5e3b8f2c-7a41-4d0e-9f6b-2c8d1a4e7b90", "tenant_id": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"}
    collections: Collections = {
        PROVIDERS.name: {provider["id"]: provider},
        GOOGLE.collection: {"1": _integration(GOOGLE, 1, customer_id="C01abc23d")},
        AZURE.collection: {"1": _integration(AZURE, 1, **azure)},
        OKTA.collection: {"1": _integration(OKTA, 1, auth_token="nbs_pBmR9mwBpsJH03B0DGojHzhLTRndg90QGPsS")},  # noqa: S106  (from the vendor's page)
        synchronisation.DIRECTORIES.name: {
            "google-idp/C01abc23d": _directory("example.com", 5, ("Engineering", "Sales"), 1),
            f"azure-idp/{azure['tenant_id']}": _directory("example.org", 5, ("Engineering", "Sales"), 2),
        },
        synchronisation.LOGS.name: {},
    }
    for number, kind in enumerate((GOOGLE, AZURE, OKTA), start=1):
        entry = {"id": number, "integration": f"{kind.name}/1", "level": "info", "message": "message"}
        collections[synchronisation.LOGS.name][str(number)] = {**entry, "timestamp": "2024-05-02T10:04:37.473Z"}
    return collections


def acme() -> Collections:
    """Returns a company of 680 people in two directories, integrations in different states, and five weeks of logs."""
    collections: Collections = {
        PROVIDERS.name: {provider["id"]: provider for provider in _providers()},
        GOOGLE.collection: _numbered(
            _integration(GOOGLE, 1, customer_id=CUSTOMER, sync_interval=21_600, group_prefixes=["Engineering", "VPN"]),
            _integration(GOOGLE, 2, customer_id=CUSTOMER, sync_interval=3_600, enabled=False),
            _integration(GOOGLE, 3, customer_id="C09gone00", sync_interval=86_400),
        ),
        AZURE.collection: _numbered(
            _azure(1, TENANT, sync_interval=43_200, user_group_prefixes=["VPN Users", "On-call"]),
            _azure(2, "00000000-0000-4000-8000-000000000000", sync_interval=86_400),
        ),
        OKTA.collection: _numbered(
            _integration(OKTA, 1, auth_token=_ids(1).checksummed("nbs_")),
            _integration(OKTA, 2, auth_token=_ids(2).checksummed("nbs_"), enabled=False, group_prefixes=["okta-"]),
        ),
        synchronisation.DIRECTORIES.name: {
            f"google-idp/{CUSTOMER}": _directory("acme.example", 420, DEPARTMENTS, 3),
            f"azure-idp/{TENANT}": _directory("roadrunner.example", 260, DEPARTMENTS[:18], 4),
        },
    }
    return _synchronised(collections)


def _providers() -> list[Record]:
    entries = []
    for number, (kind, name, issuer) in enumerate(
        (
            ("oidc", "Acme Keycloak", "https://sso.acme.example/realms/acme"),
            ("google", "Acme Google", "https://accounts.google.com"),
            ("entra", "Roadrunner Entra", f"https://login.microsoftonline.com/{TENANT}/v2.0"),
            ("okta", "Contractors", "https://acme-contractors.okta.com"),
        ),
        start=10,
    ):
        ids = _ids(number)
        key = ids.xid() if kind == "oidc" else f"{kind}-{ids.xid()}"
        secrets = {"client_id": ids.hex(24), "client_secret": ids.base62(40)}
        entries.append({"id": key, "type": kind, "name": name, "issuer": issuer, **secrets})
    return entries


def _synchronised(collections: Collections) -> Collections:
    """Returns the records after every synchronisation due before `LAST_LOOK` was run, with the logs of the runs."""
    records = Transaction(load(SERVICE.collections, collections))
    due = []
    for kind in (GOOGLE, AZURE):
        for record in collections[kind.collection].values():
            step = record["sync_interval"] * NANOSECONDS
            due += [(at, kind, record) for at in range(OPENED + step, LAST_LOOK, step) if record["enabled"]]
    for at, kind, record in sorted(due, key=lambda entry: entry[0]):
        synchronisation.run(kind.name, record, records, at)
        record = {**record, "synchronised": at}
        records.put(kind.collection, str(record["id"]), record)
    written = dump(records.commit())
    return {name: rows for name, rows in written.items() if rows}


def _integration(kind: IntegrationKind, number: int, **fields: Any) -> Record:
    key = b64encode(orjson.dumps({"type": "service_account", "project_id": "acme"})).decode()
    defaults = {name: list(default) if isinstance(default, tuple) else default for name, default in kind.fields.items()}
    secret = {kind.secret: key if kind is GOOGLE else "c2VjcmV0"} if kind.secret else {}
    return {"id": number, "created": OPENED, "synchronised": OPENED, **defaults, **secret, **fields}


def _azure(number: int, tenant: str, **fields: Any) -> Record:
    return _integration(AZURE, number, client_id=_ids(20 + number).uuid(), tenant_id=tenant, **fields)


def _numbered(*records: Record) -> dict[str, Record]:
    return {str(record["id"]): record for record in records}


def _directory(domain: str, people: int, groups: tuple[str, ...], seed: int) -> Record:
    """Returns a directory. Its groups have between two and all of its people."""
    faker = Faker("en_US", use_weighting=False)
    faker.seed_instance(seed)
    users: dict[str, None] = {}
    while len(users) < people:
        first, last = faker.first_name().lower(), faker.last_name().lower()
        users.setdefault(f"{first}.{last}@{domain}")
    entries = []
    for name in groups:
        size = people if name == "Everyone" else faker.random_int(2, max(people // 6, 3))
        entries.append({"name": name, "members": sorted(faker.random_sample(range(people), size))})
    return {"name": domain, "users": list(users), "groups": entries}


def _ids(seed: int) -> Ids:
    position = iter(range(1_000))
    return Ids(lambda size: stream(seed, next(position), size))


SCENARIOS = {"documented": documented, "empty": empty, "acme": acme}
