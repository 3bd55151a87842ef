"""The options of `mockserver serve`, in the groups that its help shows."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from mockserver.commands import tls
from mockserver.engine.options import WorldOption
from mockserver.transports.network.access_log import STYLES


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `mockserver serve`."""
    _address(parser)
    tls.arguments(parser)
    _new_worlds(parser)
    _protection(parser)
    _limits(parser)
    add = parser.add_argument_group("running").add_argument
    add(
        "--state",
        type=filled,
        metavar="FILE",
        help="keep all worlds in this SQLite file; worlds in it resume as they were",
    )
    add("--reload", action="store_true", help="reload documents and fixtures when their files change")
    add("--access-log", choices=STYLES, default="text", help="format of the access log (default: %(default)s)")


def _address(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("address").add_argument
    add("--host", type=filled, default="127.0.0.1", help="address to bind (default: %(default)s)")
    add("--port", type=_port, default=8080, help="port to bind; 0 picks a free one (default: %(default)s)")
    add(
        "--allow-host",
        type=filled,
        action="append",
        default=[],
        metavar="HOST",
        help="also answer requests for this host name, besides loopback names; * allows every name; repeatable",
    )
    add("--external-url", type=filled, metavar="URL", help="URL at which clients reach this server through a proxy")


def _new_worlds(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("new worlds").add_argument
    add("--scenario", default="documented", help="data that a new world starts with (default: %(default)s)")
    add("--seed", type=_seed, default=0, help="seed for generated ids (default: %(default)s)")
    add(
        "--auth",
        choices=("lenient", "strict", "off"),
        help="accept any credential, accept known ones only, or skip the check (default: lenient)",
    )
    add("--strict", action="store_true", help="reject what the API documents do not describe; implies --auth strict")
    add("--service", action="append", metavar="NAME", help="serve only this API; repeatable (default: every API)")
    add(
        "--option",
        action="append",
        default=[],
        metavar="SERVICE.NAME=VALUE",
        help="set an option of one API; repeatable",
    )


def _protection(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("control plane and webhooks").add_argument
    add(
        "--control-token",
        type=filled,
        metavar="TOKEN",
        help="token that /_mock requires (default: none on loopback, otherwise a generated one that is printed)",
    )
    add(
        "--webhook-allow",
        type=filled,
        action="append",
        default=[],
        metavar="HOST",
        help="also deliver webhooks to this host, besides loopback; repeatable",
    )


def _limits(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("limits").add_argument
    add(
        "--max-body", type=_positive, default=1024 * 1024, metavar="BYTES", help="largest request body (default: 1 MiB)"
    )
    add("--max-worlds", type=_positive, default=2_000, metavar="N", help="most worlds at a time (default: %(default)s)")
    add("--journal", type=_positive, default=1_000, metavar="N", help="exchanges kept per world (default: %(default)s)")


def filled(text: str) -> str:
    """Returns the text. An empty one is an error: it usually comes from a variable of the shell that is not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the value is empty; leave the option out for its default")
    return text


def _positive(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and 0 < int(text[:20]) < 2**63):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _seed(text: str) -> int:
    if not (text.removeprefix("-").isdecimal() and len(text) < 21 and -(2**63) <= int(text) < 2**63):
        raise argparse.ArgumentTypeError(f"{text!r} is not a 64-bit integer")
    return int(text)


def _port(text: str) -> int:
    """Returns the port number. The operating system would take a larger number modulo 65536."""
    if not (text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 0 to 65535")
    return int(text)


def service_option(text: str, known: Mapping[str, WorldOption]) -> tuple[str, Any]:
    """Returns the name and the value of `SERVICE.NAME=VALUE`. `known` has the options of all services by full name.

    Raises ValueError for any other form. The server refuses an unknown name and a wrong value.
    """
    name, equals, value = text.partition("=")
    if not equals or "." not in name:
        raise ValueError(f"--option takes SERVICE.NAME=VALUE, not {text!r}")
    return name, known[name].read(value) if name in known else value
