"""A server and a client of it for every test."""

from __future__ import annotations

import pytest

from mockserver.server import MockServer
from tests.scim.client import Client, empty_server


@pytest.fixture
def server() -> MockServer:
    """An empty server."""
    return empty_server()


@pytest.fixture
def scim(server: MockServer) -> Client:
    """A client of an empty directory."""
    return Client(server)
