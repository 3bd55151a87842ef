"""Entity tags."""

from __future__ import annotations

import pytest

from mockserver.scim.versions import names_version, version_of


@pytest.mark.parametrize("condition", ["*", 'W/"3"', '"3"', '"1", W/"3"', ' W/"3" '])
def test_a_condition_names_the_version(condition: str) -> None:
    assert names_version(condition, version_of(3))


@pytest.mark.parametrize("condition", ["", 'W/"4"', "3", '"33"', '"1","2"'])
def test_a_condition_does_not_name_the_version(condition: str) -> None:
    assert not names_version(condition, version_of(3))
