"""A sixth API: written by `new-api`, installed by pip, served, proven. No file of this project is touched for it."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from mockserver.registry import resources
from tests.commands.serving import serving
from tests.registry.plugins import Plugin, installed, run

NAME = "acme-iam2"
TEAMS = f"/{NAME}/v1/teams"
OPERATIONS = ("listTeams", "createTeam", "getTeam", "replaceTeam", "deleteTeam")


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Plugin:
    """The package that `new-api` writes, as pip installs it."""
    folder = tmp_path_factory.mktemp("sixth")
    site = folder / "site"
    written = run(resources.PACKAGE.parent, "-m", "mockserver", "new-api", NAME, "--into", str(folder))
    assert written.returncode == 0, written.stderr
    offline = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    pip = run(site, "-m", "pip", "install", "-q", *offline, "--target", str(site), str(folder / NAME))
    assert pip.returncode == 0, pip.stderr
    return Plugin(site, folder / NAME)


def ask(url: str, **headers: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return json.load(answer)


def test_it_is_served_beside_the_others(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(plugin.path))
    with serving() as served:
        assert f"{NAME}: {served.url}{TEAMS}" in [line.strip() for line in served.printed]
        assert f"  curl -H 'Authorization: Bearer mock-admin' '{served.url}{TEAMS}'\n" in served.printed
        assert {NAME, "netbird", "scim"} < set(ask(f"{served.url}/_mock/health")["services"])
        document = ask(f"{served.url}/_mock/openapi/{NAME}.json")
        assert document["servers"] == [{"url": f"{served.url}/{NAME}/v1"}]
        teams = ask(served.url + TEAMS, Authorization="Bearer any")
        assert [team["name"] for team in teams] == ["Operations", "Support"]
        asked = {"Authorization": "Bearer any", "X-Mock-World": "bare"}
        created = urllib.request.Request(
            f"{served.url}/_mock/worlds/bare",
            json.dumps({"from": "empty"}).encode(),
            {"Content-Type": "application/json"},
            method="PUT",
        )
        urllib.request.urlopen(created).close()
        assert ask(served.url + TEAMS, **asked) == []
        assert ask(f"{served.url}/_mock/w/big{TEAMS}", Authorization="Bearer any") == teams


def test_it_can_be_served_alone(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(plugin.path))
    with serving("--service", NAME) as served:
        assert ask(f"{served.url}/_mock/health")["services"] == [NAME]


def test_a_check_proves_all_its_operations_and_reports_them(plugin: Plugin, tmp_path: Path) -> None:
    done = plugin.mockserver("check", NAME, "--report", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["service"] == NAME
    assert {row["id"]: row["state"] for row in report["operations"]} == dict.fromkeys(OPERATIONS, "proven")
    for aspect in ("example", "schema", "refusals", "authentication", "lifecycle"):
        assert {row["aspects"][aspect]["state"] for row in report["operations"]} == {"proven"}, aspect
    for file in ("report.html", "report.md", "junit.xml"):
        assert NAME in (tmp_path / file).read_text(), file


def test_a_check_finds_a_fault_in_it(tmp_path: Path) -> None:
    broken = installed(tmp_path, NAME)
    broken.replace("teams.py", 'call.records.delete(TEAMS, _found(call)["id"])', "_found(call)")
    done = broken.mockserver("check", NAME)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "deleteTeam" in done.stdout


def test_a_check_sends_the_credential_in_the_header_that_the_document_names(tmp_path: Path) -> None:
    keyed = installed(tmp_path, NAME)
    scheme = "type: apiKey\n      in: header\n      name: X-Api-Key"
    keyed.replace(f"openapi/{NAME}.yaml", "type: http\n      scheme: bearer", scheme)
    keyed.replace("dialect.py", 'bearer(request, "bearer")', 'request.headers.get("X-Api-Key")')
    keyed.replace("dialect.py", ", UnknownPath, bearer", ", UnknownPath")
    done = keyed.mockserver("check", NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "authentication  5 proven" in done.stdout


def test_its_operations_are_listed(plugin: Plugin) -> None:
    done = plugin.mockserver("operations", NAME)
    assert [line.split()[2] for line in done.stdout.splitlines()[1:]] == list(OPERATIONS)
    assert f"\n{NAME}:\n" in "\n" + plugin.mockserver("operations").stdout


def test_its_own_tests_pass_with_the_pytest_fixture_of_its_name(plugin: Plugin) -> None:
    done = run(plugin.path, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder=plugin.package)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    listed = run(plugin.path, "-m", "pytest", "--fixtures", "-q", "-p", "no:cacheprovider", folder=plugin.package)
    assert "acme_iam2_api" in listed.stdout


@pytest.mark.parametrize("tool", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)])
def test_its_code_is_clean(plugin: Plugin, tool: tuple[str, ...]) -> None:
    command = [*tool, "--no-cache"] if tool[0] == "ruff" else [*tool, "--cache-dir", str(plugin.package.parent / "m")]
    done = run(plugin.path, "-m", *command, folder=plugin.package)
    assert done.returncode == 0, done.stdout + done.stderr
