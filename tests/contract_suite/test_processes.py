"""A program that can't be installed is a reason to skip a test; a server that does not start is a failure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from contract_tests.framework.processes import POLIS, StartFailed, Unavailable, npm, polis, serving


def test_a_server_that_does_not_start_is_a_failure() -> None:
    with pytest.raises(StartFailed, match="status 3"), serving([sys.executable, "-c", "raise SystemExit(3)"]):
        pass


def test_without_node_the_real_engine_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="node"), polis():
        pass
    with pytest.raises(Unavailable, match="npm"):
        npm(POLIS, tmp_path / "polis", "install")
