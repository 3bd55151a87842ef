"""`/api/identity-providers`: the OIDC providers that people log in with."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.state.store import Collection, Record

COLLECTION = Collection("netbird.identity_providers")
NAME = COLLECTION.name
KIND = "identity provider"


def list_all(call: Call) -> Json:
    """All providers of the account, oldest first."""
    return [shown(record) for record in call.records.page(NAME)]


def create(call: Call) -> Json:
    """A new provider. Its id is an xid; for every type but oidc the type stands before it."""
    kind = call.body["type"]
    key = call.ids.xid() if kind == "oidc" else f"{kind}-{call.ids.xid()}"
    record = {"id": key, **_sent(call.body)}
    call.records.put(NAME, key, record)
    return shown(record)


def get(call: Call) -> Json:
    """One provider, 404 for an unknown id."""
    return shown(_found(call))


def update(call: Call) -> Json:
    """Replaces all but the id. A secret that is absent or empty stays what it was."""
    old = _found(call)
    record = {**old, **_sent(call.body)}
    record["client_secret"] = call.body.get("client_secret") or old["client_secret"]
    call.records.put(NAME, old["id"], record)
    return shown(record)


def delete(call: Call) -> Json:
    """Removes the provider, 404 for an unknown id."""
    call.records.delete(NAME, _found(call)["id"])
    return {}


def shown(record: Record) -> Json:
    """A provider as answers show it: without its secret."""
    return {
        "id": record["id"],
        "type": record["type"],
        "name": record["name"],
        "issuer": record["issuer"],
        "client_id": record["client_id"],
    }


def _sent(body: Record) -> Record:
    fields = ("type", "name", "issuer", "client_id", "client_secret")
    return {name: body[name] for name in fields if name in body}


def _found(call: Call) -> Record:
    record = call.records.get(NAME, call.path["idpId"])
    if record is None:
        raise NotFound(KIND, call.path["idpId"])
    return record


HANDLERS = {
    "listIdentityProviders": list_all,
    "createIdentityProvider": create,
    "getIdentityProvider": get,
    "updateIdentityProvider": update,
    "deleteIdentityProvider": delete,
}
