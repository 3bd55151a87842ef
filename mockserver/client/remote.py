"""A server's control plane as Python objects, over HTTP: what tests hold of a server and of a world in it.

    deployment = MockServerClient("http://127.0.0.1:8080")
    world = deployment.world()            # a fresh one
    world.faults.add(service="netbird", status=503, times=1)
    world.clock.advance(days=7)
    world.journal.expect(operation="createIdentityProvider", status=200, times=1)

Everything that comes back is JSON as `openapi/control.yaml` describes it. A refusal raises `ControlPlaneError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from mockserver.core.messages import Json
from mockserver.transports.http_client import HttpClient, Unreachable


class ControlPlaneError(Exception):
    """The control plane said no: its status and message."""


class MockServerClient:
    """A server at a URL. `token` is that of its control plane, where it wants one."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        headers = {"Content-Type": "application/json"}
        self._connection = HttpClient(self.url, {**headers, "Authorization": f"Bearer {token}"} if token else headers)

    def ask(self, method: str, path: str, body: Json = None) -> Any:
        """One call of the control plane; `path` is relative to `/_mock`. Gives the answer's JSON, None for no body."""
        try:
            response = self._connection.send(method, f"/_mock{path}", body)
        except Unreachable:  # the server closes a connection over which nothing was said for long
            response = self._connection.send(method, f"/_mock{path}", body)
        if response.status >= 300:
            raise ControlPlaneError(
                f"{method} /_mock{path}: {response.status} {response.body.decode(errors='replace')}"
            )
        return response.json() if response.body else None

    def world(self, name: str | None = None, **wish: Json) -> MockWorld:
        """A new world, in place of one that has this name. `wish` is `seed`, `now`, `options`, or `scenario`."""
        name = name or f"t-{uuid4().hex[:20]}"
        if wish.get("scenario") is not None:
            wish["from"] = wish["scenario"]
        wish.pop("scenario", None)
        self.ask("PUT", f"/worlds/{name}", wish)
        return MockWorld(self, name)

    def close(self) -> None:
        """Hangs up."""
        self._connection.close()


class MockWorld:
    """One world. Its `url` leads to it; so do its `headers`, for a client that calls the server's own URL."""

    def __init__(self, deployment: MockServerClient, name: str) -> None:
        self.name = name
        self.url = f"{deployment.url}/_mock/w/{name}"
        self.headers = {"X-Mock-World": name}
        self._deployment = deployment
        self.journal = RemoteJournal(self)
        self.clock = RemoteClock(self)
        self.faults = RemoteFaults(self)

    def ask(self, method: str, path: str = "", body: Json = None) -> Any:
        """A call of the control plane about this world."""
        return self._deployment.ask(method, f"/worlds/{self.name}{path}", body)

    @property
    def deliveries(self) -> list[Any]:
        """Its webhook deliveries, newest last."""
        found: list[Any] = self.ask("GET", "/deliveries")
        return found

    @property
    def mail(self) -> list[Any]:
        """What would have been e-mailed, oldest first."""
        found: list[Any] = self.ask("GET", "/mail")
        return found

    def redeliver(self, delivery: str) -> Any:
        """Has a webhook sent again."""
        return self.ask("POST", f"/deliveries/{delivery}/redeliver")

    def state(self) -> Any:
        """All that is in it, as `restore` takes it back."""
        return self.ask("GET", "/state")

    def restore(self, state: Json) -> None:
        """Makes the world what an export says."""
        self.ask("PUT", "/state", state)

    def reset(self) -> None:
        """Back to how it was made."""
        self.ask("POST", "/reset")

    def rewind(self, exchange: int | str) -> None:
        """To the moment after an exchange; its id is what the answer bore in X-Mock-Exchange."""
        self.ask("POST", "/rewind", {"to": int(exchange)})

    def drop(self) -> None:
        """Forgets it."""
        self.ask("DELETE")


class RemoteJournal:
    """What was asked of a world. Iterating gives the exchanges, newest last."""

    def __init__(self, world: MockWorld) -> None:
        self._world = world

    def __iter__(self) -> Iterator[Any]:
        return iter(self.exchanges())

    def __len__(self) -> int:
        return len(self.exchanges())

    def __getitem__(self, index: int) -> Any:
        return self.exchanges()[index]

    def exchanges(self, **filters: str | int) -> list[Any]:
        """The exchanges that match every filter: service, operation, method, path, status, after, limit, secrets."""
        found: list[Any] = self._world.ask("GET", f"/journal?{urlencode(filters)}")
        return found

    def verify(self, **expectation: Json) -> Any:
        """How many exchanges are as expected, and if none is, the nearest one and how it differs."""
        return self._world.ask("POST", "/journal/verify", expectation)

    def expect(self, **expectation: Json) -> list[int]:
        """Asserts that as many exchanges as `times`, or at least one, are as expected; gives their ids."""
        __tracebackhide__ = True  # a test's failure is shown where the test is
        verdict = self.verify(**expectation)
        assert verdict["satisfied"], _explained(expectation, verdict)
        ids: list[int] = verdict["exchanges"]
        return ids

    def clear(self) -> None:
        """Forgets the exchanges."""
        self._world.ask("DELETE", "/journal")


class RemoteClock:
    """A world's clock."""

    def __init__(self, world: MockWorld) -> None:
        self._world = world

    @property
    def now(self) -> datetime:
        """What it shows, in UTC."""
        return datetime.fromisoformat(self._world.ask("GET", "/clock")["now"])

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return bool(self._world.ask("GET", "/clock")["frozen"])

    def freeze(self, at: datetime | None = None) -> None:
        """Stops it, where it is or at a time (that knows its zone)."""
        self._change(frozen=True, **({} if at is None else {"now": at.isoformat()}))

    def set(self, to: datetime) -> None:
        """Sets it to a time (that knows its zone)."""
        self._change(now=to.isoformat())

    def advance(self, by: timedelta | str | None = None, **units: float) -> None:
        """Moves it on, by a timedelta, an ISO 8601 duration, or what a timedelta is made of (`days=7`)."""
        step = timedelta(**units) if by is None else by
        self._change(advance=step if isinstance(step, str) else f"PT{step / timedelta(seconds=1):.6f}S")

    def run(self) -> None:
        """Lets it run on from where it is."""
        self._change(frozen=False)

    def _change(self, **wish: Json) -> None:
        self._world.ask("PATCH", "/clock", wish)


class RemoteFaults:
    """What goes wrong in a world on purpose. Iterating gives the rules, oldest first."""

    MATCH = ("service", "operationId", "method", "path")
    WHEN = ("nth", "times", "probability", "seed")

    def __init__(self, world: MockWorld) -> None:
        self._world = world

    def __iter__(self) -> Iterator[Any]:
        return iter(self._world.ask("GET", "/faults"))

    def add(self, **rule: Json) -> Any:
        """Adds a rule: what it matches, when it hits, and everything else its effect, by the names of the document.

        `add(operationId="listIdentityProviders", status=503, times=1)`, `add(service="jackson", delay="2s")`,
        `add(rateLimit={"requests": 5, "seconds": 60})`.
        """
        match = {name: rule.pop(name) for name in self.MATCH if name in rule}
        when = {name: rule.pop(name) for name in self.WHEN if name in rule}
        return self._world.ask("POST", "/faults", {"match": match, **when, "effect": rule})

    def clear(self) -> None:
        """Deletes all rules."""
        self._world.ask("DELETE", "/faults")


def told(exchange: Any) -> str:
    """An exchange in a few lines, for people who look for what went wrong."""
    request, response = exchange["request"], exchange["response"]
    operation = exchange["operation"] or "no operation"
    lines = [f"#{exchange['id']} {request['method']} {request['target']} -> {response['status']} ({operation})"]
    if request["body"] is not None:
        lines.append(f"    sent     {_short(request['body'])}")
    if response["body"] is not None:
        lines.append(f"    answered {_short(response['body'])}")
    if exchange["ignored"]:
        lines.append(f"    nothing read {', '.join(exchange['ignored'])}")
    if exchange["fault"]:
        lines.append(f"    on purpose {exchange['fault']}")
    return "\n".join(lines)


def _explained(expectation: Json, verdict: Any) -> str:
    wanted = f"{expectation['times']}" if "times" in expectation else "at least one"
    text = f"{verdict['matches']} exchanges are as expected, not {wanted}: {expectation}"
    if verdict["nearest"]:
        differences = "".join(f"\n    {difference}" for difference in verdict["nearest"]["differences"])
        text += f"\nThe nearest one:\n{told(verdict['nearest']['exchange'])}\nIt differs:{differences}"
    return text


def _short(value: Json, limit: int = 500) -> str:
    text = str(value)
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"
