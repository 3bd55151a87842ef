"""The suite against a real product on this machine finds the accepted differences and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.framework.processes import POLIS, Unavailable, polis
from tests.contract_suite.checking import COMMAND, check


def test_the_real_jackson_has_only_accepted_differences(tmp_path: Path) -> None:
    try:
        with polis() as url:
            options = ("--url", url, "--credential-env", "POLIS_KEY", "--accept", str(POLIS / "accepted.yaml"))
            checked = check(tmp_path, *COMMAND, "jackson", *options, POLIS_KEY="mock-admin")
    except Unavailable as error:
        pytest.skip(f"the real product was NOT tested: {error}")
    assert (checked.status, checked.differences()) == (0, {}), checked.printed
    states = [row["state"] for row in checked.report()["operations"]]
    assert set(states) == {"proven", "accepted"}
