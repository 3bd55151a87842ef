"""What the suite is aimed at: by default the mock, over the network and in the process; else `--url-for`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from .framework.aim import AIM, Aim
from .framework.deployment import Deployment
from .framework.documents import exchanges, operations, services
from .framework.processes import mock
from .framework.proving import Proving


def pytest_addoption(parser: pytest.Parser) -> None:
    add = parser.getgroup("contract", "contract tests of identity-provider-management APIs").addoption
    add("--url-for", action="append", default=[], metavar="SERVICE=URL", help="a deployment to test")
    add("--check", choices=services(), help="test this service alone, and report; without a URL the mock, in-process")
    add("--credential-env", metavar="NAME", help="the environment variable that holds the deployment's credential")
    add("--credential-file", type=Path, metavar="FILE", help="the file that holds it")
    add("--allow-writes", action="store_true", help="also write to deployments that are not loopback")
    add("--rate", type=float, metavar="N", help="at most N requests a second")
    add("--within", metavar="60s", help="begin no test after this time")
    add("--report", type=Path, metavar="DIR", help="write the reports there")
    add("--contract-seed", type=int, default=0, metavar="N", help="the order of the tests; 0 for the suite's own")
    add("--compare", type=Path, metavar="FILE", help="another run's JSON report: show where the two part")
    add("--accept", type=Path, metavar="FILE", help="reviewed differences (YAML): only new ones fail")
    add("--record", metavar="NAME", help="keep what is proven in contract_tests/proof, as proven by NAME")
    add("--clean", action="store_true", help="remove what killed runs left behind, and test nothing")


def pytest_configure(config: pytest.Config) -> None:
    line = config.addinivalue_line
    line("markers", "network: the network is what is tested, or needed")
    line("markers", "once: one way to reach the mock is enough, the quickest")
    line("markers", "operations(fit): run for each operation of which this is true")
    line("markers", "proves(aspect): what of an operation's evidence a test gives")
    line("markers", "service(name): of which service a test is that takes no operation")
    aim = Aim(config)
    config.stash[AIM] = aim
    config.pluginmanager.register(Proving(config, aim))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `operation` runs for each operation, one that takes `exchange` for each example of the vendors'
    pages, one that takes `deployment` for each way to reach it."""
    aim = metafunc.config.stash[AIM]
    if "operation" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("operations")
        fits = marker.kwargs["fit"] if marker else bool
        chosen = [it for service in aim.services for it in operations(service).values() if fits(it)]
        metafunc.parametrize("operation", chosen, ids=[f"{it.service}-{it.id}" for it in chosen])
    if "exchange" in metafunc.fixturenames:
        examples = [(service, it) for service in aim.services for it in exchanges(service)]
        metafunc.parametrize(("service", "exchange"), examples, ids=[f"{name}-{it['name']}" for name, it in examples])
    if "reached" in metafunc.fixturenames:
        ways = aim.ways(metafunc.definition.get_closest_marker("network") is not None)
        if metafunc.definition.get_closest_marker("once"):
            ways = ways[-1:]
        metafunc.parametrize("reached", ways, scope="session")


@pytest.fixture(scope="session")
def network_url() -> Iterator[str]:
    """The mock as people start it, on a free port."""
    with mock() as url:
        yield url


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
    aim = request.config.stash[AIM]

    def made(service: str) -> Deployment:
        if reached == "network":
            return Deployment(aim.target(service, request.getfixturevalue("network_url"), aim.client))
        if reached == "in-process":
            client = request.getfixturevalue("process_client")
            return Deployment(aim.target(service, "http://mock.localhost", client))
        return Deployment(aim.target(service, aim.urls[service], aim.client))

    return made
