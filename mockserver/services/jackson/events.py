"""Webhook events: what a directory's webhook is told, and the log of what came of it."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.services.jackson.directories import envelope, page, pair, source
from mockserver.services.jackson.scope import scope
from mockserver.state.store import Record, Transaction
from mockserver.worlds import deliveries

SIGNATURE = "BoxyHQ-Signature"
NO_ANSWER = 500
"""The status that the log shows, as the product's does, where the receiver gave none."""


def list_all(call: Call) -> Json:
    """A page of the settled deliveries that were logged, newest first."""
    within = scope(call)
    if not within.directories(call.records):
        return envelope([])
    log = within.directory or pair(within.tenant, within.product)
    offset, limit = page(call)
    held = call.records.matching(deliveries.NAME, "logged", log, offset, limit, newest_first=True)
    return envelope([entry(record) for record in held])


def tell(directory: Record, event: str, data: Json, records: Transaction, now: int) -> None:
    """Has a directory's webhook told of an event. Without a URL or without a secret there is nobody to tell."""
    endpoint, secret = directory["webhook"]["endpoint"], directory["webhook"]["secret"]
    if not endpoint or not secret:
        return
    tenant, product, key = directory["tenant"], directory["product"], directory["id"]
    payload = {"event": event, "tenant": tenant, "product": product, "directory_id": key, "data": data}
    webhook = deliveries.Webhook("jackson", source(key), endpoint, secret, SIGNATURE)
    log = (key, pair(tenant, product)) if directory["log_webhook_events"] else ()
    deliveries.enqueue(records, now, webhook, payload, log)


def entry(record: Record) -> Json:
    """A settled delivery as the log shows it."""
    delivered = record["status"] == "delivered"
    last = record["attempts"][-1]["status"] if record["attempts"] else None
    return {
        "id": record["id"],
        "payload": record["payload"],
        "webhook_endpoint": record["url"],
        "created_at": record["settled_at"],
        "status_code": 200 if delivered else last or NO_ANSWER,
        "delivered": delivered,
    }


HANDLERS = {"listEvents": list_all}
