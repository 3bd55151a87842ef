"""The committed fixtures are what the generator writes, byte for byte, and nothing else."""

from __future__ import annotations

import pytest

from mockserver.generate.scenarios import SCENARIOS, file_of
from mockserver.registry import resources

FILES = [f"{scenario}/{service}" for scenario, services in SCENARIOS.items() for service in services]


@pytest.mark.parametrize("name", FILES)
def test_a_committed_file_is_what_is_generated(name: str) -> None:
    scenario, _, service = name.partition("/")
    committed = (resources.folder("fixtures") / f"{name}.json").read_bytes()
    assert committed == file_of(SCENARIOS[scenario][service]()), "run `mockserver generate`"


def test_there_is_no_fixture_that_nobody_generates() -> None:
    folder = resources.folder("fixtures")
    found = [path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.json")]
    assert sorted(found) == sorted(FILES)
