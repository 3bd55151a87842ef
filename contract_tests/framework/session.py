"""A test's session with the deployment: every request of a test goes through `Session.send`.

The session sends only what is allowed, validates every response against the document and records it as evidence.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import httpx
import pytest

from .deployment import DeploymentUnderTest
from .documents import DocumentedOperation, credential_header, operation_at
from .interrupts import hold_interrupts
from .naming import new_name
from .samples import SampleRequest
from .validation import Difference, validator

LONGEST = 1500
"""The number of characters of a body that a curl command shows."""


class UnacceptedDifference(AssertionError):
    """A response differs from the document in ways that nobody has accepted."""

    def __init__(self, request: str, status: int, differences: Iterable[Difference]) -> None:
        described = "; ".join(f"{it.kind}: {it.where}" for it in differences)
        super().__init__(f"{request} → {status}, which the document does not allow: {described}")


class Session:
    """The deployment under test, in a world of its own if the deployment is a mock."""

    def __init__(self, deployment: DeploymentUnderTest, world: str | None = None) -> None:
        self.service = deployment.service
        self.url = deployment.url
        self.is_mock = deployment.worlds
        self._deployment = deployment
        self._world = world
        self._validator = validator(deployment.service, deployment.url, deployment.mounted)

    def require_mock(self, reason: str) -> Session:
        """Returns this session. On a real deployment the test ends here, and the report says NOT tested and why."""
        if not self.is_mock:
            pytest.skip(reason)
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
        """Sends a request and returns the response. Raises UnacceptedDifference if the document does not allow it.

        `body` is sent as JSON, `content` as it is. `credential` "" stands for the run's own; with None the request has
        none. `harmless` promises that the deployment should refuse the request, or that it affects nothing.
        """
        why_forbidden = self._deployment.why_forbidden(method, path, harmless)
        if why_forbidden:
            pytest.skip(why_forbidden)
        operation = operation_at(self.service, method, path)
        body = self._deployment.with_suite_name(operation, body)
        payload = content if body is None else httpx.Request("POST", self.url, json=body).content
        sent_headers = self._headers(headers or {}, credential, is_json=body is not None)
        with hold_interrupts():
            response = self._deployment.request(method, path, sent_headers, payload)
            if operation:
                self._deployment.track(operation, response, path.partition("?")[0], body)
        unaccepted = self._add_evidence(operation, response, payload)
        if unaccepted:
            raise UnacceptedDifference(f"{method} {path}", response.status_code, unaccepted)
        return response

    def send_sample(self, sample: SampleRequest, **overrides: Any) -> httpx.Response:
        """Sends a sample request. `overrides` replace arguments of `send`."""
        arguments = {"body": sample.body, "headers": sample.headers, **overrides}
        return self.send(sample.method, sample.path, **arguments)

    def state(self) -> Any:
        """Returns everything that the world contains, or None for a real deployment, whose state is unknown."""
        if not self.is_mock:
            return None
        exported = self._deployment.client.get(f"{self.url}/_mock/worlds/{self._world}/state").json()
        return exported["collections"], exported["counters"]

    def _add_evidence(
        self, operation: DocumentedOperation | None, response: httpx.Response, payload: bytes | None
    ) -> list[Difference]:
        """Adds a response and its differences to the evidence. Returns the differences that are not accepted."""
        body = _json(response)
        secrets, evidence = self._deployment.secrets, self._deployment.evidence
        # A secret that a response contains must be known before anything is masked.
        secrets.learn(body)
        curl = secrets.mask(_curl(response.request, payload, list(credential_header(self.service, ""))))
        evidence.add_response(operation, response.status_code, body, curl)
        return evidence.add_differences(operation, self._validator.differences(response))

    def _headers(self, given: Mapping[str, str], credential: str | None, is_json: bool) -> dict[str, str]:
        headers = {"X-Mock-World": self._world} if self._world else {}
        if credential is not None:
            headers.update(credential_header(self.service, credential or self._deployment.credential))
        # The credentials on a vendor's page are not those of any real deployment.
        names = credential_header(self.service, "")
        headers.update({name: value for name, value in given.items() if self.is_mock or name not in names})
        if is_json:
            headers.setdefault("Content-Type", "application/json")
        return headers


class OpenSession(Protocol):
    """The fixture `open_session`."""

    def __call__(self, service: str, scenario: str = "documented", **options: Any) -> Session:
        """Opens a session with a service. A mock starts a new world, with this scenario and these world options."""


def open_session(deployment: DeploymentUnderTest, scenario: str, options: Mapping[str, Any]) -> Session:
    """Opens a session with a deployment, in a new world if the deployment is a mock."""
    if not deployment.worlds:
        return Session(deployment)
    world = new_name()
    deployment.created_worlds.append(world)
    settings = {"from": scenario, "seed": 1, "options": options}
    response = deployment.client.put(f"{deployment.url}/_mock/worlds/{world}", json=settings)
    assert response.status_code in (200, 201), response.text
    return Session(deployment, world)


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _curl(request: httpx.Request, payload: bytes | None, credential_headers: Sequence[str]) -> str:
    """Returns a command that repeats a request, with a variable in place of the credential."""
    parts = ["curl", "-i", "-X", request.method, shlex.quote(str(request.url))]
    for name in (*credential_headers, "Content-Type"):
        value = request.headers.get(name)
        if value is None:
            continue
        scheme, space, secret = value.rpartition(" ")
        if name in credential_headers and not secret.startswith("mock-"):
            parts += ["-H", f'"{name}: {scheme}{space}$CREDENTIAL"']
        else:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    if payload:
        text = payload.decode(errors="replace")
        shortened = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(payload)} bytes)"
        parts += ["--data-binary", shlex.quote(shortened)]
    return " ".join(parts)
