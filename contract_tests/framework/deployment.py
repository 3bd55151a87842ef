"""The deployment under test: one service at one URL, and what the run may do to it.

A real deployment is only read, unless it is on loopback or its owner allows writes. Even then the suite changes nothing
but what it has created, which carries a recognisable name and is removed at the end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import httpx

from .credentials import Secrets
from .documents import DocumentedOperation, credential_header, mounts_vary, operation_at, operations, within_mount
from .evidence import Evidence
from .links import creates, linked_operations
from .naming import is_named_by_suite, is_suite_name, with_new_names
from .samples import sample


def is_loopback(url: str) -> bool:
    """Returns whether the host of a URL is this machine, by name or address."""
    host = httpx.URL(url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def seconds_between_requests(rate: float | None) -> float:
    """Returns the pause that keeps a run to `rate` requests per second; 0 without a rate."""
    return 1 / rate if rate else 0.0


@dataclass
class DeploymentUnderTest:
    """One service of a deployment.

    `url` is where native paths begin, or the mount itself if each deployment of the service has its own. `worlds` is
    true for a mock in which the run may create worlds. `writes` allows writes. `pause` is in seconds.
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
    """The paths of what the run has created and not yet removed."""
    created_worlds: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.secrets = Secrets(self.credential)
        self.mounted = mounts_vary(self.service) and not self.worlds
        self._next_request = 0.0

    def request(self, method: str, path: str, headers: dict[str, str], content: bytes | None) -> httpx.Response:
        """Sends one request to a native path, after waiting as long as the rate demands."""
        wait = self._next_request - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._next_request = time.monotonic() + self.pause
        url = self.url + (within_mount(self.service, path) if self.mounted else path)
        return self.client.request(method, url, headers=headers, content=content)

    def why_forbidden(self, method: str, path: str, harmless: bool) -> str | None:
        """Returns why a request must not be sent, or None if it may.

        A `harmless` request is one that the deployment should refuse, or that affects nothing.
        """
        operation = operation_at(self.service, method, path)
        if self.worlds or method in ("GET", "HEAD", "OPTIONS") or (operation and operation.reads):
            return None
        if not self.writes:
            return "it writes, and the deployment may only be read (--allow-writes)"
        if harmless or any(path == created or path.startswith(f"{created}/") for created in self.created):
            return None
        if operation and creates(operation) and not operation.names_resource:
            return None
        return "it would change what the suite has not created, or create what can't be removed"

    def with_suite_name(self, operation: DocumentedOperation | None, body: Any) -> Any:
        """Returns the body with the suite's names in it. A mock needs none, because its worlds are dropped whole."""
        if self.worlds or operation is None or not isinstance(body, dict):
            return body
        return with_new_names(operation, body, creates(operation))

    def track(self, operation: DocumentedOperation, response: httpx.Response, path: str, body: Any) -> None:
        """Remembers what a request has created, and forgets what it has deleted."""
        if self.worlds or not response.is_success:
            return
        if operation.method == "DELETE" and path in self.created:
            self.created.remove(path)
        elif creates(operation):
            self.created += [link for _, link in linked_operations(operation, response, path, body).get("DELETE", ())]

    def remove_created(self) -> list[str]:
        """Removes everything that the run has created, newest first. Returns the paths that could not be removed."""
        self.drop_worlds()
        left = [path for path in reversed(self.created) if not self._delete(path)]
        self.created = []
        return left

    def drop_worlds(self) -> None:
        """Drops the worlds that the run has created."""
        while self.created_worlds:
            self.client.delete(f"{self.url}/_mock/worlds/{self.created_worlds.pop()}")

    def remove_leftovers(self) -> tuple[list[str], list[str]]:
        """Removes what killed runs have left behind, which is everything with the suite's names.

        Returns the paths that were removed, and those that could not be. A list that can't be read is among the latter,
        because it may contain leftovers.
        """
        paths: list[str] = []
        unreadable: list[str] = []
        if self.worlds:
            names = [world["name"] for world in self.client.get(f"{self.url}/_mock/worlds").json()]
            paths = [f"/_mock/worlds/{name}" for name in names if is_suite_name(name)]
        else:
            for operation in filter(creates, operations(self.service).values()):
                leftovers = self._leftovers(operation)
                paths += leftovers or []
                unreadable += [operation.template] if leftovers is None else []
        removed = [path for path in paths if self._delete(path)]
        return removed, [path for path in paths if path not in removed] + unreadable

    def _leftovers(self, operation: DocumentedOperation) -> list[str] | None:
        """Returns the paths of what an operation has created in killed runs; None if the list can't be read."""
        listing = operation_at(self.service, "GET", operation.template)
        request = sample(listing) if listing and not operation.names_resource else None
        if request is None:
            return []
        response = self.request("GET", request.path, self._authorization(), None)
        if not response.is_success:
            return None
        path = request.path.partition("?")[0]
        return [f"{path}/{record['id']}" for record in records(response.json()) if is_named_by_suite(record)]

    def _authorization(self) -> dict[str, str]:
        return credential_header(self.service, self.credential)

    def _delete(self, path: str) -> bool:
        try:
            response = self.request("DELETE", path, self._authorization(), None)
        except httpx.HTTPError:
            return False
        return response.is_success or response.status_code == 404


def records(body: Any) -> list[dict[str, Any]]:
    """Returns the records in the body of a list, whatever envelope surrounds them."""
    if isinstance(body, list):
        return [it for it in body if isinstance(it, dict) and "id" in it]
    if isinstance(body, dict):
        return next((inner for value in body.values() if (inner := records(value))), [])
    return []
