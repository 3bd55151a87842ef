"""A running server and its worlds as Python objects, through the control plane over HTTP.

    server = MockServerClient("http://127.0.0.1:8080")
    world = server.world()                # a fresh world
    world.faults.add(service="netbird", status=503, times=1)
    world.clock.advance(days=7)
    world.journal.expect(operation="createIdentityProvider", status=200, times=1)

Return values are JSON as `openapi/control.yaml` describes it. A request that the control plane refuses raises
`ControlPlaneError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from mockserver.core.messages import Json
from mockserver.core.suggestions import suggestion
from mockserver.transports.http_client import HttpClient, Unreachable


class ControlPlaneError(Exception):
    """The control plane refused a request. The message has the request, the status and the reason."""


class MockServerClient:
    """A mock server at a URL. `token` is the token of its control plane, empty where it needs none."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        headers = {"Content-Type": "application/json"}
        self._connection = HttpClient(self.url, {**headers, "Authorization": f"Bearer {token}"} if token else headers)

    def ask(self, method: str, path: str, body: Json = None) -> Any:
        """Calls the control plane and returns the JSON of the response, None where it has no body.

        `path` is relative to `/_mock`. Raises ControlPlaneError, and Unreachable where no server answers.
        """
        try:
            response = self._connection.send(method, f"/_mock{path}", body)
        except Unreachable:  # the server closes a connection that was idle for long: try again on a new one
            response = self._connection.send(method, f"/_mock{path}", body)
        if response.status >= 300:
            raise ControlPlaneError(
                f"{method} /_mock{path}: {response.status} {response.body.decode(errors='replace')}"
            )
        return response.json() if response.body else None

    def world(self, name: str | None = None, **settings: Json) -> MockWorld:
        """Creates a world; replaces the one that has this name. `settings` are `scenario`, `seed`, `now`, `options`.

        Without a name the world gets a random one. Raises TypeError for any other setting.
        """
        _check_names("world", settings, ("scenario", "from", "seed", "now", "options"))
        name = name or f"t-{uuid4().hex[:20]}"
        scenario = settings.pop("scenario", None)
        if scenario is not None:
            settings["from"] = scenario
        self.ask("PUT", f"/worlds/{name}", settings)
        return MockWorld(self, name)

    def close(self) -> None:
        """Closes the connection. The next call opens another one."""
        self._connection.close()


class MockWorld:
    """One world. Requests reach it by its `url`, or at the server's own URL by its `headers`."""

    def __init__(self, server: MockServerClient, name: str) -> None:
        self.name = name
        self.url = f"{server.url}/_mock/w/{name}"
        self.headers = {"X-Mock-World": name}
        self._server = server
        self.journal = RemoteJournal(self)
        self.clock = RemoteClock(self)
        self.faults = RemoteFaults(self)

    def ask(self, method: str, path: str = "", body: Json = None) -> Any:
        """Calls the control plane; `path` is relative to `/_mock/worlds/{name}`. Raises ControlPlaneError."""
        return self._server.ask(method, f"/worlds/{self.name}{path}", body)

    @property
    def deliveries(self) -> list[Any]:
        """The world's webhook deliveries, newest last."""
        deliveries: list[Any] = self.ask("GET", "/deliveries")
        return deliveries

    @property
    def mail(self) -> list[Any]:
        """The e-mails that the real products would have sent, oldest first."""
        mail: list[Any] = self.ask("GET", "/mail")
        return mail

    def redeliver(self, delivery: str) -> Any:
        """Sends a webhook delivery again, in the background, and returns the delivery."""
        return self.ask("POST", f"/deliveries/{delivery}/redeliver")

    def state(self) -> Any:
        """Returns a snapshot of the world, secrets included, which `restore` accepts."""
        return self.ask("GET", "/state")

    def restore(self, state: Json) -> None:
        """Replaces the state of the world by a snapshot."""
        self.ask("PUT", "/state", state)

    def reset(self) -> None:
        """Returns the world to the state it was created with."""
        self.ask("POST", "/reset")

    def rewind(self, exchange: int | str) -> None:
        """Returns the world to the state after an exchange. The id is in the response's header X-Mock-Exchange."""
        self.ask("POST", "/rewind", {"to": int(exchange)})

    def drop(self) -> None:
        """Deletes the world."""
        self.ask("DELETE")


class RemoteJournal:
    """The exchanges with a world. Iterating yields them, newest last."""

    def __init__(self, world: MockWorld) -> None:
        self._world = world

    def __iter__(self) -> Iterator[Any]:
        return iter(self.exchanges())

    def __len__(self) -> int:
        return len(self.exchanges())

    def __getitem__(self, index: int) -> Any:
        return self.exchanges()[index]

    def exchanges(self, **filters: str | int) -> list[Any]:
        """Returns the exchanges that match every filter, newest last.

        Filters are `service`, `operation`, `method`, `path`, `status` and `after` (an exchange's id). `limit` keeps the
        newest ones; `secrets=True` shows secrets unmasked.
        """
        query = {name: str(value).lower() if isinstance(value, bool) else value for name, value in filters.items()}
        if query.pop("follow", "false") != "false":
            raise TypeError("exchanges() returns a list; a stream of exchanges is read from the journal's URL")
        exchanges: list[Any] = self._world.ask("GET", f"/journal?{urlencode(query)}")
        return exchanges

    def verify(self, **expectation: Json) -> Any:
        """Returns how many exchanges match an expectation and, if none does, the nearest one and its differences."""
        return self._world.ask("POST", "/journal/verify", expectation)

    def expect(self, **expectation: Json) -> list[int]:
        """Asserts that `times` exchanges match an expectation, or at least one without `times`. Returns their ids."""
        __tracebackhide__ = True  # pytest shows the failure at the line of the test
        verdict = self.verify(**expectation)
        assert verdict["satisfied"], _explain(expectation, verdict)
        ids: list[int] = verdict["exchanges"]
        return ids

    def clear(self) -> None:
        """Deletes the exchanges."""
        self._world.ask("DELETE", "/journal")


class RemoteClock:
    """A world's clock."""

    def __init__(self, world: MockWorld) -> None:
        self._world = world

    @property
    def now(self) -> datetime:
        """The current time of the world, in UTC."""
        return datetime.fromisoformat(self._world.ask("GET", "/clock")["now"])

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return bool(self._world.ask("GET", "/clock")["frozen"])

    def freeze(self, at: datetime | None = None) -> None:
        """Stops the clock, at its current time or at another one, which must have a time zone."""
        self._change(frozen=True, **({} if at is None else {"now": at.isoformat()}))

    def set(self, to: datetime) -> None:
        """Sets the clock to a time, which must have a time zone."""
        self._change(now=to.isoformat())

    def advance(self, by: timedelta | str | None = None, **units: float) -> None:
        """Moves the clock forward, by a timedelta, an ISO 8601 duration, or the arguments of a timedelta (`days=7`)."""
        _check_names("advance", units, ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds"))
        if (by is None) == (not units):
            raise TypeError("advance() takes either a duration or the arguments of a timedelta")
        step = timedelta(**units) if by is None else by
        self._change(advance=step if isinstance(step, str) else f"PT{step / timedelta(seconds=1):.6f}S")

    def run(self) -> None:
        """Lets a stopped clock run on."""
        self._change(frozen=False)

    def _change(self, **change: Json) -> None:
        self._world.ask("PATCH", "/clock", change)


class RemoteFaults:
    """The fault rules of a world. Iterating yields them, oldest first."""

    MATCH = ("service", "operation", "operationId", "method", "path")
    WHEN = ("nth", "times", "probability", "seed")

    def __init__(self, world: MockWorld) -> None:
        self._world = world

    def __iter__(self) -> Iterator[Any]:
        return iter(self._world.ask("GET", "/faults"))

    def add(self, **rule: Json) -> Any:
        """Adds a rule and returns it. The names are those of `openapi/control.yaml`.

        `service`, `operation`, `method` and `path` say which requests the rule matches; `nth`, `times`, `probability`
        and `seed` say which of these it hits; all other arguments are its effect.

        `add(operation="listIdentityProviders", status=503, times=1)`, `add(service="jackson", delay="2s")`,
        `add(rateLimit={"requests": 5, "seconds": 60})`.
        """
        match = {name: rule.pop(name) for name in self.MATCH if name in rule}
        when = {name: rule.pop(name) for name in self.WHEN if name in rule}
        return self._world.ask("POST", "/faults", {"match": match, **when, "effect": rule})

    def clear(self) -> None:
        """Deletes all rules."""
        self._world.ask("DELETE", "/faults")


def _check_names(function: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Raises TypeError for the first name that is not known."""
    for name in given:
        if name not in known:
            raise TypeError(f"{function}() takes no argument {name!r}{suggestion(name, known)}")


def describe_exchange(exchange: Any) -> str:
    """Returns an exchange as a few lines of text, for the report of a failed test."""
    request, response = exchange["request"], exchange["response"]
    operation = exchange["operation"] or "no operation"
    lines = [f"#{exchange['id']} {request['method']} {request['target']} -> {response['status']} ({operation})"]
    if request["body"] is not None:
        lines.append(f"    request body   {_short(request['body'])}")
    if response["body"] is not None:
        lines.append(f"    response body  {_short(response['body'])}")
    if exchange["ignored"]:
        lines.append(f"    ignored        {', '.join(exchange['ignored'])}")
    if exchange["fault"]:
        lines.append(f"    fault          {exchange['fault']}")
    return "\n".join(lines)


def _explain(expectation: Json, verdict: Any) -> str:
    expected = f"{expectation['times']}" if "times" in expectation else "at least one"
    text = f"expected {expected} exchanges like {expectation}, found {verdict['matches']}"
    if verdict["nearest"]:
        differences = "".join(f"\n    {difference}" for difference in verdict["nearest"]["differences"])
        exchange = describe_exchange(verdict["nearest"]["exchange"])
        text += f"\nThe nearest exchange:\n{exchange}\nDifferences:{differences}"
    return text


def _short(value: Json, limit: int = 500) -> str:
    text = str(value)
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"
