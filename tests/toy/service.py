"""The toy API: things with a name, and operations that misbehave on purpose."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver import control
from mockserver.core.messages import Answer, Headers, Json, Request, Response
from mockserver.core.problems import Conflict, MethodNotAllowed, NotFound, Problem, Refused
from mockserver.documents.spec import Operation
from mockserver.engine.engine import Engine
from mockserver.engine.service import Call, Principal, Service, bearer
from mockserver.registry.resources import document as resource
from mockserver.state.store import Collection, Transaction
from mockserver.worlds.names import DEFAULT
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Limits, Worlds
from tests.toy.document import DOCUMENT

CONTROL_DOCUMENT = resource("control")

START = 1_700_000_000 * 1_000_000_000
"""The instant at which every toy world begins, in nanoseconds since 1970."""

THINGS = Collection("things", unique={"name": lambda record: record["name"]})


def list_things(call: Call) -> Json:
    return call.records.page("things", limit=call.query["limit"])


def create_thing(call: Call) -> Json:
    sent = {name: call.body[name] for name in ("name", "size", "parts") if name in call.body}
    record = {"id": call.ids.uuid(), "at": call.now, **sent}
    call.records.put("things", record["id"], record)
    if call.body["name"] == "taken":
        raise Conflict("there is one of that name")
    return Answer(record, headers=(("Location", f"{call.base}/things/{record['id']}"),))


def get_thing(call: Call) -> Json:
    record = call.records.get("things", call.path["id"])
    if record is None:
        raise NotFound("thing", call.path["id"])
    return record


def delete_thing(call: Call) -> Json:
    call.records.delete("things", get_thing(call)["id"])
    return Answer(status=204)


def misbehave(call: Call) -> Json:
    """Changes something first, so that it shows whether the change was taken back."""
    create = {"id": call.ids.uuid(), "name": "left behind"}
    call.records.put("things", create["id"], create)
    match call.path["how"]:
        case "raise":
            return create["no such field"]
        case "status":
            return Answer({"id": "1"}, status=418)
        case "body":
            return {"nonsense": True}
        case "type":
            return Answer(b"text", content_type="text/plain")
        case "header":
            return Answer({"id": "1"}, status=201)
        case "refuse":
            raise Refused("not today", status=409)
        case _:
            return Answer({"id": {1, 2}}, status=200)


def hello(call: Call) -> Json:
    return {"role": call.principal.role, "base": call.base}


def credential(request: Request) -> str | None:
    return bearer(request, "toy")


def issued(credential: str, records: Transaction, now: int) -> Principal | None:
    found = records.find("things", "name", credential)
    return Principal("thing", found["id"]) if found else None


def problem(problem: Problem, operation: Operation | None) -> Answer:
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(problem, MethodNotAllowed):
        headers = (("Allow", ", ".join(problem.allow)),)
    return Answer({"toy": type(problem).__name__, "said": problem.message}, problem.status, headers)


SERVICE = Service(
    name="toy",
    handlers={
        "listThings": list_things,
        "createThing": create_thing,
        "getThing": get_thing,
        "deleteThing": delete_thing,
        "misbehave": misbehave,
        "hello": hello,
    },
    credential=credential,
    problem=problem,
    collections=(THINGS,),
    issued=issued,
    media_suffix="; charset=UTF-8",
)


class Toy:
    """A server of the toy API whose clock stands still at START."""

    def __init__(self, seed: int = 0, limits: Limits | None = None, **options: Any) -> None:
        documents = {"toy": DOCUMENT, "control": CONTROL_DOCUMENT}
        scenarios: dict[str, Json] = {"empty": {"collections": {}, "counters": {}}}
        self.worlds = Worlds(
            scenarios.__getitem__, (THINGS,), lambda: START, "empty", seed, options, limits or Limits()
        )
        self.engine = Engine([SERVICE, control.service(self.worlds, documents, None)], documents, self.worlds)

    @property
    def world(self) -> World:
        return self.worlds.get_or_create(DEFAULT)

    def call(
        self, method: str, target: str, body: object = None, token: str | None = "any", **headers: str
    ) -> Response:
        """Header names are written with underscores; a body of bytes is sent as it is."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            given = {"Authorization": f"Toy {token}", **given}
        content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.engine.handle(Request(method, target, Headers(given), content))

    def names(self) -> list[str]:
        """The names of all things there are."""
        return [record["name"] for record in Transaction(self.world.state).page("things")]
