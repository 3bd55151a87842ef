"""A control plane for every test."""

from __future__ import annotations

import pytest

from tests.toy.control import Plane


@pytest.fixture
def plane() -> Plane:
    """The control plane of a server without records."""
    return Plane()
