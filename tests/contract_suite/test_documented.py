"""The examples on the vendors' pages, which the suite sends."""

from __future__ import annotations

import pytest

from mockserver.registry.resources import examples


@pytest.mark.parametrize(
    ("service", "count"), [("netbird", 26), ("jackson", 7), ("vcf", 13), ("netfoundry", 78), ("scim", 8)]
)
def test_every_example_of_the_page_is_here(service: str, count: int) -> None:
    assert len({example["name"] for example in examples(service)}) == count
