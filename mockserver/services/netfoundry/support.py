"""The support desk, and the one list of another service that clients ask for right after login."""

from __future__ import annotations

from mockserver import mail
from mockserver.messages import Json
from mockserver.service import Call

DESK = "support@netfoundry.example"


def create_support_request(call: Call) -> None:
    """Goes to the support desk by mail."""
    mail.send(call, DESK, call.body["subject"], call.body["comment"], call.body)


def list_network_groups(call: Call) -> Json:
    """There are none: networks belong to another service."""
    size, number = call.query.get("size", 20), call.query.get("page", 0)
    page = {"size": size, "totalElements": 0, "totalPages": 0, "number": number}
    return {"_embedded": {"networkGroupList": []}, "page": page}
