"""Directories: the connections between an identity provider and one product of one tenant."""

from __future__ import annotations

from mockserver.core.ids import Ids
from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.scim.directory import forget
from mockserver.state.store import Collection, Record
from mockserver.worlds import deliveries

NAME = "jackson.directories"
SCIM_PATH = "/api/scim/v2.0/"
AZURE_FLAG = "/?aadOptscim062020"
PAGE = 50
"""Records on a page: the default, and the most that can be had."""


def pair(tenant: str, product: str) -> str:
    """A tenant and product in one text; neither has a colon."""
    return f"{tenant}:{product}"


COLLECTION = Collection(
    NAME,
    many={
        "scope": lambda record: [pair(record["tenant"], record["product"])],
        "product": lambda record: [record["product"]],
    },
)


def envelope(data: Json) -> Json:
    """A result as every operation answers it."""
    return {"data": data, "error": None}


def create(call: Call) -> Json:
    """Connects an identity provider. A webhook needs both its URL and its secret, or there is none."""
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
    return envelope(shown(record, call.base))


def list_all(call: Call) -> Json:
    """All directories of a tenant and product, newest first."""
    scope = pair(call.query["tenant"], call.query["product"])
    found = call.records.matching(NAME, "scope", scope, newest_first=True)
    return envelope([shown(record, call.base) for record in found])


def list_of_product(call: Call) -> Json:
    """A page of the directories of all tenants of a product, newest first."""
    offset, limit = page(call)
    found = call.records.matching(NAME, "product", call.query["product"], offset, limit, newest_first=True)
    return envelope([shown(record, call.base) for record in found])


def get(call: Call) -> Json:
    """One directory, also a deactivated one."""
    return envelope(shown(directory(call), call.base))


def update(call: Call) -> Json:
    """Changes what is sent and keeps the rest. An empty webhook URL or secret removes it, and with it the webhook."""
    record, body = dict(directory(call)), call.body
    for name in ("name", "log_webhook_events", "deactivated"):
        if name in body:
            record[name] = body[name]
    webhook = dict(record["webhook"])
    for name, field in (("webhook_url", "endpoint"), ("webhook_secret", "secret")):
        if name in body:
            webhook[field] = body[name] or ""
    record["webhook"] = webhook
    call.records.put(NAME, record["id"], record)
    return envelope(shown(record, call.base))


def delete(call: Call) -> Json:
    """Removes a directory with its users, groups and log; no webhook tells of it."""
    key = directory(call)["id"]
    call.records.delete(NAME, key)
    forget(call.records, source(key))
    deliveries.remove_from_log(call.records, source(key), key)
    return envelope({})


def directory(call: Call) -> Record:
    """The directory that the path names; NotFound for an unknown one."""
    key = call.path["directoryId"]
    record = call.records.get(NAME, key)
    if record is None:
        raise NotFound("directory", key)
    return record


def source(key: str) -> str:
    """The name under which SCIM keeps a directory's users and groups."""
    return f"jackson:{key}"


def page(call: Call) -> tuple[int, int]:
    """How many records to leave out and how many to answer; what makes no sense counts as absent."""
    offset, limit = (_number(call.query.get(name, "")) for name in ("pageOffset", "pageLimit"))
    return offset or 0, limit if limit and limit <= PAGE else PAGE


def shown(record: Record, base: str) -> Json:
    """A directory as the API shows it; the endpoint leads back to where the caller came from."""
    return {**record, "scim": _access(record, base)}


def _secret(ids: Ids) -> str:
    """22 base64url characters. None begins with a dash: command lines would take it for an option."""
    secret = ids.base64url(22)
    return "A" + secret[1:] if secret.startswith("-") else secret


def _access(record: Record, base: str) -> Json:
    if record["type"] == "google":
        return {"path": "", "secret": ""}
    path = SCIM_PATH + record["id"] + (AZURE_FLAG if record["type"] == "azure-scim-v2" else "")
    return {"path": path, "secret": record["scim"]["secret"], "endpoint": base + path}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


HANDLERS = {
    "createDirectory": create,
    "listDirectories": list_all,
    "listDirectoriesByProduct": list_of_product,
    "getDirectory": get,
    "updateDirectory": update,
    "deleteDirectory": delete,
}
