"""The control plane, `/_mock`: worlds, their states and journals, and what is served.

It is a service like the others, but for one thing: its handlers act on worlds instead of records, so they are made for
the worlds of one server. Its own exchanges are journaled in a world of its own, which no request can name.

`served` tells what this server offers, `worlds` makes and changes worlds, `clocks` moves their time, `rules` makes
things go wrong in them, `exchanges` reads their journals and `verification` asserts on them, `outbox` shows what leaves
them; `dialect` is how the control plane authenticates and refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mockserver.control import clocks, dialect, exchanges, outbox, rules, served, verification, worlds
from mockserver.documents.document import Document
from mockserver.documents.secret_names import secret_bodies, secret_fields
from mockserver.engine.masking import Masking
from mockserver.engine.service import Service
from mockserver.worlds.worlds import Worlds


def service(all_worlds: Worlds, documents: Mapping[str, Document], token: str | None) -> Service:
    """The control plane over these worlds. With a token, every operation but health wants it as a bearer token."""
    masking = Masking(
        (name for document in documents.values() for name in secret_fields(document)),
        (operation for document in documents.values() for operation in secret_bodies(document)),
    )
    return Service(
        name="control",
        handlers={
            **served.handlers(all_worlds, documents, guarded=token is not None),
            **worlds.handlers(all_worlds),
            **clocks.handlers(all_worlds),
            **rules.handlers(all_worlds),
            **exchanges.handlers(all_worlds, masking),
            **verification.handlers(all_worlds, masking),
            **outbox.handlers(all_worlds),
        },
        credential=partial(dialect.credential, token),
        issued=dialect.issued,
        problem=dialect.problem,
    )
