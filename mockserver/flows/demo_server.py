"""The server that a flow is played against: a mock or a real deployment.

A mock has a control plane besides its APIs. Through the control plane a demonstration learns what each exchange
changed, and can take a step back by restoring the world's state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mockserver.core.messages import JSON_TYPE, Headers, Json, Request, Response, encode
from mockserver.engine.address import address_of
from mockserver.flows.player import Carry

EXCHANGE_HEADER = "X-Mock-Exchange"


class ControlPlaneRefusal(Exception):
    """The control plane of the mock refused a request that the demonstration depends on."""


@dataclass(frozen=True)
class DemoServer:
    """A server at `url`.

    `carry` sends a request to it. `world` is the world of the mock that the URL leads to, None where the server is no
    mock. `token` is the control plane's token, empty where it needs none.
    """

    url: str
    carry: Carry
    world: str | None = None
    token: str = ""

    def changes(self, response: Response) -> list[Json]:
        """Returns what an exchange changed, one `{"collection", "id", "before", "after"}` per record, secrets
        unmasked."""
        exchange = response.header(EXCHANGE_HEADER)
        if self.world is None or exchange is None:
            return []
        entry = self._control("GET", f"/{self.world}/journal/{exchange}?secrets=true")
        return _merged(entry["changes"])

    def snapshot(self) -> Json:
        """Returns the state of the world, which `restore` accepts, or None where the server is no mock."""
        return None if self.world is None else self._control("GET", f"/{self.world}/state")

    def restore(self, snapshot: Json) -> None:
        """Replaces the state of the world by a snapshot."""
        self._control("PUT", f"/{self.world}/state", snapshot)

    def ensure_world(self) -> None:
        """Creates the world if it does not exist. Raises ControlPlaneRefusal, for instance for a wrong token."""
        worlds = self._control("GET", "")
        if self.world not in [world["name"] for world in worlds]:
            self._control("PUT", f"/{self.world}", {})

    def _control(self, method: str, path: str, body: Json = None) -> Json:
        headers = {"Content-Type": JSON_TYPE} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        payload = b"" if body is None else encode(body)
        target = f"/_mock/worlds{path}"
        response = self.carry(Request(method, target, Headers(headers), payload))
        if response.status >= 400:
            raise ControlPlaneRefusal(f"the control plane answers {response.status} to {method} {target}")
        return response.json()


def discover(url: str, carry: Carry, token: str) -> DemoServer:
    """Returns the server at a URL, with its world if a mock answers there. No credential is sent to find that out.

    `token` is the token of the mock's control plane, empty where it needs none. Raises ControlPlaneRefusal.
    """
    server = DemoServer(url, carry)
    response = carry(Request("GET", "/_mock/health"))
    try:
        health = response.json() if response.status == 200 else None
    except ValueError:
        health = None
    if not isinstance(health, Mapping) or not {"status", "version", "services"} <= set(health):
        return server
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    place = address_of(Request("GET", slash + path.rstrip("/") + "/", origin=f"{scheme}://{authority}"))
    mock = replace(server, world=place.world, token=token)
    mock.ensure_world()
    return mock


def _merged(changes: list[Json]) -> list[Json]:
    """Merges the changes of each record into one, from its first value to its last.

    Drops records that end unchanged.
    """
    merged: dict[tuple[str, str], Json] = {}
    for change in changes:
        key = change["collection"], change["id"]
        before = merged[key]["before"] if key in merged else change["before"]
        merged[key] = {**change, "before": before}
    return [change for change in merged.values() if change["before"] != change["after"]]
