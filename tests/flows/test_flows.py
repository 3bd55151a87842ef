"""Every flow is played by this implementation, in the process and over the network, and by Redocly's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.framework.processes import Unavailable, mock
from mockserver.commands.main import main
from mockserver.flows.arazzo import ArazzoDocument
from mockserver.flows.reader import read
from mockserver.registry import resources
from tests.flows.redocly_runs import ask, fresh_world, installed, run_redocly, written

FLOWS = resources.flows()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with mock() as running:
        yield running


@pytest.fixture(scope="module")
def redocly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    try:
        with installed(tmp_path_factory.mktemp("redocly") / "here") as command:
            yield command
    except Unavailable as error:
        pytest.skip(f"the flows were NOT played under a second Arazzo implementation: {error}")


def flow(name: str) -> ArazzoDocument:
    return read(resources.flow(name), resources.document)


def test_there_is_a_flow_for_each_demonstration() -> None:
    assert FLOWS == [
        "jackson-okta",
        "netbird-google",
        "netbird-okta",
        "netfoundry-invitation",
        "netfoundry-login",
        "vcf-adfs",
        "vcf-okta",
    ]


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_plays_on_a_mock_of_its_own(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", name]) == 0
    printed = capsys.readouterr().out
    for workflow in flow(name).workflows.values():
        for step in workflow.steps:
            assert not step.operation or f". {step.id}\n" in printed
    assert "✗" not in printed


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_plays_over_the_network_and_the_journal_has_each_step(name: str, url: str) -> None:
    world = f"ours-{name}"
    assert main(["demo", name, "--url", f"{url}/_mock/w/{world}"]) == 0
    journal = ask("GET", f"{url}/_mock/worlds/{world}/journal")
    steps = [step for workflow in flow(name).workflows.values() for step in workflow.steps]
    called = {step.operation.id for step in steps if step.operation and step.operation.service != "control"}
    assert called == {exchange["operation"] for exchange in journal}
    assert [exchange["ignored"] for exchange in journal if exchange["ignored"]] == []


@pytest.mark.parametrize("name", FLOWS)
def test_redocly_plays_a_flow_too(name: str, url: str, redocly: Path, tmp_path: Path) -> None:
    world = f"redocly-{name}"
    fresh_world(url, world)
    folder = written(url, world, tmp_path)
    report = tmp_path / "report.json"
    arguments = ["respect", f"{name}.yaml", "--input", f"world={world}", "--json-output", str(report)]
    result = run_redocly(redocly, *arguments, folder=folder)
    assert result.returncode == 0, result.stdout + result.stderr
    steps = {step.id for workflow in flow(name).workflows.values() for step in workflow.steps}
    assert steps <= played(json.loads(report.read_text()))


def test_redocly_plays_a_flow_straight_from_the_repository(url: str, redocly: Path) -> None:
    folder = resources.folder("openapi") / "flows"
    world = f"netbird={url}/_mock/w/straight"
    result = run_redocly(redocly, "respect", "netbird-google.yaml", "--server", world, folder=folder)
    assert result.returncode == 0, result.stdout + result.stderr


def played(report: Any) -> set[str]:
    """Returns the ids of all steps in a report, including steps that call a workflow."""
    if isinstance(report, dict):
        own = {report["stepId"]} if isinstance(report.get("stepId"), str) else set()
        return own.union(*map(played, report.values()))
    return set().union(*map(played, report)) if isinstance(report, list) else set()


def test_redocly_accepts_the_flows_as_valid_arazzo(redocly: Path) -> None:
    folder = resources.folder("openapi") / "flows"
    result = run_redocly(redocly, "lint", *(f"{name}.yaml" for name in FLOWS), folder=folder)
    assert result.returncode == 0, result.stdout + result.stderr
