"""Where a flow plays: on a deployment. A mock has a control plane besides: it tells what changed, and takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mockserver.core.messages import JSON_TYPE, Headers, Json, Request, Response, encode
from mockserver.engine.address import address
from mockserver.flows.player import Carry

EXCHANGE_HEADER = "X-Mock-Exchange"


class ControlPlaneRefusal(Exception):
    """The control plane of a mock does not do what the demonstration needs; says what it answered."""


@dataclass(frozen=True)
class DemoServer:
    """A deployment at `url`. `world` is the mock's world that it leads to, None where it is no mock."""

    url: str
    carry: Carry
    world: str | None = None
    token: str = ""

    def changes(self, response: Response) -> list[Json]:
        """What an exchange changed, secrets too: `{"collection", "id", "before", "after"}`, one for each record."""
        exchange = response.header(EXCHANGE_HEADER)
        if self.world is None or exchange is None:
            return []
        told = self._control("GET", f"/{self.world}/journal/{exchange}?secrets=true")
        return _folded(told["changes"])

    def keep(self) -> Json:
        """All of the world, for `take_back`; None where there is no way back."""
        return None if self.world is None else self._control("GET", f"/{self.world}/state")

    def take_back(self, kept: Json) -> None:
        """Makes the world again what it was when `keep` gave this."""
        self._control("PUT", f"/{self.world}/state", kept)

    def enter(self) -> None:
        """Sees to it that the world exists. ControlPlaneRefusal where the control plane lets nobody in."""
        worlds = self._control("GET", "")
        if self.world not in [world["name"] for world in worlds]:
            self._control("PUT", f"/{self.world}", {})

    def _control(self, method: str, what: str, body: Json = None) -> Json:
        headers = {"Content-Type": JSON_TYPE} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        payload = b"" if body is None else encode(body)
        target = f"/_mock/worlds{what}"
        response = self.carry(Request(method, target, Headers(headers), payload))
        if response.status >= 400:
            raise ControlPlaneRefusal(f"the control plane answers {response.status} to {method} {target}")
        return response.json()


def found(url: str, carry: Carry, token: str) -> DemoServer:
    """The stage at a URL: a mock's, if that is what answers there. Sends no credential to find out.

    `token` is that of a mock's control plane, empty where it has none. Raises ControlPlaneRefusal.
    """
    stage = DemoServer(url, carry)
    response = carry(Request("GET", "/_mock/health"))
    try:
        health = response.json() if response.status == 200 else None
    except ValueError:
        health = None
    if not isinstance(health, Mapping) or not {"status", "version", "services"} <= set(health):
        return stage
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    place = address(Request("GET", slash + path.rstrip("/") + "/", origin=f"{scheme}://{authority}"))
    mock = replace(stage, world=place.world, token=token)
    mock.enter()
    return mock


def _folded(changes: list[Json]) -> list[Json]:
    """One change for each record: from what was there first to what is there in the end."""
    folded: dict[tuple[str, str], Json] = {}
    for change in changes:
        key = change["collection"], change["id"]
        before = folded[key]["before"] if key in folded else change["before"]
        folded[key] = {**change, "before": before}
    return [change for change in folded.values() if change["before"] != change["after"]]
