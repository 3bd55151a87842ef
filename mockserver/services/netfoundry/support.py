"""Support requests, and a list of another service that the vendor's client asks for after it logs in."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.worlds import mail

DESK = "support@netfoundry.example"


def create_support_request(call: Call) -> None:
    """Mails the request to the support desk."""
    request = call.body
    subject, text = request["subject"], request["comment"]
    mail.send(call.records, call.now, "netfoundry", to=DESK, subject=subject, text=text, facts=request)


def list_network_groups(call: Call) -> Json:
    """Returns an empty page: network groups belong to another service, which this server does not stand in for."""
    size, number = call.query.get("size", 20), call.query.get("page", 0)
    page = {"size": size, "totalElements": 0, "totalPages": 0, "number": number}
    return {"_embedded": {"networkGroupList": []}, "page": page}
