"""The control plane, `/_mock`: worlds, their states and journals, and what is served.

It is a service like the others, but for one thing: its handlers act on worlds instead of records, so they are made for
the worlds of one server. Its own exchanges are journaled in a world of its own, which no request can name.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from functools import partial
from itertools import islice
from typing import Any

import orjson

from mockserver import deliveries, tokens
from mockserver.clock import instant_of, iso
from mockserver.journal import Exchange
from mockserver.mail import MAIL
from mockserver.masking import Masking, Unmasked, pairs
from mockserver.messages import Answer, Json, Request
from mockserver.problems import InternalError, MethodNotAllowed, NotFound, Problem, Refused, UnknownPath
from mockserver.schemas import Document, Schemas, close
from mockserver.service import ADMINISTRATOR, Call, Principal, Service, bearer
from mockserver.spec import METHODS, Operation, secret_fields
from mockserver.store import Transaction
from mockserver.version import VERSION
from mockserver.world import World, Worlds

NO_TOKEN = "(none needed)"  # noqa: S105  (no token at all)


def service(worlds: Worlds, documents: Mapping[str, Document], token: str | None) -> Service:
    """The control plane over these worlds. With a token, every operation but health wants it as a bearer token."""
    masking = Masking(name for document in documents.values() for name in secret_fields(document))
    return Service(
        name="control",
        handlers={
            "getHealth": partial(health, documents),
            "listServices": partial(services, documents),
            "getDocument": partial(document, worlds, documents),
            "getKeySet": key_set,
            "listWorlds": partial(list_worlds, worlds),
            "getWorld": partial(get_world, worlds),
            "putWorld": partial(put_world, worlds),
            "deleteWorld": partial(delete_world, worlds),
            "resetWorld": partial(reset_world, worlds),
            "getState": partial(get_state, worlds),
            "putState": partial(put_state, worlds),
            "listExchanges": partial(list_exchanges, worlds, masking),
            "getExchange": partial(get_exchange, worlds, masking),
            "clearJournal": partial(clear_journal, worlds),
            "listDeliveries": partial(list_deliveries, worlds),
            "redeliver": partial(redeliver, worlds),
            "listMail": partial(list_mail, worlds),
        },
        credential=partial(_credential, token),
        issued=_issued,
        problem=problem,
    )


def health(documents: Mapping[str, Document], call: Call) -> Json:
    """Says that the server is up, and what it serves."""
    return {"status": "ok", "version": VERSION, "services": _names(documents)}


def services(documents: Mapping[str, Document], call: Call) -> Json:
    """Each service with its title, where it is mounted, and how many operations it has."""
    return [_described(name, documents[name], call.base) for name in _names(documents)]


def document(worlds: Worlds, documents: Mapping[str, Document], call: Call) -> Json:
    """A service's document, as this server obeys it: with absolute URLs, with requests closed where it is strict."""
    name = call.path["document"].removesuffix(".json")
    if name not in documents:
        raise NotFound("document", name)
    served = orjson.loads(orjson.dumps(documents[name]))
    if worlds.options.get("strict"):
        _close_requests(served)
    _tell_bare_text(served, worlds.options)
    for holder in (served, *served["paths"].values()):
        for server in holder.get("servers", ()):
            server["url"] = (call.base + server["url"]).rstrip("/")
    return served


def key_set(call: Call) -> Json:
    """The public key that every token issued here is signed with."""
    return tokens.key_set()


def list_worlds(worlds: Worlds, call: Call) -> Json:
    """All worlds, in order of creation."""
    return [_shown(world) for world in worlds]


def get_world(worlds: Worlds, call: Call) -> Json:
    """One world."""
    return _shown(worlds.get(call.path["world"]))


def put_world(worlds: Worlds, call: Call) -> Json:
    """Creates a world from a scenario or another world. One that exists is replaced, its journal forgotten."""
    wish = call.body or {}
    name = call.path["world"]
    now = _instant(wish["now"]) if "now" in wish else None
    world, replaced = worlds.put(name, wish.get("from"), wish.get("seed"), now, wish.get("options"))
    return Answer(_shown(world), status=200 if replaced else 201)


def _instant(text: str) -> int:
    """The instant of a time that is well formed; one that can't be counted, a leap second, is refused."""
    try:
        return instant_of(text)
    except ValueError:
        raise Refused(f"{text} is no time that a clock can show") from None


def delete_world(worlds: Worlds, call: Call) -> Json:
    """Drops a world. A request that names it again begins a new one."""
    worlds.drop(call.path["world"])
    return Answer(status=204)


def reset_world(worlds: Worlds, call: Call) -> Json:
    """Takes a world back to how it was created."""
    world = worlds.get(call.path["world"])
    world.reset()
    return _shown(world)


def get_state(worlds: Worlds, call: Call) -> Json:
    """All of a world, secrets included, as JSON that `putState` takes back."""
    return worlds.get(call.path["world"]).export()


def put_state(worlds: Worlds, call: Call) -> Json:
    """Makes a world what an export says; the world is made first where there is none."""
    world = worlds.enter(call.path["world"])
    try:
        worlds.restore(world, call.body)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused(f"this state does not fit: {type(error).__name__} {error}") from None
    return _shown(world)


def list_exchanges(worlds: Worlds, masking: Masking, call: Call) -> Json:
    """The exchanges that match every filter, newest last; `limit` keeps the newest."""
    journal = worlds.get(call.path["world"]).journal
    wanted = [exchange for exchange in journal if _matches(exchange, call.query)]
    limit = call.query["limit"]
    shown_by = Unmasked() if call.query["secrets"] else masking
    return [shown(exchange, shown_by) for exchange in islice(wanted, max(len(wanted) - limit, 0), None)]


def get_exchange(worlds: Worlds, masking: Masking, call: Call) -> Json:
    """One exchange, with what it changed."""
    exchange = worlds.get(call.path["world"]).journal.get(call.path["exchange"])
    if exchange is None:
        raise NotFound("exchange", str(call.path["exchange"]))
    return shown(exchange, Unmasked() if call.query["secrets"] else masking)


def clear_journal(worlds: Worlds, call: Call) -> Json:
    """Forgets a world's exchanges; its state stays."""
    worlds.get(call.path["world"]).journal.clear()
    return Answer(status=204)


def list_deliveries(worlds: Worlds, call: Call) -> Json:
    """A world's webhook deliveries, newest last; `limit` keeps the newest."""
    records = Transaction(worlds.get(call.path["world"]).state)
    status, limit = call.query.get("status"), call.query["limit"]
    found = records.page(deliveries.NAME, limit=None if status else limit, newest_first=True)
    wanted = [deliveries.shown(record) for record in found if status in (None, record["status"])]
    return wanted[limit - 1 :: -1]


def redeliver(worlds: Worlds, call: Call) -> Json:
    """Has a delivery sent again, in the background."""
    world = worlds.get(call.path["world"])
    records = Transaction(world.state, world.seed)
    record = deliveries.redeliver(records, call.path["delivery"])
    world.commit(records)
    return deliveries.shown(record)


def list_mail(worlds: Worlds, call: Call) -> Json:
    """What a world's services would have e-mailed, oldest first; `to` keeps one recipient's."""
    table = worlds.get(call.path["world"]).state.tables.get(MAIL.name)
    mails = [mail for _, mail in table.rows()] if table else []
    return [mail for mail in mails if mail["to"] == call.query.get("to", mail["to"])]


def shown(exchange: Exchange, masking: Masking) -> Json:
    """An exchange as people read it."""
    request, response = exchange.request, exchange.response
    changes = [
        {
            "collection": it.collection,
            "id": it.key,
            "before": masking.value(it.before),
            "after": masking.value(it.after),
        }
        for it in exchange.changes
    ]
    return {
        "id": exchange.id,
        "at": iso(exchange.at),
        "service": exchange.service,
        "operation": exchange.operation,
        "request": {
            "method": request.method,
            "target": masking.target(request.target),
            "headers": masking.headers(pairs(request.headers)),
            "body": masking.body(request.body),
        },
        "response": {
            "status": response.status,
            "headers": masking.headers(response.headers),
            "body": masking.body(response.body),
        },
        "changes": changes,
        "ignored": exchange.ignored,
    }


def problem(problem: Problem, operation: Operation | None) -> Answer:
    """A refusal: `{"status", "message"}`, and for an unknown path the operations that look most like it."""
    body: dict[str, Any] = {"status": problem.status, "message": problem.message}
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(problem, UnknownPath):
        body["nearest"] = problem.nearest
    elif isinstance(problem, MethodNotAllowed):
        headers = (("Allow", ", ".join(problem.allow)),)
    elif isinstance(problem, NotFound) and problem.key:
        body["message"] = f"no {problem.kind} {problem.key}"
    elif isinstance(problem, InternalError):
        body["message"] = "internal server error; the server's log has the details"
    return Answer(body, problem.status, headers)


def _credential(token: str | None, request: Request) -> str | None:
    """The token where one is needed and the caller has it. No service's credential is good here."""
    if token is None:
        return NO_TOKEN
    given = bearer(request, "bearer") or ""
    return token if hmac.compare_digest(given.encode(errors="replace"), token.encode()) else None


def _issued(credential: str, records: Transaction, now: int) -> Principal | None:
    return ADMINISTRATOR


def _names(documents: Mapping[str, Document]) -> list[str]:
    return [name for name in documents if name != "control"]


def _described(name: str, document: Document, base: str) -> Json:
    count = sum(method in METHODS for item in document["paths"].values() for method in item)
    return {
        "name": name,
        "title": document["info"]["title"],
        "urls": [(base + server["url"]).rstrip("/") for server in document.get("servers", ())],
        "document": f"{base}/_mock/openapi/{name}.json",
        "operations": count,
    }


def _close_requests(document: Document) -> None:
    schemas = Schemas("served", document)
    for item in document["paths"].values():
        for method, operation in item.items():
            if method in METHODS:
                body = schemas.resolve(operation.get("requestBody", {}))
                for media in body.get("content", {}).values():
                    close(schemas, media.get("schema"))


def _tell_bare_text(document: Document, options: Mapping[str, Any]) -> None:
    """An answer that is sent bare, though labelled JSON, is nothing that a JSON schema could describe, nor a link read.
    Its description moves from `content` to `x-bare-text`, unless the option that `x-bare-text-unless` names is set."""
    for item in document["paths"].values():
        for method, operation in item.items():
            for response in operation["responses"].values() if method in METHODS else ():
                if "x-bare-text-unless" in response and not options.get(response["x-bare-text-unless"]):
                    response["x-bare-text"] = response.pop("content")
                    links = response.get("links", {}).items()
                    response["links"] = {name: link for name, link in links if "$response.body" not in str(link)}


def _shown(world: World) -> Json:
    return {
        "name": world.name,
        "from": world.origin,
        "seed": world.seed,
        "now": iso(world.clock.now()),
        "frozen": world.clock.frozen is not None,
        "options": world.options,
        "records": {name: len(table.records) for name, table in world.state.tables.items() if len(table.records)},
        "exchanges": len(world.journal),
    }


def _matches(exchange: Exchange, query: Mapping[str, Any]) -> bool:
    facts = {
        "service": exchange.service,
        "operation": exchange.operation,
        "method": exchange.request.method,
        "path": exchange.request.target.partition("?")[0],
        "status": exchange.response.status,
    }
    return exchange.id > query["after"] and all(query.get(name, value) == value for name, value in facts.items())
