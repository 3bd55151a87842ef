"""What a service would have e-mailed. It is kept in the world, oldest first, and sent to nobody."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.clock import iso
from mockserver.messages import Json
from mockserver.service import Call
from mockserver.store import Collection

MAIL = Collection("mail")


def send(call: Call, to: str, subject: str, text: str, facts: Mapping[str, Json]) -> None:
    """Keeps a mail. `facts` are what a program would have to read out of the text: links, keys."""
    key = call.ids.uuid()
    mail = {"id": key, "at": iso(call.now), "service": call.operation.service, "to": to, "subject": subject}
    call.records.put(MAIL.name, key, {**mail, "text": text, "facts": dict(facts)})
