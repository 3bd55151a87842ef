"""A new server for each test."""

from __future__ import annotations

import pytest

from tests.services.jackson.client import Api


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def documented() -> Api:
    return Api("documented")
