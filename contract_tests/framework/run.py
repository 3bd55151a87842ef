"""One run of the suite: what its options ask for, the deployments that it tests and the evidence that it gathers."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from .accepted import AcceptedDifferences, InvalidAcceptFile, accepted_by_standard, read
from .credentials import NoCredential, credential
from .deployment import DeploymentUnderTest, is_loopback, seconds_between_requests
from .documents import services
from .evidence import Evidence

ADMINISTRATOR = "mock-admin"
"""The mock's own credential, which is public."""


class Run:
    """The options of a run, interpreted. Raises pytest.UsageError if the run can't start with them."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.getoption
        self.check: str | None = option("--check")
        self.urls = dict(_service_url(entry) for entry in option("--url-for"))
        self.services = [self.check] if self.check else list(self.urls or services())
        self.seconds = _seconds(option("--within"))
        self.evidence: dict[str, Evidence] = {}
        self.deployments: dict[tuple[str, str], DeploymentUnderTest] = {}
        self.client = httpx.Client(timeout=30)
        self._writes: bool = option("--allow-writes")
        self._pause = seconds_between_requests(option("--rate"))
        self._credential: tuple[Any, Any] = option("--credential-env"), option("--credential-file")
        try:
            self._accepted = read(option("--accept")) if option("--accept") else AcceptedDifferences({})
            for service, url in self.urls.items():
                self.deployment(service, url, self.client)
        except (NoCredential, InvalidAcceptFile) as error:
            raise pytest.UsageError(str(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise pytest.UsageError(f"{url} can't be reached: {error}") from None

    def transports(self, network_only: bool) -> list[str]:
        """Returns the names of the ways in which a test reaches its deployment."""
        if self.urls:
            return ["url"]
        if self.check:
            return [] if network_only else ["in-process"]
        return ["network"] if network_only else ["network", "in-process"]

    def deployment(self, service: str, url: str, client: httpx.Client) -> DeploymentUnderTest:
        """Returns the deployment at a URL. The first call finds out whether it is a mock and needs a credential."""
        key = (service, url)
        if key not in self.deployments:
            is_mock = _is_mock(client, url)
            secret = ADMINISTRATOR
            if not is_mock or any(self._credential):
                secret = credential(*self._credential, url)
            writes = self._writes or is_loopback(url)
            self.deployments[key] = DeploymentUnderTest(
                service,
                url,
                client,
                secret,
                # Creating a world is a write, so a mock that may only be read is treated like any other deployment.
                worlds=is_mock and writes,
                writes=writes,
                evidence=self.evidence_of(service, is_mock),
                pause=self._pause,
            )
        return self.deployments[key]

    def evidence_of(self, service: str, is_mock: bool = True) -> Evidence:
        """Returns the evidence about a service. A real deployment may also differ where the standard allows it."""
        if service not in self.evidence:
            accepted = self._accepted if is_mock else accepted_by_standard(service) | self._accepted
            self.evidence[service] = Evidence(service, accepted)
        return self.evidence[service]


RUN = pytest.StashKey[Run]()


def _is_mock(client: httpx.Client, url: str) -> bool:
    try:
        health = client.get(f"{url}/_mock/health")
        return health.status_code == 200 and "services" in health.json()
    except ValueError:
        return False


def _service_url(entry: str) -> tuple[str, str]:
    service, equals, url = entry.partition("=")
    if not equals or service not in services():
        raise pytest.UsageError(f"--url-for takes SERVICE=URL, where SERVICE is one of {', '.join(services())}")
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
        raise pytest.UsageError(f"--within takes a time such as 60s or 2m, not {text!r}")
    return float(match[1]) * (60 if match[2] == "m" else 1)
