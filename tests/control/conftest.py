"""A control control for every test."""

from __future__ import annotations

import pytest

from tests.toy.control import ControlPlane


@pytest.fixture
def control() -> ControlPlane:
    """The control control of a server without records."""
    return ControlPlane()
