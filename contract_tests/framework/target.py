"""What is tested: one service of one deployment, and what may be done to it.

Nothing is sent to a real deployment that could hurt it. It is only read from, unless it is on loopback or its owner
allows writes; and then nothing is changed but what the suite made, which it names after itself and removes.
"""

from __future__ import annotations

import itertools
import re
import secrets
import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import httpx

from .credentials import Secrets
from .documents import (
    Operation,
    credential_header,
    mounts_vary,
    operation_at,
    operations,
    resolve,
    sample,
    within_mount,
)
from .evidence import Evidence
from .links import creates, followed

PREFIX = "contract-"
"""How everything that the suite makes is called at first."""

NAMES = ("name", "displayName", "userName", "label", "connection_name")
"""The fields that can say so."""

_numbers = itertools.count(1)
_run = secrets.token_hex(3)


def new_name() -> str:
    """A name that nothing has, and that tells where it comes from."""
    return f"{PREFIX}{_run}-{next(_numbers)}"


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine by its name or address."""
    host = httpx.URL(url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@dataclass
class Target:
    """`url` is where native paths begin, or the mount itself of a service that each deployment mounts elsewhere.

    `worlds` says that it is a mock which may be given worlds; `pause` is in seconds between two requests.
    """

    service: str
    url: str
    client: httpx.Client
    credential: str
    worlds: bool
    writes: bool
    evidence: Evidence
    pause: float = 0.0
    created: list[str] = field(default_factory=list)
    made_worlds: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.secrets = Secrets(self.credential)
        self.mounted = mounts_vary(self.service) and not self.worlds
        self._next = 0.0

    def address(self, path: str) -> str:
        """The URL of a native path."""
        return self.url + (within_mount(self.service, path) if self.mounted else path)

    def request(self, method: str, path: str, headers: dict[str, str], content: bytes | None) -> httpx.Response:
        """Sends one request, not before its time."""
        wait = self._next - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._next = time.monotonic() + self.pause
        return self.client.request(method, self.address(path), headers=headers, content=content)

    def forbids(self, method: str, path: str, harmless: bool) -> str | None:
        """Why a request must not be sent; None where it may. A `harmless` one is to be refused by the deployment."""
        operation = operation_at(self.service, method, path)
        if self.worlds or method in ("GET", "HEAD", "OPTIONS") or (operation and operation.reads):
            return None
        if not self.writes:
            return "it writes, and the deployment is only read from (--allow-writes)"
        if harmless or any(path == made or path.startswith(f"{made}/") for made in self.created):
            return None
        if operation and creates(operation) and not operation.names_something:
            return None
        return "it would change what the suite did not make, or make what can't be removed"

    def named(self, operation: Operation | None, body: Any) -> Any:
        """A body of which what it makes or changes is named after the suite. A mock's worlds need no such names."""
        if self.worlds or operation is None or not isinstance(body, dict):
            return body
        given = [name for name in NAMES if isinstance(body.get(name), str)]
        if not given and creates(operation):
            given = [name for name in NAMES if name in _optional_fields(operation)][:1]
        return {**body, **{name: new_name() for name in given}}

    def register(self, operation: Operation, response: httpx.Response, path: str, body: Any) -> None:
        """Remembers what a request made, and forgets what it removed."""
        if self.worlds or not response.is_success:
            return
        if operation.method == "DELETE" and path in self.created:
            self.created.remove(path)
        elif creates(operation):
            self.created += [to for _, to in followed(operation, response, path, body).get("DELETE", ())]

    def clean(self) -> list[str]:
        """Removes all that the suite made in this run, the last first; gives what could not be removed."""
        self.drop_worlds()
        left = [path for path in reversed(self.created) if not self._delete(path)]
        self.created = []
        return left

    def drop_worlds(self) -> None:
        """Drops the worlds that were made."""
        while self.made_worlds:
            self.client.delete(f"{self.url}/_mock/worlds/{self.made_worlds.pop()}")

    def leftovers(self) -> tuple[list[str], list[str]]:
        """Removes what killed runs left behind: all that is named after the suite. Gives what was removed, and what
        could not be: a list that is not shown may hold something, so it is named as well.
        """
        paths: list[str] = []
        unseen: list[str] = []
        if self.worlds:
            found = self.client.get(f"{self.url}/_mock/worlds").json()
            paths = [f"/_mock/worlds/{it['name']}" for it in found if _is_ours(it["name"])]
        else:
            for operation in filter(creates, operations(self.service).values()):
                shown = self._leftovers(operation)
                paths += shown if shown is not None else []
                unseen += [operation.template] if shown is None else []
        removed = [path for path in paths if self._delete(path)]
        return removed, [path for path in paths if path not in removed] + unseen

    def _leftovers(self, operation: Operation) -> list[str] | None:
        """The paths by which what an operation made in killed runs can be deleted; None where nobody may look."""
        listing = operation_at(self.service, "GET", operation.template)
        asked = sample(listing) if listing and not operation.names_something else None
        if asked is None:
            return []
        answer = self.request("GET", asked.path, self.headers(), None)
        if not answer.is_success:
            return None
        bare = asked.path.partition("?")[0]
        return [f"{bare}/{it['id']}" for it in items(answer.json()) if any(_is_ours(it.get(name)) for name in NAMES)]

    def headers(self) -> dict[str, str]:
        """What shows who asks."""
        return credential_header(self.service, self.credential)

    def _delete(self, path: str) -> bool:
        try:
            response = self.request("DELETE", path, self.headers(), None)
        except httpx.HTTPError:
            return False
        return response.is_success or response.status_code == 404


def items(body: Any) -> list[dict[str, Any]]:
    """The records of a list's answer, wherever its envelope has them."""
    if isinstance(body, list):
        return [it for it in body if isinstance(it, dict) and "id" in it]
    if isinstance(body, dict):
        return next((found for value in body.values() if (found := items(value))), [])
    return []


def waiting(rate: float | None) -> float:
    """The seconds between two requests at a rate in requests a second."""
    return 1 / rate if rate else 0.0


def _is_ours(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(rf"{PREFIX}[0-9a-f]{{6}}-[0-9]+", value) is not None


def _optional_fields(operation: Operation) -> list[str]:
    """The fields that an operation's JSON body may have, and need not: a wrong body must not be put right."""
    body = resolve(operation.service, operation.definition.get("requestBody"))
    media = next(iter(body["content"].values())) if body else {}
    schema = resolve(operation.service, media.get("schema", {}))
    return [name for name in schema.get("properties", {}) if name not in schema.get("required", ())]
