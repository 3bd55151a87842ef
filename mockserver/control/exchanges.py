"""Lists, streams and deletes the exchanges in the journal of a world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from typing import Any

from mockserver.control.vocabulary import Vocabulary
from mockserver.core.clock import iso
from mockserver.core.messages import Answer, Json, encode
from mockserver.core.problems import NotFound
from mockserver.engine.address import native_path
from mockserver.engine.masking import Masking, Unmasked, pairs
from mockserver.engine.service import Call, Handler
from mockserver.state.store import Change
from mockserver.worlds import faults
from mockserver.worlds.journal import Exchange, Journal
from mockserver.worlds.worlds import Worlds


def handlers(worlds: Worlds, masking: Masking, vocabulary: Vocabulary) -> dict[str, Handler]:
    """This module's operations."""
    return {
        "listExchanges": partial(list_exchanges, worlds, masking, vocabulary),
        "getExchange": partial(get_exchange, worlds, masking),
        "clearJournal": partial(clear_journal, worlds),
    }


def list_exchanges(worlds: Worlds, masking: Masking, vocabulary: Vocabulary, call: Call) -> Json:
    """Returns the exchanges that match every filter, newest last; `limit` keeps the newest.

    `follow` streams new ones.
    """
    vocabulary.check(call.query)
    journal = worlds.get(call.path["world"]).journal
    after = max(call.query["after"], call.header.get("Last-Event-ID", 0))
    query = {**call.query, "after": after}
    wanted = [exchange for exchange in journal if _matches(exchange, query)]
    limit = call.query["limit"]
    visible = Unmasked() if call.query["secrets"] else masking
    listed = [as_json(exchange, visible) for exchange in islice(wanted, max(len(wanted) - limit, 0), None)]
    if call.query.get("follow", "false") == "false":
        return listed
    stream = partial(_follow, journal, query, visible)
    return Answer(b"".join(map(_event, listed)), content_type="text/event-stream", stream=stream)


def _follow(
    journal: Journal, query: Mapping[str, Any], masking: Masking, send: Callable[[bytes | None], None]
) -> Callable[[], None]:
    """Calls `send` with each new exchange that matches, and with None at the end. Returns a function that stops it."""

    def forward(exchange: Exchange | None) -> None:
        if exchange is None:
            send(None)
        elif _matches(exchange, query):
            send(_event(as_json(exchange, masking)))

    return journal.follow(forward)


def _event(exchange: Json) -> bytes:
    """Returns an exchange as a server-sent event. The event's id is that of the exchange."""
    return b"id: %d\ndata: %b\n\n" % (exchange["id"], encode(exchange))


def get_exchange(worlds: Worlds, masking: Masking, call: Call) -> Json:
    """Returns one exchange."""
    exchange = worlds.get(call.path["world"]).journal.get(call.path["exchange"])
    if exchange is None:
        raise NotFound("exchange", str(call.path["exchange"]))
    return as_json(exchange, Unmasked() if call.query["secrets"] else masking)


def clear_journal(worlds: Worlds, call: Call) -> Json:
    """Deletes the exchanges of a world. Its state does not change."""
    worlds.get(call.path["world"]).journal.clear()
    return Answer(status=204)


def as_json(exchange: Exchange, masking: Masking) -> Json:
    """Returns an exchange as `components/schemas/Exchange` describes it."""
    request, response = exchange.request, exchange.response
    return {
        "id": exchange.id,
        "at": iso(exchange.at),
        "service": exchange.service,
        "operation": exchange.operation,
        "request": {
            "method": request.method,
            "target": masking.target(request.target),
            "headers": masking.headers(pairs(request.headers)),
            "body": masking.body(request.body, exchange.operation),
        },
        "response": {
            "status": response.status,
            "headers": masking.headers(response.headers),
            "body": masking.body(response.body, exchange.operation),
        },
        "changes": [_change_as_json(change, masking) for change in exchange.changes],
        "ignored": exchange.ignored,
        "fault": None if exchange.fault is None else faults.effect_as_json(exchange.fault),
    }


def _change_as_json(change: Change, masking: Masking) -> Json:
    return {
        "collection": change.collection,
        "id": change.key,
        "before": masking.value(change.before),
        "after": masking.value(change.after),
    }


def _matches(exchange: Exchange, query: Mapping[str, Any]) -> bool:
    facts = {
        "service": exchange.service,
        "operation": exchange.operation,
        "method": exchange.request.method,
        "path": native_path(exchange.request.target),
        "status": exchange.response.status,
    }
    return exchange.id > query["after"] and all(query.get(name, value) == value for name, value in facts.items())
