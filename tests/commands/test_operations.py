"""`mockserver operations` lists every operation with what has proven it."""

from __future__ import annotations

import pytest

from mockserver.commands.main import main
from mockserver.registry import resources


@pytest.mark.parametrize("service", ["netbird", "jackson", "vcf", "netfoundry", "scim"])
def test_every_operation_is_listed_once(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operations", service]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    paths = resources.document(service)["paths"].values()
    named = [it["operationId"] for item in paths for it in item.values() if "operationId" in it]
    assert first == f"{service}:"
    assert sorted(line.split()[2] for line in lines) == sorted(named)


def test_the_record_of_the_last_proof_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    main(["operations", "jackson"])
    (line,) = [it for it in capsys.readouterr().out.splitlines() if " listUsers " in it]
    assert "deployment: mock, polis" in line
    assert "example: mock" in line


def test_an_unknown_service_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operations", "nobody"]) == 2
    assert "no service 'nobody'" in capsys.readouterr().err
