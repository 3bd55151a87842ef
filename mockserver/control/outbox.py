"""Lists what leaves a world: webhook deliveries, and e-mail, which the mock keeps instead of sending."""

from __future__ import annotations

from functools import partial

from mockserver.core.messages import Json
from mockserver.engine.service import Call, Handler
from mockserver.state.store import Transaction
from mockserver.worlds import deliveries
from mockserver.worlds.mail import MAIL
from mockserver.worlds.worlds import Worlds


def handlers(worlds: Worlds) -> dict[str, Handler]:
    """This module's operations."""
    return {
        "listDeliveries": partial(list_deliveries, worlds),
        "redeliver": partial(redeliver, worlds),
        "listMail": partial(list_mail, worlds),
    }


def list_deliveries(worlds: Worlds, call: Call) -> Json:
    """Returns the webhook deliveries of a world, newest last; `limit` keeps the newest."""
    records = Transaction(worlds.get(call.path["world"]).state)
    status, limit = call.query.get("status"), call.query["limit"]
    newest = records.page(deliveries.NAME, limit=None if status else limit, newest_first=True)
    wanted = [deliveries.as_json(record) for record in newest if status in (None, record["status"])]
    return wanted[limit - 1 :: -1]


def redeliver(worlds: Worlds, call: Call) -> Json:
    """Queues a delivery to be sent again in the background."""
    world = worlds.get(call.path["world"])
    records = Transaction(world.state, world.seed)
    record = deliveries.redeliver(records, call.path["delivery"])
    world.commit(records)
    return deliveries.as_json(record)


def list_mail(worlds: Worlds, call: Call) -> Json:
    """Returns the e-mails of a world, oldest first; `to` keeps those to one recipient."""
    table = worlds.get(call.path["world"]).state.tables.get(MAIL.name)
    mails = [mail for _, mail in table.rows()] if table else []
    return [mail for mail in mails if mail["to"] == call.query.get("to", mail["to"])]
