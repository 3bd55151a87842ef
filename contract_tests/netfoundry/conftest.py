"""One server for all contract tests of the identity service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_tests.netfoundry.deployment import Deployment
from contract_tests.processes import mock


@pytest.fixture(scope="package")
def deployment() -> Iterator[Deployment]:
    """The mock, where only issued credentials are good."""
    with mock("--auth", "strict") as url:
        yield Deployment(url)
