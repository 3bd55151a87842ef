"""A deployment of one service: the mock, over the network or in the process, or a real one.

Whatever the suite asks goes through `Deployment.send`, which has every answer judged.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import httpx

from .documents import Sample
from .judge import Judge

SCHEMES = {"netbird": "Token", "jackson": "Api-Key", "vcf": "Bearer", "netfoundry": "Bearer", "scim": "Bearer"}
"""How each API takes its credential: `Authorization: <scheme> <credential>`."""

_names = itertools.count(1)


class Deployment:
    """`url` is where the service's native paths begin, `credential` the administrator's, `world` one of the mock's."""

    def __init__(
        self, service: str, url: str, client: httpx.Client, credential: str, is_mock: bool, world: str | None = None
    ) -> None:
        self.service = service
        self.url = url
        self.is_mock = is_mock
        self._client = client
        self._credential = credential
        self._world = world
        self._judge = _judge(service, url)

    def fresh(self, scenario: str = "documented", **options: Any) -> Deployment:
        """The same deployment in a world of its own, where it has worlds."""
        if not self.is_mock:
            return self
        name = f"contract-{next(_names)}"
        wish = {"from": scenario, "seed": 1, "options": options}
        answer = self._client.put(f"{self.url}/_mock/worlds/{name}", json=wish)
        assert answer.status_code in (200, 201), answer.text
        return Deployment(self.service, self.url, self._client, self._credential, True, name)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        credential: str | None = "",
    ) -> httpx.Response:
        """One exchange. `body` is sent as JSON, `content` as it is; `credential` None sends none, "" the own one."""
        sent = {"X-Mock-World": self._world} if self._world else {}
        if credential is not None:
            sent["Authorization"] = f"{SCHEMES[self.service]} {credential or self._credential}"
        sent.update(headers or {})
        if body is not None and "Content-Type" not in sent:
            sent["Content-Type"] = "application/json"
        payload = content if body is None else httpx.Request("POST", self.url, json=body).content
        response = self._client.request(method, self.url + path, headers=sent, content=payload)
        complaint = self._judge.complaint(response)
        assert complaint is None, f"{method} {path} → {response.status_code} {response.text[:500]}\n{complaint}"
        return response

    def state(self) -> Any:
        """All that the deployment's world holds; None where that can't be known."""
        if not self.is_mock:
            return None
        exported = self._client.get(f"{self.url}/_mock/worlds/{self._world}/state").json()
        return exported["collections"], exported["counters"]

    def ask(self, sample: Sample, **changes: Any) -> httpx.Response:
        """Sends a sample; `changes` replace what `send` takes."""
        arguments = {"body": sample.body, "headers": sample.headers, **changes}
        return self.send(sample.method, sample.path, **arguments)


_judges: dict[tuple[str, str], Judge] = {}


def _judge(service: str, url: str) -> Judge:
    """One judge for each service and URL: making one takes a while."""
    key = (service, url)
    if key not in _judges:
        _judges[key] = Judge(service, url)
    return _judges[key]
