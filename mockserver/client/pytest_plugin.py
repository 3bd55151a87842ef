"""The pytest plugin: a fresh world for each test, over one server for the whole run.

Installing the package is enough; every registered API has a fixture. No API is imported and no server started before a
test asks for a fixture. Under pytest-xdist each worker starts a server of its own. The report of a failed test lists
the latest exchanges with its world.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.registry.entries import names

if TYPE_CHECKING:
    from mockserver.client.remote import MockServerClient, MockWorld

TOKEN = "mock-admin"  # noqa: S105  (built into the mock, and no secret)
"""The credential that every API accepts as an administrator's."""

REPORTED_EXCHANGES = 50
"""The number of exchanges in the report of a failed test: the latest ones."""


@dataclass(frozen=True)
class MockApi:
    """One API in the world of a test.

    `url` is the base URL of the API's native paths. `headers` carry the credential in the API's own scheme; `token` is
    the bare credential. `world` is the world itself.
    """

    url: str
    headers: dict[str, str]
    token: str
    world: MockWorld


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the plugin's command-line options."""
    group = parser.getgroup("mockserver", "idp-mockserver")
    group.addoption("--mock-url", metavar="URL", help="use the mock server at this URL instead of starting one")
    group.addoption("--mock-token", metavar="TOKEN", default="", help="the token of that server's control plane")
    group.addoption("--mock-scenario", metavar="NAME", help="the scenario of the tests' worlds (default: the server's)")


@pytest.fixture(scope="session")
def mock_server(request: pytest.FixtureRequest) -> Iterator[MockServerClient]:
    """The server of the test run. `url` is its URL; `world()` creates further worlds."""
    from mockserver.client.remote import MockServerClient

    url = request.config.getoption("--mock-url")
    with ExitStack() as stack:
        if url is None:
            from mockserver.server import MockServer
            from mockserver.transports.background import Background

            url = stack.enter_context(Background(MockServer()))
        client = MockServerClient(url, request.config.getoption("--mock-token"))
        stack.callback(client.close)
        yield client


@pytest.fixture
def mock_world(mock_server: MockServerClient, request: pytest.FixtureRequest) -> Iterator[MockWorld]:
    """A fresh world for this test alone. Its state is the scenario's."""
    world = mock_server.world(scenario=request.config.getoption("--mock-scenario"))
    request.node.stash[_WORLD] = world
    yield world
    world.drop()


def _api(service: str) -> Callable[[MockWorld], MockApi]:
    @pytest.fixture(name=_fixture_name(service))
    def api(mock_world: MockWorld) -> MockApi:
        from mockserver.registry.credentials import credential_headers
        from mockserver.registry.resources import document

        headers = credential_headers(document(service), TOKEN)
        return MockApi(mock_world.url, headers, TOKEN, mock_world)

    api.__doc__ = f"The API of {service} in the world of this test: base URL and credentials."
    return api


def _fixture_name(service: str) -> str:
    return f"{service.replace('-', '_')}_api"


# One fixture for each registered API; pytest finds fixtures by the names of this module.
globals().update({_fixture_name(service): _api(service) for service in names()})

_WORLD: pytest.StashKey[MockWorld] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the latest exchanges with the test's world to the report of a failed test."""
    report = yield
    world = item.stash.get(_WORLD, None)
    if report.failed and call.when == "call" and world is not None:
        report.sections.append((f"mock world {world.name}", _exchanges(world)))
    return report


def _exchanges(world: MockWorld) -> str:
    from mockserver.client.remote import ControlPlaneError, describe_exchange
    from mockserver.transports.http_client import Unreachable

    try:
        exchanges = world.journal.exchanges(limit=REPORTED_EXCHANGES)
        return "\n".join(map(describe_exchange, exchanges)) or "no requests"
    except (ControlPlaneError, Unreachable) as error:  # the test may have dropped the world, or stopped the server
        return f"the journal could not be read: {error}"
