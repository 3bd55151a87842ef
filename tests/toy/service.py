"""A server of the toy API and the control plane, called without a network."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver import control
from mockserver.core.messages import Headers, Json, Request, Response
from mockserver.engine.engine import Engine
from mockserver.registry.resources import document as resource
from mockserver.state.store import Transaction
from mockserver.worlds import faults
from mockserver.worlds.names import DEFAULT
from mockserver.worlds.world import World
from mockserver.worlds.worlds import Limits, Worlds
from tests.toy.api import SERVICE, THINGS
from tests.toy.document import DOCUMENT

CONTROL_DOCUMENT = resource("control")

START = 1_700_000_000 * 1_000_000_000
"""The instant at which every toy world begins, in nanoseconds since 1970."""


class Toy:
    """A server of the toy API whose clock stands still at START."""

    def __init__(self, seed: int = 0, limits: Limits | None = None, **options: Any) -> None:
        documents = {"toy": DOCUMENT, "control": CONTROL_DOCUMENT}
        scenarios: dict[str, Json] = {"empty": {"collections": {}, "counters": {}}}
        collections = (THINGS, faults.COLLECTION)
        self.worlds = Worlds(
            scenarios.__getitem__, collections, lambda: START, "empty", seed, options, limits or Limits()
        )
        self.engine = Engine([SERVICE, control.service(self.worlds, documents, {}, None)], documents, self.worlds)

    @property
    def world(self) -> World:
        return self.worlds.get_or_create(DEFAULT)

    def call(
        self, method: str, target: str, body: object = None, token: str | None = "any", **headers: str
    ) -> Response:
        """Header names are written with underscores; a body of bytes is sent as it is."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            given = {"Authorization": f"Toy {token}", **given}
        content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.engine.handle(Request(method, target, Headers(given), content))

    def names(self) -> list[str]:
        """The names of all things there are."""
        return [record["name"] for record in Transaction(self.world.state).page("things")]
