"""`/api/integrations`: where users and groups come from. Google, Azure and Okta differ by a few names and rules.

A kind says which fields its integrations show and which they keep to themselves; the operations are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call, Handler
from mockserver.scim.directory import forget
from mockserver.services.netbird import synchronisation
from mockserver.state.store import Collection, Record


@dataclass(frozen=True)
class Kind:
    """One kind of integration. `name` is the path segment, `operations` its part of the operationIds.

    `shown` lists the fields of an answer in order, with what a new integration has there when the request says nothing;
    `secret` is the field that is stored and never shown.
    """

    name: str
    operations: str
    shown: Mapping[str, Any]
    secret: str | None

    @property
    def collection(self) -> str:
        """Its records: key is the id as text."""
        return f"netbird.{self.name}"


PREFIXES = {"group_prefixes": (), "user_group_prefixes": ()}
SCHEDULE = {"sync_interval": 300, "enabled": True}
GOOGLE = Kind("google-idp", "Google", {"customer_id": "", **SCHEDULE, **PREFIXES}, "service_account_key")
AZURE = Kind("azure-idp", "Azure", {"client_id": "", "tenant_id": "", **SCHEDULE, **PREFIXES}, "client_secret")
OKTA = Kind("okta-scim-idp", "OktaScim", {"enabled": True, **PREFIXES}, None)

COLLECTIONS = (
    Collection(GOOGLE.collection),
    Collection(AZURE.collection),
    Collection(OKTA.collection, unique={"auth_token": lambda record: record["auth_token"]}),
)

MASK = "*" * 33


def create(kind: Kind, call: Call) -> Json:
    """A new integration: enabled, and synchronising every 300 seconds, unless the request says otherwise."""
    number = call.records.next(kind.collection)
    record: Record = {"id": number, "created": call.now, "synchronised": call.now}
    for name, default in kind.shown.items():
        record[name] = call.body.get(name, list(default) if isinstance(default, tuple) else default)
    if kind is GOOGLE:
        record["enabled"] = True
    if kind.secret:
        record[kind.secret] = call.body[kind.secret]
    if kind is OKTA:
        record["auth_token"] = call.ids.checksummed("nbs_")
    call.records.put(kind.collection, str(number), record)
    return _whole(kind, record)


def get(kind: Kind, call: Call) -> Json:
    """One integration, 404 for an id that no integration of this kind has."""
    return _masked(kind, _found(kind, call))


def list_all(kind: Kind, call: Call) -> Json:
    """All integrations of this kind, oldest first."""
    return [_masked(kind, record) for record in call.records.page(kind.collection)]


def synchronise(kind: Kind, call: Call) -> Json:
    """Synchronises now; the outcome, whatever it is, is in the log."""
    record = _caught_up(kind, call)
    synchronisation.run(kind.name, record, call.records, call.now)
    return {"result": "ok"}


def regenerate_token(kind: Kind, call: Call) -> Json:
    """A new token, shown whole; the old one stops working."""
    record = {**_found(kind, call), "auth_token": call.ids.checksummed("nbs_")}
    call.records.put(kind.collection, str(record["id"]), record)
    return _whole(kind, record)


def update(kind: Kind, call: Call) -> Json:
    """Changes what is sent, keeps the rest. Synchronisations due so far run first, by the old settings."""
    old = _found(kind, call)
    synchronisation.catch_up(kind.name, old, call)
    known = {*kind.shown, kind.secret}
    changed = {name: value for name, value in call.body.items() if name in known}
    record = {**old, **changed, "synchronised": call.now}
    call.records.put(kind.collection, str(old["id"]), record)
    return _whole(kind, record)


def delete(kind: Kind, call: Call) -> Json:
    """Removes the integration, its log, and what was pushed to it."""
    record = _found(kind, call)
    if kind is OKTA:
        forget(call.records, directory_key(record))
    call.records.delete(kind.collection, str(record["id"]))
    synchronisation.forget(kind.name, record, call.records)
    return {}


def logs(kind: Kind, call: Call) -> Json:
    """What synchronisations found, oldest first, those included that fell due since the last look."""
    return synchronisation.entries(kind.name, _caught_up(kind, call), call.records)


def directory_key(record: Record) -> str:
    """What the directory that Okta pushes to is called in SCIM; other kinds of integration have none."""
    return f"netbird:{record['id']}"


def _found(kind: Kind, call: Call) -> Record:
    key = str(call.path["id"])
    record = call.records.get(kind.collection, key)
    if record is None:
        raise NotFound("integration", key)
    return record


def _caught_up(kind: Kind, call: Call) -> Record:
    """The integration after the synchronisations that fell due since the last look."""
    record = _found(kind, call)
    updated = synchronisation.catch_up(kind.name, record, call)
    if updated is not record:
        call.records.put(kind.collection, str(record["id"]), updated)
    return updated


def _whole(kind: Kind, record: Record) -> Json:
    shown = {"id": record["id"], **{name: record[name] for name in kind.shown}}
    return {**shown, "auth_token": record["auth_token"]} if kind is OKTA else shown


def _masked(kind: Kind, record: Record) -> Json:
    shown = _whole(kind, record)
    return {**shown, "auth_token": shown["auth_token"][:7] + MASK} if kind is OKTA else shown


def _handlers(kind: Kind) -> dict[str, Handler]:
    handlers: dict[str, Handler] = {
        f"create{kind.operations}Integration": partial(create, kind),
        f"get{kind.operations}Integration": partial(get, kind),
        f"list{kind.operations}Integrations": partial(list_all, kind),
        f"update{kind.operations}Integration": partial(update, kind),
        f"delete{kind.operations}Integration": partial(delete, kind),
        f"list{kind.operations}IntegrationLogs": partial(logs, kind),
    }
    if kind is OKTA:
        handlers[f"regenerate{kind.operations}Token"] = partial(regenerate_token, kind)
    else:
        handlers[f"sync{kind.operations}Integration"] = partial(synchronise, kind)
    return handlers


HANDLERS = {**_handlers(GOOGLE), **_handlers(AZURE), **_handlers(OKTA)}
