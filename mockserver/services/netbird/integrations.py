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
class IntegrationKind:
    """One kind of integration. `name` is the path segment.

    `shown` lists the fields of an answer in order, with what a new integration has there when the request says nothing;
    `secret` is the field that is stored and never shown.
    """

    name: str
    shown: Mapping[str, Any]
    secret: str | None

    @property
    def collection(self) -> str:
        """Its records: key is the id as text."""
        return f"netbird.{self.name}"


PREFIXES = {"group_prefixes": (), "user_group_prefixes": ()}
SCHEDULE = {"sync_interval": 300, "enabled": True}
GOOGLE = IntegrationKind("google-idp", {"customer_id": "", **SCHEDULE, **PREFIXES}, "service_account_key")
AZURE = IntegrationKind("azure-idp", {"client_id": "", "tenant_id": "", **SCHEDULE, **PREFIXES}, "client_secret")
OKTA = IntegrationKind("okta-scim-idp", {"enabled": True, **PREFIXES}, None)

COLLECTIONS = (
    Collection(GOOGLE.collection),
    Collection(AZURE.collection),
    Collection(OKTA.collection, unique={"auth_token": lambda record: record["auth_token"]}),
)

MASK = "*" * 33


def create(kind: IntegrationKind, call: Call) -> Json:
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


def get(kind: IntegrationKind, call: Call) -> Json:
    """One integration, 404 for an id that no integration of this kind has."""
    return _masked(kind, _found(kind, call))


def list_all(kind: IntegrationKind, call: Call) -> Json:
    """All integrations of this kind, oldest first."""
    return [_masked(kind, record) for record in call.records.page(kind.collection)]


def synchronise(kind: IntegrationKind, call: Call) -> Json:
    """Synchronises now; the outcome, whatever it is, is in the log."""
    record = _caught_up(kind, call)
    synchronisation.run(kind.name, record, call.records, call.now)
    return {"result": "ok"}


def regenerate_token(kind: IntegrationKind, call: Call) -> Json:
    """A new token, shown whole; the old one stops working."""
    record = {**_found(kind, call), "auth_token": call.ids.checksummed("nbs_")}
    call.records.put(kind.collection, str(record["id"]), record)
    return _whole(kind, record)


def update(kind: IntegrationKind, call: Call) -> Json:
    """Changes what is sent, keeps the rest. Synchronisations due so far run first, by the old settings."""
    old = _found(kind, call)
    synchronisation.catch_up(kind.name, old, call)
    known = {*kind.shown, kind.secret}
    changed = {name: value for name, value in call.body.items() if name in known}
    record = {**old, **changed, "synchronised": call.now}
    call.records.put(kind.collection, str(old["id"]), record)
    return _whole(kind, record)


def delete(kind: IntegrationKind, call: Call) -> Json:
    """Removes the integration, its log, and what was pushed to it."""
    record = _found(kind, call)
    if kind is OKTA:
        forget(call.records, directory_key(record))
    call.records.delete(kind.collection, str(record["id"]))
    synchronisation.forget(kind.name, record, call.records)
    return {}


def list_log_entries(kind: IntegrationKind, call: Call) -> Json:
    """What synchronisations found, oldest first, those included that fell due since the last look."""
    return synchronisation.entries(kind.name, _caught_up(kind, call), call.records)


def directory_key(record: Record) -> str:
    """What the directory that Okta pushes to is called in SCIM; other kinds of integration have none."""
    return f"netbird:{record['id']}"


def _found(kind: IntegrationKind, call: Call) -> Record:
    key = str(call.path["id"])
    record = call.records.get(kind.collection, key)
    if record is None:
        raise NotFound("integration", key)
    return record


def _caught_up(kind: IntegrationKind, call: Call) -> Record:
    """The integration after the synchronisations that fell due since the last look."""
    record = _found(kind, call)
    updated = synchronisation.catch_up(kind.name, record, call)
    if updated is not record:
        call.records.put(kind.collection, str(record["id"]), updated)
    return updated


def _whole(kind: IntegrationKind, record: Record) -> Json:
    shown = {"id": record["id"], **{name: record[name] for name in kind.shown}}
    return {**shown, "auth_token": record["auth_token"]} if kind is OKTA else shown


def _masked(kind: IntegrationKind, record: Record) -> Json:
    shown = _whole(kind, record)
    return {**shown, "auth_token": shown["auth_token"][:7] + MASK} if kind is OKTA else shown


HANDLERS: Mapping[str, Handler] = {
    "listGoogleIntegrations": partial(list_all, GOOGLE),
    "createGoogleIntegration": partial(create, GOOGLE),
    "getGoogleIntegration": partial(get, GOOGLE),
    "updateGoogleIntegration": partial(update, GOOGLE),
    "deleteGoogleIntegration": partial(delete, GOOGLE),
    "syncGoogleIntegration": partial(synchronise, GOOGLE),
    "listGoogleIntegrationLogs": partial(list_log_entries, GOOGLE),
    "listAzureIntegrations": partial(list_all, AZURE),
    "createAzureIntegration": partial(create, AZURE),
    "getAzureIntegration": partial(get, AZURE),
    "updateAzureIntegration": partial(update, AZURE),
    "deleteAzureIntegration": partial(delete, AZURE),
    "syncAzureIntegration": partial(synchronise, AZURE),
    "listAzureIntegrationLogs": partial(list_log_entries, AZURE),
    "listOktaScimIntegrations": partial(list_all, OKTA),
    "createOktaScimIntegration": partial(create, OKTA),
    "getOktaScimIntegration": partial(get, OKTA),
    "updateOktaScimIntegration": partial(update, OKTA),
    "deleteOktaScimIntegration": partial(delete, OKTA),
    "regenerateOktaScimToken": partial(regenerate_token, OKTA),
    "listOktaScimIntegrationLogs": partial(list_log_entries, OKTA),
}
