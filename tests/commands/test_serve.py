"""`mockserver serve` as a process: what it says, when it ends and how, and what it refuses to start with."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from mockserver.commands.serve import _stop_on_signals
from mockserver.registry import resources

RESPONSE_TIMEOUT = 20.0
"""Seconds after which a test gives up on a process."""

PATH = "/api/identity-providers"


class Process:
    """A running `mockserver serve`, and the lines it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.authority = self.line("ready ").partition("//")[2]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))

    def line(self, begin: str) -> str:
        """The first line that begins so, once it is there."""
        deadline = time.monotonic() + RESPONSE_TIMEOUT
        while time.monotonic() < deadline:
            found = next((line for line in list(self.said) if line.startswith(begin)), None)
            if found is not None:
                return found
            assert self.process.poll() is None or self._reader.is_alive(), self.said
            time.sleep(0.01)
        raise AssertionError(f"never said {begin!r}: {self.said}")

    def ask(self, path: str, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of a GET."""
        port = int(self.authority.rpartition(":")[2])
        connection = HTTPConnection("127.0.0.1", port, timeout=RESPONSE_TIMEOUT)
        try:
            connection.request("GET", path, headers={"Authorization": "Token any", **headers})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def end(self, signal_number: int) -> int:
        """The exit status after a signal."""
        self.process.send_signal(signal_number)
        status = self.process.wait(RESPONSE_TIMEOUT)
        self._reader.join(RESPONSE_TIMEOUT)
        return status


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "mockserver", "serve", *options]


@contextmanager
def started(*options: str, folder: Path | None = None) -> Iterator[Process]:
    environment = {**os.environ, "PYTHONPATH": str(folder or resources.PACKAGE.parent)}
    arguments = command("--port", "0", "--scenario", "empty", *options)
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment
    ) as process:
        try:
            server = Process(process)
            yield server
        finally:
            process.kill()
            process.wait()


def refused(*options: str) -> str:
    """What a server that can't start says, in one line without a traceback."""
    done = subprocess.run(command(*options), capture_output=True, text=True, timeout=RESPONSE_TIMEOUT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_a_server_introduces_its_services_and_says_last_when_it_is_ready() -> None:
    with started() as server:
        assert server.said[-1] == f"ready http://{server.authority}"
        assert server.line("netbird: ") == f"netbird: http://{server.authority}{PATH}"
        example = next(line for line in server.said if f"{PATH}'" in line).strip()
        assert example.startswith("curl -H 'Authorization: ")
        assert server.ask(PATH) == (200, [])
        assert server.ask("/_mock/health")[1]["status"] == "ok"
        assert server.end(signal.SIGTERM) == 0


def test_an_interrupt_ends_it_cleanly_though_a_connection_is_open() -> None:
    with started() as server:
        host, _, port = server.authority.rpartition(":")
        with socket.create_connection((host, int(port)), RESPONSE_TIMEOUT) as idle:
            idle.sendall(b"GET /api HTTP/1.1\r\n")
            assert server.end(signal.SIGINT) == 0
            assert idle.recv(10) == b""
        assert not any("Traceback" in line for line in server.said)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server_on_an_event_loop_without_signal_handlers(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        """Fails as event loops on Windows do."""
        raise NotImplementedError

    async def stop() -> None:
        stopping = asyncio.Event()
        _stop_on_signals(asyncio.get_running_loop(), stopping)
        signal.raise_signal(number)
        await asyncio.wait_for(stopping.wait(), RESPONSE_TIMEOUT)

    monkeypatch.setattr(asyncio.SelectorEventLoop, "add_signal_handler", refuse)
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(stop())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_a_port_that_is_taken_is_named_and_another_suggested() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("--port", str(port))
    assert said.startswith(f"mockserver serve: port {port} on 127.0.0.1 is taken; choose another with --port")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scenario", "nowhere"], "no scenario 'nowhere'; there are "),
        (["--service", "nowhere"], "no service 'nowhere'; there are "),
        (["--option", "nonsense"], "--option takes SERVICE.NAME=VALUE, not 'nonsense'"),
        (["--host", "256.1.1.1"], "can't bind 256.1.1.1:"),
        (["--auth", "maybe"], "invalid choice: 'maybe'"),
        (["--port", "99999"], "99999"),
    ],
)
def test_what_can_not_be_served_is_said_in_one_line(options: list[str], said: str) -> None:
    assert said in refused("--port", "0", *options)


def test_only_the_services_that_were_named_are_served() -> None:
    with started("--service", "vcf", "--option", "vcf.json-bodies=true") as server:
        assert server.ask("/_mock/health")[1]["services"] == ["vcf"]
        assert server.ask("/_mock/worlds")[1] == []
        server.ask("/v1/identity-providers")
        assert server.ask("/_mock/worlds")[1][0]["options"]["vcf.json-bodies"] is True


def test_bound_elsewhere_the_control_plane_wants_a_token_that_is_printed() -> None:
    with started("--host", "0.0.0.0") as server:
        control = server.line("control plane: ")
        token = control.rpartition("Bearer ")[2].rstrip("'")
        assert len(token) >= 24
        assert server.ask("/_mock/worlds")[0] == 401
        assert server.ask("/_mock/worlds", Authorization=f"Bearer {token}")[0] == 200
        assert server.ask(PATH)[0] == 200


def test_a_token_that_was_given_is_used_and_not_printed() -> None:
    with started("--control-token", "opensesame") as server:
        assert server.ask("/_mock/worlds")[0] == 401
        assert server.ask("/_mock/worlds", Authorization="Bearer opensesame")[0] == 200
        assert not any("opensesame" in line for line in server.said)


def test_other_hosts_are_answered_when_they_are_allowed() -> None:
    with started("--allow-host", "mock.example") as server:
        assert server.ask(PATH, Host="mock.example")[0] == 200
        assert server.ask(PATH, Host="other.example")[0] == 421


@pytest.mark.parametrize(("style", "expected"), [("text", f" GET {PATH} 200 "), ("json", f'"target": "{PATH}"')])
def test_each_request_is_logged(style: str, expected: str) -> None:
    with started("--access-log", style) as server:
        server.ask(PATH)
        assert server.end(signal.SIGTERM) == 0
        assert any(expected in line for line in server.said)


def test_a_silenced_log_says_nothing_after_ready() -> None:
    with started("--access-log", "off") as server:
        server.ask(PATH)
        assert server.end(signal.SIGTERM) == 0
        assert server.said[-1].startswith("ready ")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the package with its documents and fixtures, to change."""
    for name in ("mockserver", "openapi", "fixtures"):
        shutil.copytree(resources.PACKAGE.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_changed_fixtures_and_documents_are_read_again(checkout: Path) -> None:
    fixture = checkout / "fixtures" / "empty" / "netbird.json"
    document = checkout / "openapi" / "netbird.yaml"
    provider = {"id": "a" * 20, "type": "oidc", "name": "n", "issuer": "https://a.example", "client_id": "c"}
    with started("--reload", "--service", "netbird", folder=checkout) as server:
        assert server.ask(PATH) == (200, [])
        data = json.loads(fixture.read_text())
        data["collections"]["netbird.identity_providers"] = {provider["id"]: {**provider, "client_secret": "s"}}
        fixture.write_text(json.dumps(data))
        assert "netbird.json" in server.line("reloaded ")
        assert server.ask(PATH) == (200, [])
        assert server.ask(PATH, **{"X-Mock-World": "new"}) == (200, [provider])
        whole = document.read_text()
        document.write_text(whole[: len(whole) // 2])
        assert "netbird.yaml" in server.line("not reloaded, ")
        assert server.ask(PATH)[0] == 200
        document.write_text(whole.replace("title: NetBird", "title: Changed NetBird"))
        server.line("reloaded netbird.yaml")
        assert server.ask("/_mock/services")[1][0]["title"].startswith("Changed")
        assert server.end(signal.SIGTERM) == 0
