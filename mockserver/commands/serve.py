"""`mockserver serve`: the server that people start."""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from mockserver.commands import tls
from mockserver.commands.introduction import introduce
from mockserver.core.hosts import Hosts, is_loopback
from mockserver.persistence.persistence import Persistence
from mockserver.persistence.state_file import StateFile, StateFileError
from mockserver.registry import resources
from mockserver.server import MockServer
from mockserver.transports.network import Network, serve, webhook_delivery
from mockserver.transports.network.access_log import STYLES, AccessLog
from mockserver.transports.network.bounds import Bounds
from mockserver.transports.network.durable import durable
from mockserver.transports.network.gate import Gate
from mockserver.worlds.worlds import Limits

HELP = "Serves the mock APIs over HTTP."


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mockserver serve`."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to bind (default: %(default)s)")
    add("--port", type=_port, default=8080, help="port to bind, 0 for a free one (default: %(default)s)")
    add("--scenario", default="documented", help="what worlds begin with (default: %(default)s)")
    add("--seed", type=int, default=0, help="where generated ids come from (default: %(default)s)")
    add("--auth", choices=("lenient", "strict", "off"), help="which credentials are good (default: lenient)")
    add("--strict", action="store_true", help="refuse what the documents do not describe; implies --auth strict")
    add("--state", metavar="FILE", help="keep all worlds in this file; those in it go on as they were")
    tls.arguments(parser)
    add("--service", action="append", metavar="NAME", help="serve only this API; may be repeated")
    add("--option", action="append", default=[], metavar="SERVICE.NAME=VALUE", help="set a service's option")
    add("--reload", action="store_true", help="read documents and fixtures again when they change")
    add("--access-log", choices=STYLES, default="text", help="the form of the access log (default: %(default)s)")
    add("--allow-host", action="append", default=[], metavar="HOST", help="also answer to this Host; * for any")
    add("--webhook-allow", action="append", default=[], metavar="HOST", help="send webhooks to this host too")
    add("--external-url", metavar="URL", help="the URL under which a proxy makes this server reachable")
    add("--control-token", metavar="TOKEN", help="guard the control plane with this token")
    add("--max-body", type=int, default=1024 * 1024, metavar="BYTES", help="largest request body (default: 1 MiB)")
    add("--max-worlds", type=int, default=2_000, metavar="N", help="most worlds at a time (default: %(default)s)")
    add("--journal", type=int, default=1_000, metavar="N", help="exchanges kept per world (default: %(default)s)")


def _port(text: str) -> int:
    """A port's number; what is none would be taken modulo 65536 and bind another one."""
    if not (text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 0 to 65535 are")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Serves until interrupted. 0 after a clean stop, 2 where it can't start or go on."""
    token = options.control_token
    if token is None and not is_loopback(options.host):
        token = secrets.token_urlsafe(24)
    try:
        server = MockServer(
            services=options.service,
            scenario=options.scenario,
            seed=options.seed,
            auth=options.auth or ("strict" if options.strict else "lenient"),
            strict=options.strict,
            options=dict(_option(text) for text in options.option),
            limits=Limits(worlds=options.max_worlds, exchanges=options.journal),
            control_token=token,
            external_url=options.external_url and options.external_url.rstrip("/"),
        )
        secure = tls.tls(options, server.vendor_urls)
        settle_memory()
        persistence = _put_back(server, options.state) if options.state else None
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
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    log = AccessLog(options.access_log, lambda flush: loop.call_later(0.1, flush))
    hosts = Hosts([*options.allow_host, options.host, *(secure.hosts if secure else ())])
    gate = Gate(server, hosts, "https" if secure else "http")
    hold = partial(durable, persistence) if persistence else None
    network = Network(gate, Bounds(body=options.max_body), log, secure.context if secure else None, hold)
    watcher = asyncio.create_task(_reload(server)) if options.reload else None

    def ready(url: str) -> None:
        introduce(server, url, token if token != options.control_token else None, secure)
        print(f"ready {url}", flush=True)

    async with _keeping(persistence, stopping), webhook_delivery(server.worlds, options.webhook_allow):
        await serve(network, options.host, options.port, ready, stopping)
    if watcher is not None:
        watcher.cancel()


@asynccontextmanager
async def _keeping(persistence: Persistence | None, stopping: asyncio.Event) -> AsyncIterator[None]:
    """Keeps what changes; when that is no longer possible, sets `stopping` and raises StateFileError at the end."""
    if persistence is None:
        yield
        return
    lost: list[StateFileError] = []

    def stop(reason: StateFileError) -> None:
        lost.append(reason)
        stopping.set()

    persistence.start(asyncio.get_running_loop().call_soon, stop)
    try:
        yield
    finally:
        persistence.close()
    if lost:
        raise lost[0]


async def _reload(server: MockServer) -> None:
    """Looks for changed files twice a second. A document that does not compile leaves the old one in force."""
    seen = resources.watched()
    while True:
        await asyncio.sleep(0.5)
        now = resources.watched()
        if now == seen:
            continue
        changed = sorted(str(path.name) for path in now.keys() | seen.keys() if now.get(path) != seen.get(path))
        seen = now
        try:
            server.reload()
            print(f"reloaded {', '.join(changed)}", flush=True)
        except Exception as error:  # whatever a half-written file does to the compiler, the server goes on
            print(f"not reloaded, {', '.join(changed)}: {error}", file=sys.stderr, flush=True)


def settle_memory() -> None:
    """Records and journals are many, live long and form no cycles: the collector need not walk them at every turn."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


def _put_back(server: MockServer, path: str) -> Persistence:
    """The worlds in the state file. What they are made of stays, so the collector need not look at it now or later."""
    gc.disable()
    try:
        return Persistence(server.worlds, StateFile(path))
    finally:
        gc.freeze()
        gc.enable()


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or "." not in name:
        raise ValueError(f"--option wants SERVICE.NAME=VALUE, not {text!r}")
    return name, {"true": True, "false": False}.get(value.lower(), value)


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
        return f"port {options.port} needs more rights than this user has; choose one above 1023 with --port"
    return f"can't bind {options.host}:{options.port}: {error.strerror or error}"
