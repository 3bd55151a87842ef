"""`/api/identity-providers`: the OIDC providers through which people log in."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.state.store import Collection, Record

COLLECTION = Collection("netbird.identity_providers")
NAME = COLLECTION.name


def list_all(call: Call) -> Json:
    """Returns all identity providers, oldest first."""
    return [response_body(record) for record in call.records.page(NAME)]


def create(call: Call) -> Json:
    """Creates an identity provider. The id is an xid, which every type but oidc prefixes: `google-cjv...`."""
    kind = call.body["type"]
    key = call.ids.xid() if kind == "oidc" else f"{kind}-{call.ids.xid()}"
    record = {"id": key, **_fields(call.body)}
    call.records.put(NAME, key, record)
    return response_body(record)


def get(call: Call) -> Json:
    """Returns an identity provider; 404 for an unknown id."""
    return response_body(_requested(call))


def update(call: Call) -> Json:
    """Replaces all fields but the id. An absent or empty client secret keeps the old one."""
    old = _requested(call)
    record = {**old, **_fields(call.body)}
    record["client_secret"] = call.body.get("client_secret") or old["client_secret"]
    call.records.put(NAME, old["id"], record)
    return response_body(record)


def delete(call: Call) -> Json:
    """Deletes an identity provider; 404 for an unknown id. Returns an empty object."""
    call.records.delete(NAME, _requested(call)["id"])
    return {}


def response_body(record: Record) -> Json:
    """Returns the provider as responses contain it: without the client secret."""
    return {
        "id": record["id"],
        "type": record["type"],
        "name": record["name"],
        "issuer": record["issuer"],
        "client_id": record["client_id"],
    }


def _fields(body: Record) -> Record:
    """Returns the fields of a request body that are stored; NetBird ignores all others."""
    fields = ("type", "name", "issuer", "client_id", "client_secret")
    return {name: body[name] for name in fields if name in body}


def _requested(call: Call) -> Record:
    """Returns the identity provider with the id in the path. Raises NotFound."""
    record = call.records.get(NAME, call.path["idpId"])
    if record is None:
        raise NotFound("identity provider", call.path["idpId"])
    return record


HANDLERS = {
    "listIdentityProviders": list_all,
    "createIdentityProvider": create,
    "getIdentityProvider": get,
    "updateIdentityProvider": update,
    "deleteIdentityProvider": delete,
}
