"""A server in a thread of this process, on a free port, for programs whose own thread does something else."""

from __future__ import annotations

import asyncio
from threading import Event, Thread

from mockserver.core.hosts import Hosts
from mockserver.server import MockServer
from mockserver.transports.network import Network, serve, webhook_delivery
from mockserver.transports.network.access_log import AccessLog
from mockserver.transports.network.bounds import Bounds
from mockserver.transports.network.gate import Gate


class Background:
    """`with Background(MockServer()) as url:` serves on loopback, webhooks included, as long as the block lasts.

    Raises OSError where loopback has no free port.
    """

    def __init__(self, server: MockServer) -> None:
        self._server = server
        self._ready = Event()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = Thread(target=self._run, name="mockserver", daemon=True)
        self._url = ""

    def __enter__(self) -> str:
        self._thread.start()
        self._ready.wait()
        if not self._url:
            raise OSError("the mock server can't listen on 127.0.0.1")
        return self._url

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._ready.set()
            self._loop.close()

    async def _serve(self) -> None:
        network = Network(Gate(self._server, Hosts(), "http"), Bounds(), AccessLog("off", self._loop.call_soon))
        async with webhook_delivery(self._server.worlds):
            await serve(network, "127.0.0.1", 0, self._tell, self._stopping)

    def _tell(self, url: str) -> None:
        self._url = url
        self._ready.set()
