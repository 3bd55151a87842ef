"""The committed fixtures are byte for byte what the generator writes."""

from __future__ import annotations

import pytest

from mockserver.generate.scenarios import SCENARIOS, file_of
from mockserver.registry import resources

FILES = [f"{scenario}/{service}" for scenario, services in SCENARIOS.items() for service in services]


@pytest.mark.parametrize("name", FILES)
def test_a_committed_file_equals_the_generated_one(name: str) -> None:
    scenario, _, service = name.partition("/")
    committed = (resources.folder("fixtures") / f"{name}.json").read_bytes()
    assert committed == file_of(SCENARIOS[scenario][service]()), "run `mockserver generate`"


def test_every_fixture_is_generated() -> None:
    folder = resources.folder("fixtures")
    found = [path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.json")]
    assert sorted(found) == sorted(FILES)
