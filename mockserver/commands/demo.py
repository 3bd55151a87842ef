"""`mockserver demo`: plays flows for an audience, on a mock of its own or on any deployment."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack

from mockserver.core.messages import Json, Request, Response
from mockserver.documents.secret_names import secret_fields
from mockserver.engine.service import CONTROL
from mockserver.flows.arazzo import ArazzoDocument, InvalidFlow
from mockserver.flows.demo_server import ControlPlaneRefusal, DemoServer, discover
from mockserver.flows.demonstration import Terminal, demonstrate
from mockserver.flows.expressions import Undefined
from mockserver.flows.reader import read
from mockserver.flows.rendering import ExchangeRenderer
from mockserver.registry import resources
from mockserver.server import MockServer
from mockserver.transports.http_client import HttpClient, Unreachable

HELP = "Plays a flow and shows each request, its response and what changed in the state."
EXAMPLES = """
  mockserver demo --list
  mockserver demo netbird-okta --step
  mockserver demo netbird-google --input prefix=Sales
  mockserver demo netbird-google --url https://netbird.example --credential-env NETBIRD_TOKEN
"""
CREDENTIAL = "MOCKSERVER_CREDENTIAL"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `mockserver demo`."""
    add = parser.add_argument
    add("flow", nargs="?", metavar="FLOW", help="flow to play (default: all flows)")
    add("--list", action="store_true", help="list the flows and their inputs")
    add("--url", help="mock or deployment to play on (default: a mock in this process)")
    add("--step", action="store_true", help="wait for Enter before each step; on a mock, b takes a step back")
    add("--credential-env", metavar="NAME", help=f"environment variable with the credential (default: {CREDENTIAL})")
    add("--control-token-env", metavar="NAME", help="environment variable with the control token of a mock")
    add(
        "--input", action="append", default=[], metavar="NAME=VALUE", help="set an input that is not secret; repeatable"
    )
    add(
        "--input-env",
        action="append",
        default=[],
        metavar="NAME=VARIABLE",
        help="set an input from an environment variable; repeatable",
    )


def run(options: argparse.Namespace) -> int:
    """Returns 0 if every step succeeded, 1 if one failed, 2 if the flow could not be played."""
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
    except BrokenPipeError:  # the program that read from the pipe has ended
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (Python flushes the rest at exit)
        return 0


def _play(name: str, flow: ArazzoDocument, options: argparse.Namespace, stack: ExitStack) -> bool:
    inputs = _inputs(flow, options)
    stage = _deployment(options, stack) if options.url else _own(name)
    if stage.world is None:
        if CONTROL in flow.services:
            raise ValueError(
                f"{name} plays on a mock only, because it reads mail or moves time; {stage.url} is not a mock"
            )
        if "token" not in inputs:
            raise ValueError(f"{stage.url} needs a credential: set the environment variable {CREDENTIAL}")
    inputs |= {"world": stage.world} | ({"controlToken": stage.token} if stage.token else {})
    schemas = flow.inputs()
    secrets = [
        str(inputs.get(name, schema.get("default", ""))) for name, schema in schemas.items() if _is_secret(schema)
    ]
    fields = {field for service in flow.services for field in secret_fields(resources.document(service))}
    rendering = ExchangeRenderer(fields, secrets, sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    audience = Terminal(print, input if options.step else None, time.sleep)
    passed = demonstrate(
        flow, {key: value for key, value in inputs.items() if key in schemas}, stage, rendering, audience
    )
    print()
    return passed


def _flow(name: str) -> ArazzoDocument:
    if name not in resources.flows():
        raise ValueError(f"there is no flow {name!r}, only {', '.join(resources.flows())}")
    return read(resources.flow(name), resources.document)


def _own(name: str) -> DemoServer:
    """Returns a server in this process, at a host name of its own."""
    server = MockServer()
    origin = f"http://{name}.localhost"

    def carry(request: Request) -> Response:
        request.origin = origin
        return server.handle(request)

    return discover(origin, carry, "")


def _deployment(options: argparse.Namespace, stack: ExitStack) -> DemoServer:
    connection = stack.enter_context(HttpClient(options.url, {}))
    token = _variable(options.control_token_env) if options.control_token_env else ""
    return discover(options.url, connection.carry, token)


def _inputs(flow: ArazzoDocument, options: argparse.Namespace) -> dict[str, Json]:
    """Returns the inputs that were given. Secrets come from the environment only: process lists show options."""
    schemas = flow.inputs()
    plain = dict(_pair(text, "--input", schemas) for text in options.input)
    exposed = [name for name in plain if _is_secret(schemas[name])]
    if exposed:
        raise ValueError(f"{exposed[0]} is a secret: set it with --input-env {exposed[0]}=VARIABLE")
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
        raise ValueError(f"{option} takes NAME=VALUE, not {text!r}; the names are {', '.join(schemas)}")
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
