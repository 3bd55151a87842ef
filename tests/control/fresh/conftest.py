"""A fresh world for each test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.control.fresh.plane import Plane

_numbers = count()


@pytest.fixture
def plane() -> Iterator[Plane]:
    plane = Plane(f"plane-{next(_numbers)}")
    yield plane
    plane.said("DELETE", "")
