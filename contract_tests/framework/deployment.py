"""How the tests speak to a deployment: whatever they ask goes through `Deployment.send`.

It sends only what may be sent, has every answer judged, and takes it down as evidence.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import httpx
import pytest

from .documents import Sample, credential_header, operation_at
from .interrupts import uninterrupted
from .judge import Difference, judge
from .target import Target, new_name

LONGEST = 1500
"""Characters of a body in a curl."""


class Drifted(AssertionError):
    """An answer that the document does not allow, in ways that nobody has accepted."""

    def __init__(self, asked: str, status: int, found: Iterable[Difference]) -> None:
        differences = "; ".join(f"{it.kind}: {it.where}" for it in found)
        super().__init__(f"{asked} → {status}, which the document does not allow: {differences}")


class Deployment:
    """A target in one of its worlds, where it has any."""

    def __init__(self, target: Target, world: str | None = None) -> None:
        self.service = target.service
        self.url = target.url
        self.is_mock = target.worlds
        self._target = target
        self._world = world
        self._judge = judge(target.service, target.url, target.mounted)

    def fresh(self, scenario: str = "documented", **options: Any) -> Deployment:
        """The same deployment in a world of its own, where it has worlds."""
        if not self.is_mock:
            return self
        name = new_name()
        wish = {"from": scenario, "seed": 1, "options": options}
        self._target.made_worlds.append(name)
        answer = self._target.client.put(f"{self.url}/_mock/worlds/{name}", json=wish)
        assert answer.status_code in (200, 201), answer.text
        return Deployment(self._target, name)

    def only_mock(self, why_not: str) -> Deployment:
        """The same deployment, if it is the mock. What only a mock can be asked is reported as NOT tested elsewhere."""
        if not self.is_mock:
            pytest.skip(why_not)
        return self

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        credential: str | None = "",
        harmless: bool = False,
    ) -> httpx.Response:
        """One exchange. `body` is sent as JSON, `content` as it is; `credential` None sends none, "" the own one.

        `harmless` says that it is refused, or done to nothing that there is.
        """
        why_not = self._target.forbids(method, path, harmless)
        if why_not:
            pytest.skip(why_not)
        operation = operation_at(self.service, method, path)
        body = self._target.named(operation, body)
        payload = content if body is None else httpx.Request("POST", self.url, json=body).content
        sent = self._headers(headers or {}, credential, body is not None)
        with uninterrupted():
            response = self._target.request(method, path, sent, payload)
            if operation:
                self._target.register(operation, response, path.partition("?")[0], body)
        answered = _json(response)
        self._target.secrets.learn(answered)
        curl = self._target.secrets.masked(_curl(response.request, payload, list(credential_header(self.service, ""))))
        evidence = self._target.evidence
        evidence.answered(operation, response.status_code, answered, curl)
        fresh = evidence.differs(operation, self._judge.differences(response))
        if fresh:
            raise Drifted(f"{method} {path}", response.status_code, fresh)
        return response

    def state(self) -> Any:
        """All that the deployment's world holds; None where that can't be known."""
        if not self.is_mock:
            return None
        exported = self._target.client.get(f"{self.url}/_mock/worlds/{self._world}/state").json()
        return exported["collections"], exported["counters"]

    def ask(self, sample: Sample, **changes: Any) -> httpx.Response:
        """Sends a sample; `changes` replace what `send` takes."""
        arguments = {"body": sample.body, "headers": sample.headers, **changes}
        return self.send(sample.method, sample.path, **arguments)

    def _headers(self, given: Mapping[str, str], credential: str | None, is_json: bool) -> dict[str, str]:
        sent = {"X-Mock-World": self._world} if self._world else {}
        if credential is not None:
            sent.update(credential_header(self.service, credential or self._target.credential))
        # The credentials that a page shows are no real deployment's.
        carriers = credential_header(self.service, "")
        sent.update({name: value for name, value in given.items() if self.is_mock or name not in carriers})
        if is_json:
            sent.setdefault("Content-Type", "application/json")
        return sent


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _curl(request: httpx.Request, payload: bytes | None, carriers: Sequence[str]) -> str:
    """A request as a command that can be run again, its credential left to a variable."""
    parts = ["curl", "-i", "-X", request.method, shlex.quote(str(request.url))]
    for name in (*carriers, "Content-Type"):
        value = request.headers.get(name)
        if value is None:
            continue
        scheme, space, secret = value.rpartition(" ")
        if name in carriers and not secret.startswith("mock-"):
            parts += ["-H", f'"{name}: {scheme}{space}$CREDENTIAL"']
        else:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    if payload:
        text = payload.decode(errors="replace")
        shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(payload)} bytes)"
        parts += ["--data-binary", shlex.quote(shown)]
    return " ".join(parts)
