"""A fresh world for each test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.control.single_world.world import ControlledWorld

_numbers = count()


@pytest.fixture
def world() -> Iterator[ControlledWorld]:
    world = ControlledWorld(f"world-{next(_numbers)}")
    yield world
    world.control_json("DELETE", "")
