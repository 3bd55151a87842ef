"""What the suite is aimed at: by default the mock, over the network and in the process; else `--url-for`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import httpx
import pytest

from .deployment import SCHEMES, Deployment
from .documents import operations
from .processes import mock


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "contract tests of identity-provider-management APIs")
    group.addoption("--url-for", action="append", default=[], metavar="SERVICE=URL", help="a deployment to test")
    group.addoption(
        "--credential-env", metavar="NAME", help="the environment variable that holds the deployment's credential"
    )
    group.addoption("--allow-writes", action="store_true", help="also write to deployments that are not loopback")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "network: the network is what is tested, or needed")
    config.addinivalue_line("markers", "operations(fit): run for each operation of which this is true")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `operation` runs for each operation; one that takes `deployment` for each way to reach it."""
    urls = dict(entry.split("=", 1) for entry in metafunc.config.getoption("--url-for"))
    services = list(urls or SCHEMES)
    if "operation" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("operations")
        fits = marker.kwargs["fit"] if marker else bool
        chosen = [it for service in services for it in operations(service).values() if fits(it)]
        metafunc.parametrize("operation", chosen, ids=[f"{it.service}-{it.id}" for it in chosen])
    if "reached" in metafunc.fixturenames:
        ways = ["network"] if metafunc.definition.get_closest_marker("network") else ["network", "in-process"]
        metafunc.parametrize("reached", ["url"] if urls else ways, scope="session")


@pytest.fixture(scope="session")
def network_url() -> Iterator[str]:
    """The mock as people start it, on a free port."""
    with mock() as url:
        yield url


@pytest.fixture(scope="session")
def network_client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def process_client() -> Iterator[httpx.Client]:
    """A client whose requests a mock within this process answers."""
    from mockserver import MockServer, Request

    server = MockServer()

    def answer(request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        response = server.handle(Request(request.method, target, request.headers, request.content, origin))
        return httpx.Response(response.status, headers=response.headers, content=response.body)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        yield client


@pytest.fixture
def deployment_of(request: pytest.FixtureRequest, reached: str) -> Callable[[str], Deployment]:
    """Gives the deployment of a service, reached one way or the other."""
    urls = dict(entry.split("=", 1) for entry in request.config.getoption("--url-for"))
    variable = request.config.getoption("--credential-env")
    credential = os.environ[variable] if variable else "mock-admin"

    def made(service: str) -> Deployment:
        if urls:
            client = request.getfixturevalue("network_client")
            is_mock = client.get(f"{urls[service].rstrip('/')}/_mock/health").status_code == 200
            return Deployment(service, urls[service].rstrip("/"), client, credential, is_mock)
        if reached == "network":
            url = request.getfixturevalue("network_url")
            return Deployment(service, url, request.getfixturevalue("network_client"), credential, True)
        return Deployment(service, "http://mock.localhost", request.getfixturevalue("process_client"), credential, True)

    return made
