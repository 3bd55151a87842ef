"""`/new-api/v1/teams`: named groups of people."""

from __future__ import annotations

from mockserver import Answer, Call, Collection, Handler, Json, NotFound, Record

COLLECTION = Collection("new-api.teams")
TEAMS = COLLECTION.name


def list_teams(call: Call) -> Json:
    """Returns all teams, oldest first."""
    return call.records.page(TEAMS)


def create_team(call: Call) -> Json:
    """Adds a team under a new id."""
    return Answer(_put(call, call.ids.uuid()), status=201)


def get_team(call: Call) -> Json:
    """Returns one team; 404 for an unknown id."""
    return _found(call)


def replace_team(call: Call) -> Json:
    """Replaces all fields but the id; 404 for an unknown id."""
    return _put(call, _found(call)["id"])


def delete_team(call: Call) -> Json:
    """Removes a team; 404 for an unknown id."""
    call.records.delete(TEAMS, _found(call)["id"])
    return Answer(status=204)


def _put(call: Call, key: str) -> Record:
    """Stores what the request's body says, which has been validated against the document."""
    record = {"id": key, "name": call.body["name"], "description": call.body.get("description", "")}
    call.records.put(TEAMS, key, record)
    return record


def _found(call: Call) -> Record:
    record = call.records.get(TEAMS, call.path["teamId"])
    if record is None:
        raise NotFound("team", call.path["teamId"])
    return record


HANDLERS: dict[str, Handler] = {
    "listTeams": list_teams,
    "createTeam": create_team,
    "getTeam": get_team,
    "replaceTeam": replace_team,
    "deleteTeam": delete_team,
}
"""The handler of each operation, by the document's operationId."""
