"""The most frequent SCIM requests: one user, a user by name, and a page of users, in a directory with groups."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from benchmarks.load import Work

USERS = 1_000
LIST_TARGET = 0.04
"""A list of 100 users: 1,000 per second on a machine on which the bare handler returns 25,000 responses."""

ONE_TARGET = 0.5
MOUNT = "/api/scim/v2"


async def works(mock: str, ask: Callable[[Work], Awaitable[Any]]) -> list[Work]:
    """Fills the directory of a new Okta integration of NetBird, and returns the kinds of requests to measure."""
    await ask(Work("integration", mock, "POST", "/api/integrations/okta-scim-idp", b"{}"))
    users = [{"method": "POST", "path": "/Users", "data": _user(number)} for number in range(USERS)]
    created = await ask(Work("users", mock, "POST", f"{MOUNT}/Bulk", orjson.dumps({"Operations": users})))
    keys = [outcome["location"].rpartition("/")[2] for outcome in created["Operations"]]
    for start in range(0, USERS, 50):
        group = {"displayName": f"Group {start}", "members": [{"value": key} for key in keys[start : start + 50]]}
        await ask(Work("group", mock, "POST", f"{MOUNT}/Groups", orjson.dumps(group)))
    name = _user(USERS // 2)["userName"]
    equal = f"{MOUNT}/Users?filter=userName%20eq%20%22{name}%22"
    return [
        Work("scim get", mock, "GET", f"{MOUNT}/Users/{keys[USERS // 2]}", target=ONE_TARGET),
        Work("scim userName eq", mock, "GET", equal, target=ONE_TARGET),
        Work("scim list of 100", mock, "GET", f"{MOUNT}/Users?startIndex=300&count=100", target=LIST_TARGET),
    ]


def _user(number: int) -> dict[str, Any]:
    name = f"user{number}@example.com"
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "externalId": f"00u{number}",
        "name": {"givenName": "Ann", "familyName": f"Lee {number}"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "displayName": f"Ann Lee {number}",
        "active": True,
    }
