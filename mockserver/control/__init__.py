"""The control plane, `/_mock`: a service whose handlers act on worlds instead of records.

The handlers are bound to the worlds of one server. The control plane's own exchanges are recorded in the journal of a
world that no request can name.

    discovery      health, the list of services, their documents, the public keys
    worlds         creates, resets, rewinds, exports, imports and deletes worlds
    clocks         reads and changes the clock of a world
    fault_rules    lists, adds and deletes the fault rules of a world
    exchanges      lists, streams and deletes the journal of a world
    verification   counts the exchanges that match an expectation
    outbox         webhook deliveries and e-mail
    vocabulary     the services, operations, methods and paths that may be named
    wording        explains what a request breaks in the document
    dialect        authentication and error bodies
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mockserver.control import clocks, dialect, discovery, exchanges, fault_rules, outbox, verification, worlds
from mockserver.control.vocabulary import Vocabulary
from mockserver.control.wording import Wording
from mockserver.documents.document import Document
from mockserver.documents.secret_names import secret_bodies, secret_fields
from mockserver.engine.masking import Masking
from mockserver.engine.options import WorldOption
from mockserver.engine.service import CONTROL, Service
from mockserver.worlds.worlds import Worlds


def service(
    all_worlds: Worlds, documents: Mapping[str, Document], options: Mapping[str, WorldOption], token: str | None
) -> Service:
    """Returns the control plane of these worlds.

    `options` are those that a world can have. With a token, every operation that the document does not declare open
    requires it as a bearer token.
    """
    masking = Masking(
        (name for document in documents.values() for name in secret_fields(document)),
        (operation for document in documents.values() for operation in secret_bodies(document)),
    )
    vocabulary = Vocabulary(documents)
    return Service(
        name="control",
        handlers={
            **discovery.handlers(all_worlds, documents, guarded=token is not None),
            **worlds.handlers(all_worlds, options),
            **clocks.handlers(all_worlds),
            **fault_rules.handlers(all_worlds, vocabulary),
            **exchanges.handlers(all_worlds, masking, vocabulary),
            **verification.handlers(all_worlds, masking, vocabulary),
            **outbox.handlers(all_worlds),
        },
        credential=partial(dialect.credential, token),
        issued=dialect.issued,
        problem=partial(dialect.problem, Wording(CONTROL, documents[CONTROL])),
    )
