"""NetFoundry's own client, unchanged, logs in to a running server and reads everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.proof import recorded, succeeded


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Starts a server with the scenario acme that accepts only issued credentials; yields its URL."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--scenario", "acme", "--auth", "strict"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("ready "))
        yield line.split()[1]
        process.terminate()


def read(url: str) -> Any:
    """Returns what the administrator reads."""
    request = urllib.request.Request(url, headers={"Authorization": "Bearer mock-admin"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def run_client(server: str, folder: Path, client_id: str, password: str) -> subprocess.CompletedProcess[str]:
    """Runs the client with the credentials file of an account and a home directory of its own."""
    credentials = folder / "credentials.json"
    account = {"clientId": client_id, "password": password, "authenticationUrl": f"{server}/oauth2/token"}
    credentials.write_text(json.dumps(account))
    environment = {"XDG_CACHE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "tests.services.netfoundry.real_client", server, str(credentials)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | environment,
    )


def test_the_real_client_logs_in_and_reads_everything(server: str, tmp_path: Path) -> None:
    client = run_client(server, tmp_path, "acme-administrator", "acme-mock-password")
    assert client.returncode == 0, client.stderr
    journal = read(f"{server}/_mock/worlds/default/journal?service=netfoundry")
    reached = succeeded((it["operation"], it["response"]["status"]) for it in journal)
    assert reached == recorded("netfoundry", "netfoundry")
    seen, api = json.loads(client.stdout), f"{server}/identity/v1"
    assert seen["caller"]["name"] == "acme administrator"
    assert seen["organizations"] == sorted(read(f"{api}/organizations"), key=lambda it: it["name"])
    assert seen["organization"] in seen["organizations"]
    assert seen["identities"] == read(f"{api}/identities")
    assert seen["users"] == read(f"{api}/user-identities")
    assert seen["accounts"] == read(f"{api}/api-account-identities")
    assert seen["user"] == seen["users"][0]
    assert seen["groups"] == []


def test_the_real_client_is_refused_with_a_wrong_password(server: str, tmp_path: Path) -> None:
    client = run_client(server, tmp_path, "acme-administrator", "wrong")
    assert client.returncode == 1
    assert "UNAUTHORIZED (401)" in client.stderr
    assert "invalid_client" in client.stderr
