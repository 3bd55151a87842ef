"""`MockServer`: documents, fixtures, services and worlds put together. Transports and commands start from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockserver import control
from mockserver.core.messages import Request, Response
from mockserver.core.suggestions import suggestion
from mockserver.engine.engine import Engine
from mockserver.engine.options import WorldOption, declared, fault_in
from mockserver.engine.routing import UnservableError
from mockserver.engine.service import Service
from mockserver.registry import apis, resources
from mockserver.registry.credentials import credential_headers
from mockserver.worlds import deliveries, faults
from mockserver.worlds.worlds import Limits, Worlds


class MockServer:
    """The whole mock in one object: `MockServer().handle(Request("GET", "/api/identity-providers", ...))`.

    `services` names the ones to serve (all by default). `scenario` and `seed` are what worlds begin with; `auth` is
    "lenient", "strict" or "off"; `strict` refuses what the documents do not describe. `options` are
    `<service>.<name>` → value. `wall` gives the time in nanoseconds since 1970. `control_token`, when set, guards the
    control plane. Raises ValueError for a service, scenario or option that does not exist and for a value that an
    option cannot have, RegistrationError for a registered
    service that can't be served. It is for one thread at a time.
    """

    def __init__(
        self,
        *,
        services: Sequence[str] | None = None,
        scenario: str = "documented",
        seed: int = 0,
        auth: str = "lenient",
        strict: bool = False,
        options: Mapping[str, Any] | None = None,
        wall: Callable[[], int] = time.time_ns,
        limits: Limits | None = None,
        control_token: str | None = None,
        external_url: str | None = None,
    ) -> None:
        self._served = _chosen(services)
        self._control_token = control_token
        self._external_url = external_url
        if scenario not in resources.scenarios():
            raise ValueError(f"no scenario {scenario!r}{suggestion(scenario, resources.scenarios())}")
        if not -(2**63) <= seed < 2**63:
            raise ValueError("the seed must be a 64-bit integer")
        limits = limits or Limits()
        if min(limits.worlds, limits.exchanges, limits.journal_bytes) < 1:
            raise ValueError(f"every limit must be at least 1: {limits}")
        self.options = options_of(apis.services())
        settings = {"auth": auth, "strict": strict, **(options or {})}
        wrong = fault_in(self.options, settings)
        if wrong:
            raise ValueError(wrong)
        own = (deliveries.COLLECTION, faults.COLLECTION)
        self.worlds = Worlds(
            resources.scenario,
            (*own, *(collection for service in apis.services() for collection in service.collections)),
            wall,
            scenario,
            seed,
            settings,
            limits,
        )
        self.engine = self._engine()

    def handle(self, request: Request) -> Response:
        """Answers one request. Never raises for anything a client sends."""
        return self.engine.handle(request)

    def reload(self) -> None:
        """Reads documents and fixtures again. Worlds keep their state; a document that does not compile raises."""
        self.engine = self._engine()
        self.worlds.reload_scenarios()

    def _engine(self) -> Engine:
        documents = {name: apis.document(name) for name in [*(it.name for it in self._served), "control"]}
        for name, document in documents.items():
            try:
                credential_headers(document, "")
            except ValueError as error:
                raise resources.fault(name, str(error)) from None
        self.vendor_urls = [url for document in documents.values() for url in document.get("x-vendor-urls", ())]
        plane = control.service(self.worlds, documents, self.options, self._control_token)
        try:
            return Engine([*self._served, plane], documents, self.worlds, self._external_url)
        except UnservableError as error:
            raise resources.fault(error.service, error.reason) from error


def options_of(services: Sequence[Service]) -> Mapping[str, WorldOption]:
    """Returns every option that a world can have, by its full name."""
    return declared({it.name: (*it.options, WorldOption("profile", it.profiles)) for it in services})


def _chosen(names: Sequence[str] | None) -> tuple[Service, ...]:
    known = {service.name: service for service in apis.services()}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise ValueError(f"no service {unknown[0]!r}{suggestion(unknown[0], known)}")
    return tuple(known[name] for name in names or known)
