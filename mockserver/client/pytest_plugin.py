"""The pytest plugin: a fresh world for each test, over one server for the whole run.

Installing the package is enough; every registered API has a fixture. No API is imported and no server started before a
test asks for a fixture; under pytest-xdist each worker has a server of its own. When a test fails, what it asked of its
world is in the report.
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

TOKEN = "mock-admin"  # noqa: S105  (the mock's own, and no secret)
"""The credential of an administrator, at every API."""

SHOWN = 50
"""Exchanges that the report of a failed test shows, the latest."""


@dataclass(frozen=True)
class MockApi:
    """One API in a test's world: all a client needs, and the world itself.

    `url` is the base URL under which the API's native paths answer; `headers` authenticate, by the credential `token`.
    """

    url: str
    headers: dict[str, str]
    token: str
    world: MockWorld


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("mockserver", "idp-mockserver")
    group.addoption("--mock-url", metavar="URL", help="use this running mock server instead of starting one")
    group.addoption("--mock-token", metavar="TOKEN", default="", help="the token of its control plane")
    group.addoption(
        "--mock-scenario", metavar="NAME", help="what the worlds of tests begin with (default: the server's)"
    )


@pytest.fixture(scope="session")
def mock_server(request: pytest.FixtureRequest) -> Iterator[MockServerClient]:
    """The server of this run: its `url`, and `world()` for another world."""
    from mockserver.client.remote import MockServerClient

    url = request.config.getoption("--mock-url")
    with ExitStack() as stack:
        if url is None:
            from mockserver.server import MockServer
            from mockserver.transports.background import Background

            url = stack.enter_context(Background(MockServer()))
        deployment = MockServerClient(url, request.config.getoption("--mock-token"))
        stack.callback(deployment.close)
        yield deployment


@pytest.fixture
def mock_world(mock_server: MockServerClient, request: pytest.FixtureRequest) -> Iterator[MockWorld]:
    """A world of this test alone, as the scenario has it."""
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
    """Adds to the report of a failed test what it asked of its world."""
    report = yield
    world = item.stash.get(_WORLD, None)
    if report.failed and call.when == "call" and world is not None:
        report.sections.append((f"mock world {world.name}", _asked(world)))
    return report


def _asked(world: MockWorld) -> str:
    from mockserver.client.remote import ControlPlaneError, told
    from mockserver.transports.http_client import Unreachable

    try:
        return "\n".join(told(exchange) for exchange in world.journal.exchanges(limit=SHOWN)) or "nothing was asked"
    except (ControlPlaneError, Unreachable) as error:  # the test may have dropped the world, or stopped the server
        return f"what was asked is not known: {error}"
