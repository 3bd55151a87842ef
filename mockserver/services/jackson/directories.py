"""Directories: each connects an identity provider with one product of one tenant."""

from __future__ import annotations

from mockserver.core.ids import Ids
from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.scim.directory import delete_directory
from mockserver.state.store import Collection, Record
from mockserver.worlds import deliveries

NAME = "jackson.directories"
SCIM_PATH = "/api/scim/v2.0/"
AZURE_FLAG = "/?aadOptscim062020"
PAGE_SIZE = 50
"""Records on a page: the default and the maximum."""


def pair(tenant: str, product: str) -> str:
    """Returns the index value for a tenant and a product, neither of which contains a colon."""
    return f"{tenant}:{product}"


COLLECTION = Collection(
    NAME,
    many={
        "scope": lambda record: [pair(record["tenant"], record["product"])],
        "product": lambda record: [record["product"]],
    },
)


def envelope(data: Json) -> Json:
    """Returns the response body for a result: the envelope that all operations use."""
    return {"data": data, "error": None}


def create(call: Call) -> Json:
    """Creates a directory. It has a webhook only if the request contains both a URL and a secret."""
    body = call.body
    kind = body.get("type", "generic-scim-v2")
    url, secret = body.get("webhook_url"), body.get("webhook_secret")
    record = {
        "id": call.ids.hex(40),
        "name": body.get("name") or f"scim-{body['tenant']}-{body['product']}",
        "tenant": body["tenant"],
        "product": body["product"],
        "type": kind,
        "log_webhook_events": False,
        "scim": {"secret": "" if kind == "google" else _secret(call.ids)},
        "webhook": {"endpoint": url, "secret": secret} if url and secret else {"endpoint": "", "secret": ""},
    }
    call.records.put(NAME, record["id"], record)
    return envelope(response_body(record, call.base))


def list_all(call: Call) -> Json:
    """Returns all directories of a tenant and product, newest first."""
    scope = pair(call.query["tenant"], call.query["product"])
    records = call.records.matching(NAME, "scope", scope, newest_first=True)
    return envelope([response_body(record, call.base) for record in records])


def list_of_product(call: Call) -> Json:
    """Returns a page of the directories of a product, for all tenants, newest first."""
    offset, limit = page(call)
    records = call.records.matching(NAME, "product", call.query["product"], offset, limit, newest_first=True)
    return envelope([response_body(record, call.base) for record in records])


def get(call: Call) -> Json:
    """Returns a directory, which may be deactivated; 404 for an unknown id."""
    return envelope(response_body(requested(call), call.base))


def update(call: Call) -> Json:
    """Changes the fields that the request contains. An empty webhook URL or secret switches the webhook off."""
    record, body = dict(requested(call)), call.body
    for name in ("name", "log_webhook_events", "deactivated"):
        if name in body:
            record[name] = body[name]
    webhook = dict(record["webhook"])
    for name, field in (("webhook_url", "endpoint"), ("webhook_secret", "secret")):
        if name in body:
            webhook[field] = body[name] or ""
    record["webhook"] = webhook
    call.records.put(NAME, record["id"], record)
    return envelope(response_body(record, call.base))


def delete(call: Call) -> Json:
    """Deletes a directory with its users, groups and log. This causes no webhook events."""
    key = requested(call)["id"]
    call.records.delete(NAME, key)
    delete_directory(call.records, source(key))
    deliveries.remove_from_log(call.records, source(key), key)
    return envelope({})


def requested(call: Call) -> Record:
    """Returns the directory with the id in the path. Raises NotFound."""
    key = call.path["directoryId"]
    record = call.records.get(NAME, key)
    if record is None:
        raise NotFound("directory", key)
    return record


def source(key: str) -> str:
    """Returns the key of the SCIM directory that holds a directory's users and groups."""
    return f"jackson:{key}"


def page(call: Call) -> tuple[int, int]:
    """Returns how many records precede the requested page and how many it holds.

    As in the product, parameters that are no numbers count as absent.
    """
    offset, limit = (_number(call.query.get(name, "")) for name in ("pageOffset", "pageLimit"))
    return offset or 0, limit if limit and limit <= PAGE_SIZE else PAGE_SIZE


def response_body(record: Record, base: str) -> Json:
    """Returns a directory as responses contain it. Its SCIM endpoint depends on how the caller reached this world."""
    return {**record, "scim": _scim_access(record, base)}


def _secret(ids: Ids) -> str:
    """Returns 22 base64url characters. The first is no dash, which command lines would read as an option."""
    secret = ids.base64url(22)
    return "A" + secret[1:] if secret.startswith("-") else secret


def _scim_access(record: Record, base: str) -> Json:
    if record["type"] == "google":
        return {"path": "", "secret": ""}
    path = SCIM_PATH + record["id"] + (AZURE_FLAG if record["type"] == "azure-scim-v2" else "")
    return {"path": path, "secret": record["scim"]["secret"], "endpoint": base + path}


def _number(text: str) -> int | None:
    """Returns the number that the text spells; None if it spells none or has more than 15 digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


HANDLERS = {
    "createDirectory": create,
    "listDirectories": list_all,
    "listDirectoriesByProduct": list_of_product,
    "getDirectory": get,
    "updateDirectory": update,
    "deleteDirectory": delete,
}
