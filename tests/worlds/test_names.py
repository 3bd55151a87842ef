"""A world's name is short, lower-case and safe in URLs and host names."""

from __future__ import annotations

import pytest

from mockserver.core.problems import MalformedRequest
from mockserver.worlds.names import DEFAULT, check_name


@pytest.mark.parametrize("name", ["a", "0", "a-b_c", "a" * 63, "default"])
def test_a_possible_name_is_returned(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", "A", "a b", "-a", "_control", "a/b", "a.b", "é", "a" * 64, "a\n", "\udcff"])
def test_an_impossible_name_is_refused(name: str) -> None:
    with pytest.raises(MalformedRequest, match="a world's name is 1 to 63"):
        check_name(name)


def test_the_default_world_has_a_possible_name() -> None:
    assert DEFAULT == "default"
