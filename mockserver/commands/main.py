"""`mockserver COMMAND`: what each command is called, takes and imports."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from mockserver.version import VERSION

COMMANDS = ("serve", "check", "demo", "provision", "operations", "generate")
"""Each is a module here with HELP, `arguments(parser)` and `run(options) -> exit status`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="mockserver", description="A stand-in for identity-provider-management APIs.")
    parser.add_argument("--version", action="version", version=f"idp-mockserver {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # A command that is named first needs only its own module; help and mistakes need them all.
    for name in [given[0]] if given and given[0] in COMMANDS else COMMANDS:
        module = import_module(f"mockserver.commands.{name}")
        module.arguments(commands.add_parser(name, help=module.HELP, description=module.HELP))
    options = parser.parse_args(given)
    command = import_module(f"mockserver.commands.{options.command}")
    try:
        status = int(command.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read this has read enough (`| head`). What Python would still flush at its end has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status
