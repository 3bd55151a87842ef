"""The scenarios of Jackson.

`documented` has the data of the vendor's examples, `empty` has none, and `acme` is a fictitious customer with 300
people. They come from two identity providers, as after a merger: Okta pushes one half, Entra ID the other, each in its
own dialect.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha1, sha256
from itertools import islice
from typing import TypeAlias
from uuid import NAMESPACE_URL, uuid5

import orjson
from faker import Faker

from mockserver.core.clock import NANOSECONDS, instant_of, iso
from mockserver.registry import resources
from mockserver.services.jackson.directories import source
from mockserver.state.store import Record

Collections: TypeAlias = dict[str, dict[str, Record]]
"""Collection → id → record."""

OPENED = instant_of("2026-01-01T09:00:00Z")
STAFF = 150
"""The number of people in each of acme's two directories."""

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

OKTA_GROUPS = (
    "Engineering", "Platform", "Security", "Quality", "Product", "Design", "Research", "Support", "Operations",
    "On-call", "Contractors", "Everyone",
)  # fmt: skip
ENTRA_GROUPS = (
    "sg-sales", "sg-marketing", "sg-finance", "sg-legal", "sg-people", "sg-purchasing", "sg-logistics", "sg-warehouse",
    "sg-executives", "sg-assistants", "sg-facilities", "sg-interns", "sg-all-staff",
)  # fmt: skip

Person: TypeAlias = Callable[[Faker, str, int], Record]
"""Returns a user as an identity provider pushes it, from a source of names, the domain and a number."""


def empty() -> Collections:
    """Returns no records."""
    return {}


def documented() -> Collections:
    """Returns the one directory of the vendor's examples, with its two users and its group."""
    path = resources.folder("contract_tests") / "documented" / "jackson.json"
    examples = {it["name"]: it["response"]["body"]["data"] for it in orjson.loads(path.read_bytes())}
    directory = dict(examples["get-directory"])
    directory["scim"] = {"secret": directory["scim"]["secret"]}
    pushed = [it["raw"] for it in reversed(examples["list-users"])]  # lists are newest first
    return _collected([(directory, pushed, [examples["get-group"]["raw"]])])


def acme() -> Collections:
    """Returns two directories of one tenant and product, with their people."""
    okta = _directory("Acme Okta", "okta-scim-v2", "http://127.0.0.1:9000/webhook", logged=True)
    entra = _directory("Acme Entra ID", "azure-scim-v2", "", logged=False)
    return _collected(
        [
            (okta, *_pushed("acme.example", _okta_user, OKTA_GROUPS, seed=1)),
            (entra, *_pushed("globex.example", _entra_user, ENTRA_GROUPS, seed=2)),
        ]
    )


def _directory(name: str, kind: str, webhook: str, logged: bool) -> Record:
    return {
        "id": sha1(name.encode()).hexdigest(),  # noqa: S324  (a source of 40 hexadecimal digits, not a protection)
        "name": name,
        "tenant": "acme",
        "product": "portal",
        "type": kind,
        "log_webhook_events": logged,
        "scim": {"secret": urlsafe_b64encode(sha256(name.encode()).digest()).decode()[:22]},
        "webhook": {"endpoint": webhook, "secret": "acme-webhook-secret" if webhook else ""},
    }


def _pushed(domain: str, person: Person, names: Iterable[str], seed: int) -> tuple[list[Record], list[Record]]:
    """Returns the users and the groups of a directory. Every user is in some groups; the last group has all users."""
    faker = Faker()
    faker.seed_instance(seed)
    users = [person(faker, domain, number) for number in range(STAFF)]
    *some, everybody = names
    groups = [_group(name, islice(users, start, None, len(some) - 2), domain) for start, name in enumerate(some)]
    return users, [*groups, _group(everybody, users, domain)]


def _okta_user(faker: Faker, domain: str, number: int) -> Record:
    first, last = faker.first_name(), faker.last_name()
    address = f"{first}.{last}{number}@{domain}".lower().replace(" ", "")
    return {
        "schemas": [USER],
        "userName": address,
        "name": {"givenName": first, "familyName": last},
        "emails": [{"primary": True, "value": address, "type": "work"}],
        "displayName": f"{first} {last}",
        "locale": "en-US",
        "externalId": f"00u{sha256(address.encode()).hexdigest()[:17]}",
        "active": number % 20 != 19,
        "id": _identifier(address),
    }


def _entra_user(faker: Faker, domain: str, number: int) -> Record:
    first, last = faker.first_name(), faker.last_name()
    address = f"{first[0]}{last}{number}@{domain}".lower().replace(" ", "")
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": address,
        "externalId": _identifier("entra", address),
        "name": {"formatted": f"{first} {last}", "givenName": first, "familyName": last},
        "displayName": f"{first} {last}",
        "title": faker.job(),
        "preferredLanguage": "en-US",
        "emails": [{"primary": True, "type": "work", "value": address}],
        "phoneNumbers": [{"type": "work", "value": f"+1 206 555 01{number % 100:02d}"}],
        "active": number % 20 != 19,
        "id": _identifier(address),
        ENTERPRISE: {"employeeNumber": f"{70_000 + number}", "department": ENTRA_GROUPS[number % 8][3:].title()},
    }


def _group(name: str, members: Iterable[Record], domain: str) -> Record:
    references = [{"value": member["id"], "display": member["userName"]} for member in members]
    return {"schemas": [GROUP], "displayName": name, "members": references, "id": _identifier(domain, name)}


def _collected(parts: Iterable[tuple[Record, list[Record], list[Record]]]) -> Collections:
    """Returns directories with their users and groups as collections; the records were created one second apart."""
    collections: Collections = {"jackson.directories": {}, "scim.users": {}, "scim.groups": {}}
    moments = _moments()
    for directory, users, groups in parts:
        collections["jackson.directories"][directory["id"]] = directory
        for name, pushed in (("scim.users", users), ("scim.groups", groups)):
            for resource in pushed:
                record = _stored(resource, source(directory["id"]), next(moments))
                collections[name][resource["id"]] = record
    return collections


def _stored(resource: Record, directory: str, moment: str) -> Record:
    return {
        "id": resource["id"],
        "directory": directory,
        "resource": resource,
        "created": moment,
        "modified": moment,
        "revision": 1,
    }


def _moments() -> Iterator[str]:
    at = OPENED
    while True:
        yield iso(at)
        at += NANOSECONDS


def _identifier(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))


SCENARIOS = {"documented": documented, "empty": empty, "acme": acme}
