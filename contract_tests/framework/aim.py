"""What the options of a run mean: which services are tested, where, as whom, and what may be done there."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from .acceptance import Acceptance, InvalidAcceptance, freedoms, read
from .credentials import NoCredential, credential
from .documents import services
from .evidence import Evidence
from .target import Target, is_loopback, waiting

ADMINISTRATOR = "mock-admin"
"""The mock's own credential, which is no secret."""


class Aim:
    """The options, understood. pytest.UsageError where a run can't begin with them."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.getoption
        self.check: str | None = option("--check")
        self.urls = dict(_service_url(entry) for entry in option("--url-for"))
        self.services = [self.check] if self.check else list(self.urls or services())
        self.seconds = _seconds(option("--within"))
        self.evidence: dict[str, Evidence] = {}
        self.targets: dict[tuple[str, str], Target] = {}
        self.client = httpx.Client(timeout=30)
        self._writes: bool = option("--allow-writes")
        self._pause = waiting(option("--rate"))
        self._credential: tuple[Any, Any] = option("--credential-env"), option("--credential-file")
        try:
            self._accepted = read(option("--accept")) if option("--accept") else Acceptance({})
            for service, url in self.urls.items():
                self.target(service, url, self.client)
        except (NoCredential, InvalidAcceptance) as error:
            raise pytest.UsageError(str(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise pytest.UsageError(f"{url} can't be reached: {error}") from None

    def ways(self, network_only: bool) -> list[str]:
        """How tests reach their deployments."""
        if self.urls:
            return ["url"]
        if self.check:
            return [] if network_only else ["in-process"]
        return ["network"] if network_only else ["network", "in-process"]

    def target(self, service: str, url: str, client: httpx.Client) -> Target:
        """The target at a URL. Asked for the first time, it is looked at: is it a mock, is a credential wanted?"""
        key = (service, url)
        if key not in self.targets:
            writes = self._writes or is_loopback(url)
            is_mock = _is_mock(client, url)
            evidence = self.evidence_on(service, is_mock)
            secret = ADMINISTRATOR
            if not is_mock or any(self._credential):
                secret = credential(*self._credential, url)
            worlds = is_mock and writes
            self.targets[key] = Target(service, url, client, secret, worlds, writes, evidence, self._pause)
        return self.targets[key]

    def evidence_on(self, service: str, is_mock: bool = True) -> Evidence:
        """The evidence on a service. What its standard leaves free is not held against a real deployment."""
        if service not in self.evidence:
            accepted = self._accepted if is_mock else freedoms(service) | self._accepted
            self.evidence[service] = Evidence(service, accepted)
        return self.evidence[service]


AIM = pytest.StashKey[Aim]()


def _is_mock(client: httpx.Client, url: str) -> bool:
    try:
        health = client.get(f"{url}/_mock/health")
        return health.status_code == 200 and "services" in health.json()
    except ValueError:
        return False


def _service_url(entry: str) -> tuple[str, str]:
    service, equals, url = entry.partition("=")
    if not equals or service not in services():
        raise pytest.UsageError(f"--url-for wants SERVICE=URL with one of {', '.join(services())}")
    if not re.match("https?://[^/]", url):
        raise pytest.UsageError("a deployment's URL begins with http:// or https://")
    if httpx.URL(url).userinfo:
        raise pytest.UsageError("put no credential into the URL: process lists and reports show it")
    return service, url.rstrip("/")


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(s|m)?", text)
    if match is None:
        raise pytest.UsageError(f"--within wants a time such as 60s or 2m, not {text!r}")
    return float(match[1]) * (60 if match[2] == "m" else 1)
