"""E-mails that a service would send. The world keeps them as records; none is ever delivered."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.core.clock import iso
from mockserver.core.ids import Ids
from mockserver.core.messages import Json
from mockserver.state.store import Collection, Transaction

MAIL = Collection("mail")


def send(
    records: Transaction, now: int, service: str, *, to: str, subject: str, text: str, facts: Mapping[str, Json]
) -> None:
    """Stores an e-mail. `now` is in nanoseconds. `facts` has the links and keys of the text, for programs to read."""
    key = Ids(records.draw).uuid()
    mail = {"id": key, "at": iso(now), "service": service, "to": to, "subject": subject}
    records.put(MAIL.name, key, {**mail, "text": text, "facts": dict(facts)})
