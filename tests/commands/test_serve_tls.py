"""`mockserver serve --tls`: clients that insist on https, and check whom they talk to."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from mockserver.transports.tls.authority import Authority
from tests.commands.serving import Served, refused, serving

VENDORS = ("api.netbird.io", "sfo-vcf01.rainpole.io", "gateway.netfoundry.io")


@dataclass
class Secure:
    """A server that speaks TLS, and the certificate of its authority."""

    served: Served
    authority: str

    @property
    def port(self) -> int:
        return int(self.served.url.rpartition(":")[2])

    def ask(self, host: str, path: str, method: str = "GET", body: object = None) -> tuple[int, Any]:
        """Asks the server under a name that need not lead to it; checks its certificate as strictly as there is."""
        context = ssl.create_default_context(cafile=self.authority)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        connection = HTTPSConnection(host, self.port)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        try:
            connection.sock = context.wrap_socket(plain, server_hostname=host)
            headers = {"Authorization": "Bearer any", "Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
            return response.status, json.loads(text) if text else None
        finally:
            plain.close()
            connection.close()

    def run(self, program: str, **environment: str) -> str:
        """What a Python program prints that has this environment besides its own."""
        command = [sys.executable, "-c", program, self.served.url]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=30, check=True, env={**os.environ, **environment}
        )
        return done.stdout.strip()


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    folder = tmp_path_factory.mktemp("tls")
    with serving("--tls", "--tls-dir", str(folder), "--scenario", "acme") as served:
        yield Secure(served, str(folder / "authority.pem"))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", *VENDORS])
def test_a_client_that_trusts_the_authority_is_answered_under_every_name(secure: Secure, host: str) -> None:
    assert secure.ask(host, "/_mock/health")[0] == 200


def test_each_world_has_a_name_of_its_own(secure: Secure) -> None:
    for world in ("ann", "bob-2", "Ann"):
        assert secure.ask(f"{world}.localhost", "/api/identity-providers")[0] == 200
    names = [world["name"] for world in secure.ask("localhost", "/_mock/worlds")[1]]
    assert {"ann", "bob-2"} <= set(names)
    assert "Ann" not in names


@pytest.mark.parametrize("host", ["other.example", "a.b.localhost", "localhost.example", "-.localhost"])
def test_the_server_is_nobody_else(secure: Secure, host: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        secure.ask(host, "/_mock/health")


def test_a_client_that_does_not_trust_the_authority_refuses(secure: Secure) -> None:
    connection = HTTPSConnection("127.0.0.1", secure.port, timeout=10)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/_mock/health")
    connection.close()


def test_a_client_without_tls_gets_no_answer_and_does_no_harm(secure: Secure) -> None:
    with socket.create_connection(("127.0.0.1", secure.port), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert not plain.recv(100).startswith(b"HTTP")
    assert secure.ask("localhost", "/_mock/health")[0] == 200


def test_links_that_are_handed_out_are_https_and_lead_back_as_the_caller_came(secure: Secure) -> None:
    wish = {"tenant": "t", "product": "p"}
    status, answer = secure.ask("links.localhost", "/api/v1/directory-sync", "POST", wish)
    assert status == 201
    endpoint = answer["data"]["scim"]["endpoint"]
    assert endpoint.startswith("https://links.localhost")
    document = secure.ask("api.netbird.io", "/_mock/openapi/netbird.json")[1]
    assert document["servers"][0]["url"].startswith("https://api.netbird.io")


def test_the_ready_line_and_the_commands_that_are_printed_work(secure: Secure) -> None:
    assert secure.served.printed[-1] == f"ready https://127.0.0.1:{secure.port}\n"
    commands = [line.strip() for line in secure.served.printed if line.startswith("  curl ")]
    assert len(commands) >= 5
    for command in commands:
        done = subprocess.run(
            command + " -sS -o /dev/null -w '%{http_code}'", shell=True, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "200"), (command, done)


def test_curl_finds_worlds_by_their_names(secure: Secure) -> None:
    url = f"https://curled.localhost:{secure.port}/api/identity-providers"
    command = ["curl", "-sS", "--cacert", secure.authority, "-H", "Authorization: Token any", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert len(json.loads(done.stdout)) == 4, done


def test_httpx_and_requests_trust_it_by_the_environment_that_is_printed(secure: Secure) -> None:
    program = "import sys, {0}; print({0}.get(sys.argv[1] + '/_mock/health').status_code)"
    printed = "".join(secure.served.printed)
    for client, name in (("httpx", "SSL_CERT_FILE"), ("requests", "REQUESTS_CA_BUNDLE")):
        assert f"export {name}='{secure.authority}'" in printed
        assert secure.run(program.format(client), **{name: secure.authority}) == "200"


def test_the_vcf_client_that_insists_on_https_works_once_it_trusts_the_authority(secure: Secure) -> None:
    program = """
import sys
from vcf_sdk import SDDCManager

host, authority = sys.argv[1].removeprefix("https://"), sys.argv[2]
with SDDCManager(host, "administrator@vsphere.local", "any", verify_ssl=authority) as manager:
    for provider in manager.identity_providers.list():
        print(manager.identity_providers.get(provider["id"])["type"])
"""
    assert "Embedded" in secure.run(program.replace("sys.argv[2]", repr(secure.authority))).split("\n")


def test_the_authority_is_made_once_and_names_can_be_chosen(tmp_path: Path) -> None:
    options = ["--tls", "--tls-dir", str(tmp_path), "--tls-host", "idp.test", "--tls-host", "other.test"]
    authority = tmp_path / "authority.pem"
    with serving(*options) as served:
        made = authority.read_bytes()
        chosen = Secure(served, str(authority))
        assert chosen.ask("idp.test", "/_mock/health")[0] == 200
        assert chosen.ask("other.test", "/_mock/health")[0] == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            chosen.ask("api.netbird.io", "/_mock/health")
    with serving(*options) as served:
        assert authority.read_bytes() == made
        assert Secure(served, str(authority)).ask("idp.test", "/_mock/health")[0] == 200


def test_what_was_acknowledged_over_tls_survives_the_death_of_the_server(tmp_path: Path) -> None:
    options = ["--tls", "--tls-dir", str(tmp_path), "--scenario", "empty", "--state", str(tmp_path / "state.db")]
    made = 0
    with serving(*options) as served:
        secure = Secure(served, str(tmp_path / "authority.pem"))
        provider = {"type": "oidc", "name": "x", "client_id": "c", "client_secret": "s", "issuer": "https://a.example"}
        for _ in range(10):
            made += secure.ask("localhost", "/api/identity-providers", "POST", provider)[0] == 200
        served.process.kill()
        served.process.wait()
    with serving(*options) as served:
        secure = Secure(served, str(tmp_path / "authority.pem"))
        assert len(secure.ask("localhost", "/api/identity-providers")[1]) == made == 10


def test_a_folder_that_holds_no_authority_is_refused(tmp_path: Path) -> None:
    (tmp_path / "authority-key.pem").write_text("nothing")
    assert "is damaged" in refused("--tls", "--tls-dir", str(tmp_path))
    file = tmp_path / "file"
    file.touch()
    assert "can't keep a certificate authority" in refused("--tls", "--tls-dir", str(file))


def test_an_authority_whose_key_others_can_read_is_refused(tmp_path: Path) -> None:
    Authority(tmp_path)
    (tmp_path / "authority-key.pem").chmod(0o644)
    assert "others can use the key" in refused("--tls", "--tls-dir", str(tmp_path))


def test_what_is_no_host_name_is_refused(tmp_path: Path) -> None:
    assert "no host name" in refused("--tls", "--tls-dir", str(tmp_path), "--tls-host", "https://idp.test")
