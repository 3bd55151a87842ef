"""`mockserver COMMAND`: what each command is called, takes and imports."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

COMMANDS = ("serve", "provision", "generate")
"""Each is a module here with HELP, `arguments(parser)` and `run(options) -> exit status`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit status."""
    parser = argparse.ArgumentParser(prog="mockserver", description="A stand-in for identity-provider-management APIs.")
    parser.add_argument("--version", action="version", version="idp-mockserver 0.1.0")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = import_module(f"mockserver.commands.{name}")
        module.arguments(commands.add_parser(name, help=module.HELP, description=module.HELP))
    options = parser.parse_args(arguments)
    status = import_module(f"mockserver.commands.{options.command}").run(options)
    return int(status)
