"""A server on a free port of this machine, in a thread of its own, and sockets that send whatever a test wants."""

from __future__ import annotations

import asyncio
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver import MockServer
from mockserver.core.hosts import Hosts
from mockserver.transports.network import Network
from mockserver.transports.network.access_log import AccessLog
from mockserver.transports.network.bounds import Bounds
from mockserver.transports.network.gate import Gate

RESPONSE_TIMEOUT = 10.0
"""Seconds after which a test gives up on a socket."""


@dataclass
class Reply:
    """A response as it came over the wire."""

    version: str
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


class Served:
    """A running server: its URL, its access log and the `MockServer` behind it."""

    def __init__(self, bounds: Bounds, host: str, server: MockServer) -> None:
        self.server = server
        self.logged = io.StringIO()
        self.url = ""
        self._bounds = bounds
        self._host = host
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        log = AccessLog("text", self._loop.call_soon, self.logged)
        self.network = Network(Gate(self.server, Hosts(), "http"), self._bounds, log)
        self.url = self._loop.run_until_complete(self.network.start(self._host, 0))
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self.network.stop())
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    def __enter__(self) -> Served:
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(RESPONSE_TIMEOUT)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(RESPONSE_TIMEOUT)

    @property
    def authority(self) -> str:
        return self.url.partition("//")[2]

    @contextmanager
    def connect(self, receive_buffer: int | None = None) -> Iterator[Wire]:
        host, _, port = self.authority.rpartition(":")
        family = socket.AF_INET6 if "[" in host else socket.AF_INET
        with socket.socket(family) as client:
            if receive_buffer is not None:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            client.settimeout(RESPONSE_TIMEOUT)
            client.connect((host.strip("[]"), int(port)))
            with client.makefile("rb") as stream:
                yield Wire(client, stream, self.authority)

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Reply:
        """One request over a connection of its own."""
        with self.connect() as wire:
            wire.send(method, target, body, **headers)
            return wire.reply(bodiless=method == "HEAD")


class Wire:
    """One connection."""

    def __init__(self, client: socket.socket, stream: Any, authority: str) -> None:
        self.socket = client
        self.stream = stream
        self.authority = authority

    def send_bytes(self, data: bytes) -> None:
        """Sends bytes as they are, also what is no HTTP."""
        self.socket.sendall(data)

    def send(self, method: str, target: str, body: bytes = b"", **headers: str) -> None:
        """Sends a request; header names are written with underscores."""
        self.send_bytes(request(method, target, self.authority, body, **headers))

    def reply(self, bodiless: bool = False) -> Reply:
        """Reads one response. `bodiless` says that it has no body whatever its length is, as after HEAD."""
        version, status, _ = self.stream.readline().decode().split(" ", 2)
        headers: dict[str, str] = {}
        while (line := self.stream.readline().decode().rstrip("\r\n")) != "":
            name, _, value = line.partition(": ")
            assert name.lower() not in headers or name.lower() == "vary", f"{name} comes twice"
            headers[name.lower()] = value
        length = 0 if bodiless else int(headers.get("content-length", 0))
        return Reply(version, int(status), headers, self.stream.read(length))

    def closed(self) -> bool:
        """Returns whether the server closes the connection without sending another byte."""
        try:
            return bool(self.stream.read(1) == b"")
        except ConnectionResetError:
            return True


def request(method: str, target: str, authority: str, body: bytes = b"", **headers: str) -> bytes:
    """Returns a request as bytes, with a credential and a length unless `headers` sets them."""
    fields = {"Host": authority, "Authorization": "Token any"}
    if body:
        fields["Content-Length"] = str(len(body))
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body
