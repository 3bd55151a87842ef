"""The pytest plugin, in projects that use it and in projects that do not."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver import MockServer
from mockserver.client.remote import MockServerClient
from mockserver.transports.background import Background

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "mockserver.client.pytest_plugin", "-p", "no:cacheprovider")

USES_EVERY_API = """
import urllib.error, urllib.request, json, pytest

PATHS = {
    "netbird_api": "/api/identity-providers",
    "jackson_api": "/api/v1/directory-sync?tenant=t&product=p",
    "vcf_api": "/v1/identity-providers",
    "netfoundry_api": "/identity/v1/organizations",
}

def ask(api, path, body=None):
    headers = {**api.headers, "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(api.url + path, data, headers)) as answer:
        return json.load(answer)

@pytest.mark.parametrize("name", PATHS)
def test_every_api_answers(name, request):
    api = request.getfixturevalue(name)
    ask(api, PATHS[name])
    assert api.token in str(api.headers)
    assert [it["service"] for it in api.world.journal] == [name.removesuffix("_api")]

PROVIDER = {"type": "oidc", "name": "A", "issuer": "https://a.example.org", "client_id": "a", "client_secret": "b"}

@pytest.mark.parametrize("turn", range(20))
def test_every_test_has_a_world_of_its_own(netbird_api, turn):
    before = ask(netbird_api, "/api/identity-providers")
    ask(netbird_api, "/api/identity-providers", {**PROVIDER, "name": f"{turn}"})
    names = [it["name"] for it in ask(netbird_api, "/api/identity-providers")]
    assert names.count(f"{turn}") == 1 and len(names) == len(before) + 1
    assert len(netbird_api.world.journal) == 3

def test_the_fixtures_of_a_test_share_its_world(netbird_api, jackson_api, mock_world, mock_server):
    assert netbird_api.world is jackson_api.world is mock_world
    assert mock_world.url.startswith(mock_server.url)
"""

FAILS = """
import urllib.request

def test_that_fails(netbird_api):
    request = urllib.request.Request(netbird_api.url + "/api/identity-providers?verbose=1", headers=netbird_api.headers)
    urllib.request.urlopen(request).read()
    assert False

def test_that_fails_before_any_request(mock_world):
    assert False

def test_that_passes(netbird_api):
    request = urllib.request.Request(netbird_api.url + "/v1/identity-providers", headers={"Authorization": "Bearer x"})
    urllib.request.urlopen(request).read()

def test_that_has_no_world():
    assert False
"""

SCENARIO = """
def test_the_scenario(mock_world):
    assert mock_world.ask("GET")["from"] == "empty"
"""

UNUSED = """
import sys

def test_nothing_was_imported():
    loaded = [name for name in sys.modules if name.startswith("mockserver")]
    assert sorted(loaded) == [
        "mockserver",
        "mockserver.client",
        "mockserver.client.pytest_plugin",
        "mockserver.registry",
        "mockserver.registry.entries",
        "mockserver.version",
    ]
    assert "aiohttp" not in sys.modules and "httpx" not in sys.modules
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A separate project that has the package on its path."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return pytester


@pytest.fixture
def running() -> Iterator[MockServerClient]:
    with Background(MockServer()) as url:
        client = MockServerClient(url)
        yield client
        client.close()


def test_every_test_gets_its_own_world_and_apis(run: pytest.Pytester) -> None:
    run.makepyfile(USES_EVERY_API)
    run.runpytest_subprocess(*PLUGIN, "-W", "error").assert_outcomes(passed=25)


def test_xdist_workers_do_not_share_worlds(run: pytest.Pytester) -> None:
    run.makepyfile(USES_EVERY_API)
    result = run.runpytest_subprocess(*PLUGIN, "-p", "xdist", "-n", "2")
    result.assert_outcomes(passed=25)


def test_only_the_report_of_a_failed_test_lists_the_exchanges(run: pytest.Pytester) -> None:
    run.makepyfile(FAILS)
    result = run.runpytest_subprocess(*PLUGIN, "-rP")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(["*mock world t-*", "#1 GET */api/identity-providers?verbose=1 -> 200 (listIdentity*"])
    result.stdout.fnmatch_lines(["*ignored *query verbose"])
    result.stdout.fnmatch_lines(["*mock world t-*", "no requests"])
    assert result.stdout.str().count("mock world t-") == 2
    assert "/v1/identity-providers ->" not in result.stdout.str()


def test_a_running_server_is_used_and_left_without_worlds(run: pytest.Pytester, running: MockServerClient) -> None:
    run.makepyfile(USES_EVERY_API)
    result = run.runpytest_subprocess(*PLUGIN, "-p", "xdist", "-n", "2", "--mock-url", running.url)
    result.assert_outcomes(passed=25)
    assert running.ask("GET", "/worlds") == []


def test_worlds_begin_with_the_chosen_scenario(run: pytest.Pytester) -> None:
    run.makepyfile(SCENARIO)
    run.runpytest_subprocess(*PLUGIN, "--mock-scenario", "empty").assert_outcomes(passed=1)


def test_an_unused_plugin_imports_no_api_and_no_server(run: pytest.Pytester) -> None:
    run.makepyfile(UNUSED)
    run.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_installing_the_package_is_enough_for_pytest_to_find_the_plugin() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["entry-points"]["pytest11"] == {"mockserver": PLUGIN[1]}


def test_the_public_names_of_the_package_are_imported_on_demand() -> None:
    script = "import mockserver, sys; print('aiohttp' in sys.modules, mockserver.MockServer.__name__)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "MockServer"]
