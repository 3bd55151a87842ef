"""The toy API: things with a name, and operations that misbehave on purpose."""

from __future__ import annotations

from mockserver.core.messages import Answer, Json, Request
from mockserver.core.problems import Conflict, MethodNotAllowed, NotFound, Problem, Refused
from mockserver.documents.spec import Operation
from mockserver.engine.service import Call, Principal, Service, bearer
from mockserver.state.store import Collection, Transaction

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
    """Changes something first, so that a test can see whether the change was rolled back."""
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
    return {"role": call.principal.role, "base": call.base, "name": call.header.get("X-Name")}


def credential(request: Request) -> str | None:
    return bearer(request, "toy")


def issued(credential: str, records: Transaction, now: int) -> Principal | None:
    found = records.find("things", "name", credential)
    return Principal("thing", found["id"]) if found else None


def problem(problem: Problem, operation: Operation | None) -> Answer:
    headers = [("X-Refused", f"{problem.path} {problem.at}")]
    if isinstance(problem, MethodNotAllowed):
        headers.append(("Allow", ", ".join(problem.allow)))
    return Answer({"toy": type(problem).__name__, "said": problem.message}, problem.status, tuple(headers))


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
