"""The support desk, and the one list of another service that clients ask for right after login."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.worlds import mail

DESK = "support@netfoundry.example"


def create_support_request(call: Call) -> None:
    """The request reaches the support desk by e-mail."""
    wish = call.body
    mail.send(call.records, call.now, "netfoundry", to=DESK, subject=wish["subject"], text=wish["comment"], facts=wish)


def list_network_groups(call: Call) -> Json:
    """There are none: networks belong to another service."""
    size, number = call.query.get("size", 20), call.query.get("page", 0)
    page = {"size": size, "totalElements": 0, "totalPages": 0, "number": number}
    return {"_embedded": {"networkGroupList": []}, "page": page}
