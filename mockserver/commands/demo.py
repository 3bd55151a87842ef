"""`mockserver demo`: plays flows before an audience, on a mock of its own or on any deployment."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack

from mockserver.core.messages import Json, Request, Response
from mockserver.documents.secret_names import secret_fields
from mockserver.engine.engine import CONTROL
from mockserver.flows.arazzo import ArazzoDocument, InvalidFlow, read
from mockserver.flows.demo_server import ControlPlaneRefusal, DemoServer, found
from mockserver.flows.demonstration import Terminal, demonstrate
from mockserver.flows.expressions import Undefined
from mockserver.flows.rendering import ExchangeRenderer
from mockserver.registry import resources
from mockserver.server import MockServer
from mockserver.transports.http_client import HttpClient, Unreachable

HELP = "Plays a flow and shows each exchange and what it changed."
CREDENTIAL = "MOCKSERVER_CREDENTIAL"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mockserver demo`."""
    add = parser.add_argument
    add("flow", nargs="?", metavar="FLOW", help="which to play; all of them without it")
    add("--list", action="store_true", help="list the flows and their inputs")
    add("--url", help="play there, on a mock or a real deployment, instead of on a mock of its own")
    add("--step", action="store_true", help="wait before each step; on a mock, steps can be taken back")
    add("--credential-env", metavar="NAME", help=f"the variable that holds the credential (default: {CREDENTIAL})")
    add("--control-token-env", metavar="NAME", help="the variable that holds the token of a mock's control plane")
    add("--input", action="append", default=[], metavar="NAME=VALUE", help="an input that is no secret")
    add("--input-env", action="append", default=[], metavar="NAME=VARIABLE", help="an input, out of a variable")


def run(options: argparse.Namespace) -> int:
    """0 where every step got what it should, 1 where one did not, 2 where it could not be played."""
    try:
        if options.list:
            return _list()
        if options.url and not options.flow:
            raise ValueError(f"with --url, name one flow: {', '.join(resources.flows())}")
        names = [options.flow] if options.flow else resources.flows()
        flows = {name: _flow(name) for name in names}
        with ExitStack() as stack:
            failed = [name for name, flow in flows.items() if not _play(name, flow, options, stack)]
        return 1 if failed else 0
    except (InvalidFlow, Undefined, ControlPlaneRefusal, Unreachable, ValueError) as error:
        print(f"mockserver demo: {error}", file=sys.stderr)
        return 2
    except (EOFError, KeyboardInterrupt):
        print("\nstopped")
        return 0
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (what is left is flushed at exit)
        return 0


def _play(name: str, flow: ArazzoDocument, options: argparse.Namespace, stack: ExitStack) -> bool:
    inputs = _inputs(flow, options)
    stage = _deployment(options, stack) if options.url else _own(name)
    if stage.world is None:
        if CONTROL in flow.services:
            raise ValueError(f"{name} plays on a mock only: it reads mail or moves time, and {stage.url} is no mock")
        if "token" not in inputs:
            raise ValueError(f"{stage.url} wants a credential: put it into the environment variable {CREDENTIAL}")
    inputs |= {"world": stage.world} | ({"controlToken": stage.token} if stage.token else {})
    schemas = flow.inputs()
    secrets = [str(inputs.get(it, schema.get("default", ""))) for it, schema in schemas.items() if _is_secret(schema)]
    fields = {field for service in flow.services for field in secret_fields(resources.document(service))}
    rendering = ExchangeRenderer(fields, secrets, sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    audience = Terminal(print, input if options.step else None, time.sleep)
    passed = demonstrate(flow, {it: value for it, value in inputs.items() if it in schemas}, stage, rendering, audience)
    print()
    return passed


def _flow(name: str) -> ArazzoDocument:
    if name not in resources.flows():
        raise ValueError(f"no flow {name!r}: there are {', '.join(resources.flows())}")
    return read(resources.flow(name), resources.document)


def _own(name: str) -> DemoServer:
    """A world of its own, in a server within this process."""
    server = MockServer()
    origin = f"http://{name}.localhost"

    def carry(request: Request) -> Response:
        request.origin = origin
        return server.handle(request)

    return found(origin, carry, "")


def _deployment(options: argparse.Namespace, stack: ExitStack) -> DemoServer:
    connection = stack.enter_context(HttpClient(options.url, {}))
    token = _variable(options.control_token_env) if options.control_token_env else ""
    return found(options.url, connection.carry, token)


def _inputs(flow: ArazzoDocument, options: argparse.Namespace) -> dict[str, Json]:
    """The inputs that were given. Secrets come out of the environment only, where no process list shows them."""
    schemas = flow.inputs()
    plain = dict(_pair(text, "--input", schemas) for text in options.input)
    shown = [name for name in plain if _is_secret(schemas[name])]
    if shown:
        raise ValueError(f"{shown[0]} is a secret: give it by --input-env {shown[0]}=VARIABLE")
    variables = dict(_pair(text, "--input-env", schemas) for text in options.input_env)
    secret = {name: _variable(variable) for name, variable in variables.items()}
    if options.credential_env:
        secret["token"] = _variable(options.credential_env)
    elif CREDENTIAL in os.environ:
        secret.setdefault("token", os.environ[CREDENTIAL])
    return {**plain, **secret}


def _pair(text: str, option: str, schemas: Mapping[str, Json]) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or name not in schemas:
        raise ValueError(f"{option} wants one of {', '.join(schemas)}, an equals sign and what it is, not {text!r}")
    return name, value


def _variable(name: str) -> str:
    if name not in os.environ:
        raise ValueError(f"there is no environment variable {name}")
    return os.environ[name]


def _is_secret(schema: Mapping[str, Json]) -> bool:
    return bool(schema.get("format") == "password")


def _list() -> int:
    for name in resources.flows():
        flow = _flow(name)
        print(f"{name}: {flow.title}{' (on a mock only)' if CONTROL in flow.services else ''}")
        print(f"  {flow.summary}")
        for given, schema in flow.inputs().items():
            default = "" if _is_secret(schema) or "default" not in schema else f" (default: {schema['default']})"
            print(f"    {given}: {schema['description']}{default}")
    return 0
