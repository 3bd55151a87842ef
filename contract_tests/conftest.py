"""The options, markers and fixtures of the contract suite. `README.md` explains its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from .framework.documents import documented_examples, operations, services
from .framework.plugin import SuitePlugin
from .framework.processes import mock
from .framework.run import RUN, Run
from .framework.session import OpenSession, Session
from .framework.session import open_session as open_session_with


def pytest_addoption(parser: pytest.Parser) -> None:
    add = parser.getgroup("contract", "contract tests of identity-provider-management APIs").addoption
    add("--url-for", action="append", default=[], metavar="SERVICE=URL", help="a deployment to test, and its service")
    add(
        "--check",
        choices=services(),
        help="test only this service, and report; without --url-for, this mock",
    )
    add("--credential-env", metavar="NAME", help="the environment variable that holds the deployment's credential")
    add("--credential-file", type=Path, metavar="FILE", help="the file that holds the deployment's credential")
    add("--allow-writes", action="store_true", help="also write to deployments that are not on loopback")
    add("--rate", type=float, metavar="N", help="send at most N requests per second")
    add("--within", metavar="60s", help="start no test after this time")
    add("--report", type=Path, metavar="DIR", help="write the reports to this folder")
    add("--contract-seed", type=int, default=0, metavar="N", help="shuffle the tests with this seed; 0 does not")
    add("--compare", type=Path, metavar="FILE", help="show how this run differs from the JSON report of another run")
    add("--accept", type=Path, metavar="FILE", help="a YAML file of accepted differences; only others fail the run")
    add("--record", metavar="NAME", help="add what is proven to the ledger contract_tests/proof, as proven by NAME")
    add("--clean", action="store_true", help="test nothing; remove what killed runs have left behind")


def pytest_configure(config: pytest.Config) -> None:
    line = config.addinivalue_line
    line("markers", "network_only: run only over the network, which the test needs or is about")
    line("markers", "one_transport: run over the quickest transport only")
    line("markers", "operations(where): run for each operation for which the predicate is true")
    line("markers", "proves(aspect): which aspect of its operations a test proves")
    line("markers", "service(name): which service a test is about, if it is not parametrized by operation")
    run = Run(config)
    config.stash[RUN] = run
    config.pluginmanager.register(SuitePlugin(config, run))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test once for each operation, each documented example and each transport, if it takes them."""
    run = metafunc.config.stash[RUN]
    if "operation" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("operations")
        is_chosen = marker.kwargs["where"] if marker else bool
        chosen = [it for service in run.services for it in operations(service).values() if is_chosen(it)]
        metafunc.parametrize("operation", chosen, ids=[f"{it.service}-{it.id}" for it in chosen])
    if "example" in metafunc.fixturenames:
        examples = [(service, it) for service in run.services for it in documented_examples(service)]
        metafunc.parametrize(("service", "example"), examples, ids=[f"{name}-{it['name']}" for name, it in examples])
    if "transport" in metafunc.fixturenames:
        transports = run.transports(metafunc.definition.get_closest_marker("network_only") is not None)
        if metafunc.definition.get_closest_marker("one_transport"):
            transports = transports[-1:]
        metafunc.parametrize("transport", transports, scope="session")


@pytest.fixture(scope="session")
def network_url() -> Iterator[str]:
    """The URL of the mock as people start it."""
    with mock() as url:
        yield url


@pytest.fixture(scope="session")
def process_client() -> Iterator[httpx.Client]:
    """A client for a mock in this process."""
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
def open_session(request: pytest.FixtureRequest, transport: str) -> OpenSession:
    """A function that opens a session with the deployment of a service. Each session with a mock has a new world."""
    run = request.config.stash[RUN]

    def opened(service: str, scenario: str = "documented", **options: Any) -> Session:
        url, client = run.urls.get(service, ""), run.client
        if transport == "network":
            url = request.getfixturevalue("network_url")
        elif transport == "in-process":
            url, client = "http://mock.localhost", request.getfixturevalue("process_client")
        return open_session_with(run.deployment(service, url, client), scenario, options)

    return opened
