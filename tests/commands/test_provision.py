"""`mockserver provision` over a real connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.commands.main import main
from mockserver.transports.background import Background
from tests.scim.client import Client, empty_server


@pytest.fixture
def client() -> Client:
    """A client of an empty directory."""
    return Client(empty_server())


@pytest.fixture
def url(client: Client) -> Iterator[str]:
    """The SCIM URL of that directory."""
    with Background(client.server) as server:
        yield f"{server}/api/scim/v2"


@pytest.mark.parametrize("provider", ["okta", "entra", "onelogin", "jumpcloud"])
def test_people_are_pushed_and_summed_up(
    provider: str, url: str, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["provision", provider, "--to", url, "--token", client.token, "--users", "12"]) == 0
    printed = capsys.readouterr().out
    assert "12 assign" in printed
    assert "refused: 0" in printed
    assert client.listed("Groups")["totalResults"] == 2


def test_what_is_refused_is_listed(url: str, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["provision", "okta", "--to", url, "--token", "wrong", "--users", "1"]) == 1
    printed = capsys.readouterr().out
    assert "assign ada.abe@example.com: GET /Users?" in printed
    assert "401 the token selects no directory" in printed


def test_a_script_is_played(url: str, client: Client, tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    ann = {"userName": "ann@example.com", "givenName": "Ann", "familyName": "Lee"}
    script.write_text(json.dumps([{"do": "assign", "user": ann}, {"do": "deactivate", "user": "ann@example.com"}]))
    assert main(["provision", "entra", "--to", url, "--token", client.token, "--script", str(script)]) == 0
    (user,) = client.listed()["Resources"]
    assert user["active"] is False


def test_the_query_of_the_url_goes_with_every_request(url: str, client: Client) -> None:
    target = f"{url}/?aadOptscim062020"
    assert main(["provision", "entra", "--to", target, "--token", client.token, "--users", "2"]) == 0
    assert client.listed()["totalResults"] == 1


@pytest.mark.parametrize("to", ["http://127.0.0.1:1/scim", "ftp://example.com", "nonsense"])
def test_what_can_not_be_played_says_why(to: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["provision", "okta", "--to", to, "--token", "t"]) == 2
    assert "mockserver provision:" in capsys.readouterr().err


@pytest.mark.parametrize("script", ["not json", "{}", '[{"do": "dance"}]'])
def test_a_script_that_is_none_is_refused(script: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "script.json"
    path.write_text(script)
    assert main(["provision", "okta", "--to", "http://127.0.0.1:1", "--token", "t", "--script", str(path)]) == 2
    assert "mockserver provision:" in capsys.readouterr().err
