"""`mockserver serve`: runs the mock server until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from mockserver.commands import tls
from mockserver.commands.introduction import introduce
from mockserver.commands.serve_options import arguments as arguments
from mockserver.commands.serve_options import service_option
from mockserver.core.hosts import Hosts, is_loopback
from mockserver.persistence.persistence import Persistence
from mockserver.persistence.state_file import StateFile, StateFileError
from mockserver.registry import apis, resources
from mockserver.server import MockServer, options_of
from mockserver.transports.network import Network, serve, webhook_delivery
from mockserver.transports.network.access_log import AccessLog
from mockserver.transports.network.bounds import Bounds
from mockserver.transports.network.durable import durable
from mockserver.transports.network.gate import Gate
from mockserver.worlds.worlds import Limits

HELP = "Serves the mock APIs over HTTP or https."
EXAMPLES = """
  mockserver serve
  mockserver serve --port 0 --scenario acme
  mockserver serve --service netbird --service scim --auth strict
  mockserver serve --state mock.sqlite --option vcf.json-bodies=true
"""


def run(options: argparse.Namespace) -> int:
    """Serves until interrupted. Returns 0 after a clean stop, 2 if the server can't start or continue."""
    token = options.control_token
    if token is None and not is_loopback(options.host):
        token = secrets.token_urlsafe(24)
    try:
        with _collector_paused():  # collecting takes 70 ms of the start, and finds hardly any garbage
            known = options_of(apis.services())
            server = MockServer(
                services=options.service,
                scenario=options.scenario,
                seed=options.seed,
                auth=options.auth or ("strict" if options.strict else "lenient"),
                strict=options.strict,
                options=dict(service_option(text, known) for text in options.option),
                limits=Limits(worlds=options.max_worlds, exchanges=options.journal),
                control_token=token,
                external_url=options.external_url and options.external_url.rstrip("/"),
            )
        secure = tls.tls(options, server.vendor_urls)
        settle_memory()
        persistence = _resume(server, options.state) if options.state else None
        _loop_runner()(_serve(server, options, token, secure, persistence))
    except ValueError as error:
        print(f"mockserver serve: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"mockserver serve: {_bind_failure(error, options)}", file=sys.stderr)
        return 2
    return 0


async def _serve(
    server: MockServer,
    options: argparse.Namespace,
    token: str | None,
    secure: tls.Tls | None,
    persistence: Persistence | None,
) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    _stop_on_signals(loop, stopping)
    log = AccessLog(options.access_log, lambda flush: loop.call_later(0.1, flush))
    hosts = Hosts([*options.allow_host, options.host, *(secure.hosts if secure else ())])
    gate = Gate(server, hosts, "https" if secure else "http")
    wrap = partial(durable, persistence) if persistence else None
    network = Network(gate, Bounds(body=options.max_body), log, secure.context if secure else None, wrap)
    watcher = asyncio.create_task(_reload(server)) if options.reload else None

    def ready(url: str) -> None:
        introduce(server, url, token if token != options.control_token else None, secure)
        print(f"ready {url}", flush=True)

    async with _persisting(persistence, stopping), webhook_delivery(server.worlds, options.webhook_allow):
        await serve(network, options.host, options.port, ready, stopping)
    if watcher is not None:
        watcher.cancel()


def _stop_on_signals(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
    """Sets the event on SIGINT and SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopping.set)
        except NotImplementedError:  # event loops on Windows have no signal handlers
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))


@asynccontextmanager
async def _persisting(persistence: Persistence | None, stopping: asyncio.Event) -> AsyncIterator[None]:
    """Writes changes to the state file. If a write fails, sets `stopping` and raises StateFileError at the end."""
    if persistence is None:
        yield
        return
    failures: list[StateFileError] = []

    def stop(reason: StateFileError) -> None:
        failures.append(reason)
        stopping.set()

    persistence.start(asyncio.get_running_loop().call_soon, stop)
    try:
        yield
    finally:
        persistence.close()
    if failures:
        raise failures[0]


async def _reload(server: MockServer) -> None:
    """Looks for changed files twice a second and reloads them. A document that does not compile replaces nothing."""
    known = resources.watched()
    while True:
        await asyncio.sleep(0.5)
        now = resources.watched()
        if now == known:
            continue
        changed = sorted(str(path.name) for path in now.keys() | known.keys() if now.get(path) != known.get(path))
        known = now
        try:
            server.reload()
            print(f"reloaded {', '.join(changed)}", flush=True)
        except (
            Exception
        ) as error:  # a half-written file can break the compiler in any way; the server has to survive it
            print(f"not reloaded, {', '.join(changed)}: {error}", file=sys.stderr, flush=True)


def settle_memory() -> None:
    """Makes the garbage collector run rarely: records and journals are many, live long and form no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


def _resume(server: MockServer, path: str) -> Persistence:
    """Loads the worlds in the state file. The garbage collector never needs to visit them: their objects stay."""
    with _collector_paused():
        persistence = Persistence(server.worlds, StateFile(path))
        gc.freeze()
    return persistence


@contextmanager
def _collector_paused() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _loop_runner() -> Any:
    try:
        import uvloop
    except ImportError:  # not on Windows
        return asyncio.run
    return uvloop.run


def _bind_failure(error: OSError, options: argparse.Namespace) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {options.port} on {options.host} is taken; choose another with --port, or --port 0 for a free one"
    if error.errno == errno.EACCES:
        return f"this user may not bind port {options.port}; choose one above 1023 with --port"
    return f"can't bind {options.host}:{options.port}: {error.strerror or error}"
