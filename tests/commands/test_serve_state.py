"""`mockserver serve --state`: what a client was told survives the death of the server."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import pytest

from mockserver.persistence.persistence import Persistence
from mockserver.persistence.state_file import StateFile, StateFileError
from mockserver.server import MockServer
from tests.commands.serving import refused, serving

CLIENTS = 6


class Client:
    """One connection, opened when it is needed and closed when the server stopped."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(address, timeout=120)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, body: object = None, token: str = "any") -> Any:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self.connection.getresponse()
        text = response.read()
        assert response.status < 300, text
        return json.loads(text) if text else None


class Pusher(threading.Thread):
    """Pushes users into a directory until the server dies. Each has a webhook delivery that tells of it.

    `acknowledged` are ids of users, `worlds` names of worlds that the server said it made.
    """

    def __init__(self, address: str, number: int, directory: Any) -> None:
        super().__init__()
        self.client = Client(address)
        self.number = number
        self.path = f"{directory['scim']['path']}/Users"
        self.token = directory["scim"]["secret"]
        self.acknowledged: list[str] = []
        self.worlds: list[str] = []

    def run(self) -> None:
        try:
            while True:
                name = f"user{self.number}-{len(self.acknowledged)}"
                user = self.client.ask("POST", self.path, {"userName": name}, self.token)
                self.acknowledged.append(user["id"])
                if len(self.acknowledged) % 20 == 0:
                    world = f"w{self.number}-{len(self.acknowledged)}"
                    self.client.ask("PUT", f"/_mock/worlds/{world}", {"from": "default", "now": "2030-01-01T00:00:00Z"})
                    self.worlds.append(world)
        except (OSError, HTTPException):
            self.client.connection.close()


def directory_of(client: Client) -> Any:
    body = {"tenant": "t", "product": "p", "webhook_url": "https://elsewhere.example/hook", "webhook_secret": "s"}
    return client.ask("POST", "/api/v1/directory-sync", body)["data"]


@pytest.mark.parametrize("seconds", [0.4, 1.0])
def test_a_killed_server_has_lost_nothing_that_it_acknowledged_and_kept_nothing_by_halves(
    tmp_path: Path, seconds: float
) -> None:
    options = ["--scenario", "empty", "--state", str(tmp_path / "state.db")]
    with serving(*options) as served:
        with Client(served.address) as client:
            directory = directory_of(client)
        pushers = [Pusher(served.address, number, directory) for number in range(CLIENTS)]
        for pusher in pushers:
            pusher.start()
        time.sleep(seconds)
        served.process.kill()
        for pusher in pushers:
            pusher.join()
    acknowledged = [key for pusher in pushers for key in pusher.acknowledged]
    assert len(acknowledged) > CLIENTS
    with serving(*options) as served, Client(served.address) as client:
        collections = client.ask("GET", "/_mock/worlds/default/state")["collections"]
        assert set(acknowledged) <= set(collections["scim.users"])
        told = [delivery["payload"]["data"]["id"] for delivery in collections["deliveries"].values()]
        assert told == list(collections["scim.users"])
        worlds = {world["name"]: world["now"] for world in client.ask("GET", "/_mock/worlds")}
        for name in (name for pusher in pushers for name in pusher.worlds):
            assert worlds[name] == "2030-01-01T00:00:00.000Z"
            assert client.ask("GET", f"/_mock/worlds/{name}/state")["collections"]["scim.users"]
        client.ask("POST", f"{directory['scim']['path']}/Users", {"userName": "after"}, directory["scim"]["secret"])


def test_worlds_go_on_after_a_clean_stop_where_they_were(tmp_path: Path) -> None:
    options = ["--scenario", "acme", "--state", str(tmp_path / "state.db")]
    with serving(*options) as served, Client(served.address) as client:
        client.ask("PUT", "/_mock/worlds/ann", {"from": "acme", "seed": 7, "now": "2031-01-01T00:00:00Z"})
        provider = {"type": "oidc", "name": "x", "client_id": "c", "client_secret": "s", "issuer": "https://a.example"}
        client.ask("POST", "/_mock/w/ann/api/identity-providers", provider)
        client.ask("PUT", "/_mock/worlds/bob", {"from": "ann", "options": {"strict": True}})
        client.ask("GET", "/_mock/w/eve/api/identity-providers")
        client.ask("PUT", "/_mock/worlds/gone", {"from": "ann"})
        client.ask("DELETE", "/_mock/worlds/gone")
        states = [client.ask("GET", f"/_mock/worlds/{name}/state") for name in ("ann", "bob", "eve")]
        listed = client.ask("GET", "/_mock/worlds")
    with serving(*options) as served, Client(served.address) as client:
        assert [client.ask("GET", f"/_mock/worlds/{name}/state") for name in ("ann", "bob", "eve")] == states
        again = client.ask("GET", "/_mock/worlds")
        for world in (*listed, *again):
            del world["exchanges"]
        assert again[:2] == listed[:2]
        assert [world["name"] for world in again] == ["ann", "bob", "eve"]
        client.ask("POST", "/_mock/worlds/ann/reset")
        assert len(client.ask("GET", "/_mock/w/ann/api/identity-providers")) == 4


def test_a_hundred_thousand_records_are_there_in_two_seconds(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    users = {f"u{number}": user(number) for number in range(100_000)}
    keep(path, {"scim.users": users})
    # Where nothing else runs a start without a state takes half a second; a busy machine stretches both, if not alike.
    bare = min(seconds("--scenario", "empty") for _ in range(2))
    assert min(seconds("--scenario", "empty", "--state", path) for _ in range(2)) < 4 * bare
    with serving("--state", path) as served, Client(served.address) as client:
        (world,) = client.ask("GET", "/_mock/worlds")
        assert world["records"]["scim.users"] == 100_000


def keep(path: str, collections: Any) -> None:
    """Writes a file with one world that holds these records."""
    server = MockServer(scenario="empty")
    persistence = Persistence(server.worlds, StateFile(path))
    soon: list[Callable[[], None]] = []
    lost: list[StateFileError] = []
    persistence.start(soon.append, lost.append)
    world = server.worlds.get_or_create("default")
    server.worlds.restore(world, {"collections": collections})
    persistence.close()
    assert not lost


def seconds(*options: str) -> float:
    """The work of starting and stopping a server, in seconds of the processor."""
    before = getrusage(RUSAGE_CHILDREN)
    with serving(*options):
        pass
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def user(number: int) -> Any:
    """A SCIM user as a directory holds it."""
    name = f"user{number}@acme.example"
    resource = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "name": {"givenName": "Dennis", "familyName": f"Boone {number}"},
        "emails": [{"primary": True, "value": name, "type": "work"}],
        "externalId": f"00u{number:017d}",
        "active": True,
        "id": f"u{number}",
    }
    moment = "2026-01-01T09:00:00.000Z"
    return {
        "id": f"u{number}",
        "directory": "jackson:a",
        "resource": resource,
        "created": moment,
        "modified": moment,
        "revision": 1,
    }


def test_a_file_that_is_none_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing to see here " * 500)
    before = path.read_bytes()
    assert "notes.txt is no state file" in refused("--state", str(path))
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE worlds (name TEXT)")
    database.close()
    before = path.read_bytes()
    assert "other.db is a database of another program" in refused("--state", str(path))
    assert path.read_bytes() == before


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with serving("--state", str(path)) as served, Client(served.address) as client:
        client.ask("GET", "/api/identity-providers")
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + bytes(len(whole) - 8192) + whole[-4096:])
    assert "damaged" in refused("--state", str(path))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert f"can't open the state file {tmp_path}" in refused("--state", str(tmp_path))
    assert "No such file or directory" in refused("--state", str(tmp_path / "no" / "state.db"))


def test_a_file_serves_one_server_at_a_time(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    with serving("--state", path):
        assert "in use by another server" in refused("--state", path)


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with serving("--state", str(path)):
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
