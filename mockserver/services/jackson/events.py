"""Webhook events: the requests to a directory's webhook, and the log of their outcomes."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.services.jackson.directories import envelope, page, pair, source
from mockserver.services.jackson.scope import scope
from mockserver.state.store import Record, Transaction
from mockserver.worlds import deliveries

SIGNATURE = "BoxyHQ-Signature"
NO_ANSWER = 500
"""The status in the log where the receiver gave none; the product logs the same."""


def list_all(call: Call) -> Json:
    """Returns a page of the logged deliveries that succeeded or finally failed, newest first."""
    requested_scope = scope(call)
    if not requested_scope.directories(call.records):
        return envelope([])
    log = requested_scope.directory or pair(requested_scope.tenant, requested_scope.product)
    offset, limit = page(call)
    settled = call.records.matching(deliveries.NAME, "logged", log, offset, limit, newest_first=True)
    return envelope([entry(record) for record in settled])


def notify(directory: Record, event: str, data: Json, records: Transaction, now: int) -> None:
    """Queues the delivery of an event to a directory's webhook; does nothing without a URL and a secret."""
    endpoint, secret = directory["webhook"]["endpoint"], directory["webhook"]["secret"]
    if not endpoint or not secret:
        return
    tenant, product, key = directory["tenant"], directory["product"], directory["id"]
    payload = {"event": event, "tenant": tenant, "product": product, "directory_id": key, "data": data}
    webhook = deliveries.Webhook("jackson", source(key), endpoint, secret, SIGNATURE)
    log = (key, pair(tenant, product)) if directory["log_webhook_events"] else ()
    deliveries.enqueue(records, now, webhook, payload, log)


def entry(record: Record) -> Json:
    """Returns the log entry of a delivery that succeeded or finally failed."""
    delivered = record["status"] == "delivered"
    last_status = record["attempts"][-1]["status"] if record["attempts"] else None
    return {
        "id": record["id"],
        "payload": record["payload"],
        "webhook_endpoint": record["url"],
        "created_at": record["settled_at"],
        "status_code": 200 if delivered else last_status or NO_ANSWER,
        "delivered": delivered,
    }


HANDLERS = {"listEvents": list_all}
