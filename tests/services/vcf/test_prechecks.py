"""The identity broker's precheck."""

from __future__ import annotations

import pytest

from tests.services.vcf.deployment import Deployment

PATH = "/v1/identity-broker/prechecks"


def test_a_successful_precheck_has_no_details() -> None:
    assert Deployment().call("GET", PATH).json() == {"status": "SUCCESS"}


@pytest.mark.parametrize("result", ["WARNING", "FAILURE"])
def test_an_option_makes_the_precheck_warn_or_fail(result: str) -> None:
    answer = Deployment(options={"vcf.precheck": result}).call("GET", PATH).json()
    assert answer["status"] == result
    assert result in [detail["type"] for detail in answer["details"]]
    assert all(detail["message"] for detail in answer["details"])
