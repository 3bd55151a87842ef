"""`/api/integrations`: the sources of users and groups, which are Google Workspace, Azure and Okta.

The operations of the three are the same but for a few fields and rules, so each handler takes the kind of integration
as its first parameter. `HANDLERS` at the end assigns handlers and kinds to operationIds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call, Handler
from mockserver.scim.directory import delete_directory
from mockserver.services.netbird import synchronisation
from mockserver.state.store import Collection, Record


@dataclass(frozen=True)
class IntegrationKind:
    """One kind of integration.

    `name` is the path segment. `fields` maps the fields of a response, in their order, to the values of a new
    integration whose request leaves them out. `secret` names the field that is stored and never returned, if any.
    """

    name: str
    fields: Mapping[str, Any]
    secret: str | None

    @property
    def collection(self) -> str:
        """The name of the collection; its keys are the ids as text."""
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

VISIBLE = 7
MASK = "*" * 33
"""A masked token: its first `VISIBLE` characters, then asterisks for all others."""


def create(kind: IntegrationKind, call: Call) -> Json:
    """Creates an integration. By default it is enabled and synchronises every 300 seconds.

    The response contains the whole token of an Okta integration.
    """
    number = call.records.next(kind.collection)
    record: Record = {"id": number, "created": call.now, "synchronised": call.now}
    for name, default in kind.fields.items():
        record[name] = call.body.get(name, list(default) if isinstance(default, tuple) else default)
    if kind is GOOGLE:
        # A create request for Google has no `enabled`, so NetBird ignores one; those for Azure and Okta have it.
        record["enabled"] = True
    if kind.secret:
        record[kind.secret] = call.body[kind.secret]
    if kind is OKTA:
        record["auth_token"] = call.ids.checksummed("nbs_")
    call.records.put(kind.collection, str(number), record)
    return _body(kind, record)


def get(kind: IntegrationKind, call: Call) -> Json:
    """Returns an integration; 404 where none of this kind has the id. A token is masked."""
    return _masked_body(kind, _requested(kind, call))


def list_all(kind: IntegrationKind, call: Call) -> Json:
    """Returns all integrations of this kind, oldest first. Tokens are masked."""
    return [_masked_body(kind, record) for record in call.records.page(kind.collection)]


def synchronise(kind: IntegrationKind, call: Call) -> Json:
    """Synchronises at once. The response is the same for success and failure; the log tells which it was."""
    record = _synchronised(kind, call)
    synchronisation.run(kind.name, record, call.records, call.now)
    return {"result": "ok"}


def regenerate_token(kind: IntegrationKind, call: Call) -> Json:
    """Replaces the token and returns the new one whole; the old one stops working."""
    record = {**_requested(kind, call), "auth_token": call.ids.checksummed("nbs_")}
    call.records.put(kind.collection, str(record["id"]), record)
    return _body(kind, record)


def update(kind: IntegrationKind, call: Call) -> Json:
    """Changes the fields that the request contains. Returns the whole token of an Okta integration."""
    old = _requested(kind, call)
    # Synchronisations that were due before this change happened under the old settings.
    synchronisation.catch_up(kind.name, old, call)
    settable = {*kind.fields, kind.secret}
    changes = {name: value for name, value in call.body.items() if name in settable}
    record = {**old, **changes, "synchronised": call.now}
    call.records.put(kind.collection, str(old["id"]), record)
    return _body(kind, record)


def delete(kind: IntegrationKind, call: Call) -> Json:
    """Deletes an integration with its log and with the users and groups that were pushed to it."""
    record = _requested(kind, call)
    if kind is OKTA:
        delete_directory(call.records, directory_key(record))
    call.records.delete(kind.collection, str(record["id"]))
    synchronisation.delete_log(kind.name, record, call.records)
    return {}


def list_log_entries(kind: IntegrationKind, call: Call) -> Json:
    """Returns the log of an integration, oldest entry first, after running the synchronisations that are due."""
    return synchronisation.entries(kind.name, _synchronised(kind, call), call.records)


def directory_key(record: Record) -> str:
    """Returns the key of the SCIM directory of an Okta integration; other kinds have no directory."""
    return f"netbird:{record['id']}"


def _requested(kind: IntegrationKind, call: Call) -> Record:
    """Returns the integration of this kind with the id in the path. Raises NotFound."""
    key = str(call.path["id"])
    record = call.records.get(kind.collection, key)
    if record is None:
        raise NotFound("integration", key)
    return record


def _synchronised(kind: IntegrationKind, call: Call) -> Record:
    """Returns the requested integration after running the synchronisations that are due."""
    record = _requested(kind, call)
    updated = synchronisation.catch_up(kind.name, record, call)
    if updated is not record:
        call.records.put(kind.collection, str(record["id"]), updated)
    return updated


def _body(kind: IntegrationKind, record: Record) -> Json:
    """Returns the integration as responses contain it, an Okta integration with its whole token."""
    body = {"id": record["id"], **{name: record[name] for name in kind.fields}}
    return {**body, "auth_token": record["auth_token"]} if kind is OKTA else body


def _masked_body(kind: IntegrationKind, record: Record) -> Json:
    """Returns the integration as responses contain it, with only the beginning of its token."""
    body = _body(kind, record)
    return {**body, "auth_token": body["auth_token"][:VISIBLE] + MASK} if kind is OKTA else body


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
