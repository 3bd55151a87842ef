"""`mockserver COMMAND`: parses the command line and runs the command's module."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from mockserver.version import VERSION

DESCRIPTION = "Mock identity-provider-management APIs, and the contract tests that check them and real deployments."
EPILOG = "`mockserver COMMAND --help` shows the options and examples of a command."
COMMANDS = ("serve", "check", "demo", "provision", "operations", "generate", "new-api")
"""Each names a module in this package (`new-api` is `new_api`) with HELP, EXAMPLES, `arguments(parser)` and
`run(options) -> exit status`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="mockserver", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("--version", action="version", version=f"idp-mockserver {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # Importing every command is slow, and only the help and error messages need all of them.
    for name in [given[0]] if given and given[0] in COMMANDS else COMMANDS:
        module = _module(name)
        examples = f"examples:{module.EXAMPLES.rstrip()}"
        form = argparse.RawDescriptionHelpFormatter
        module.arguments(
            commands.add_parser(name, help=module.HELP, description=module.HELP, epilog=examples, formatter_class=form)
        )
    options = parser.parse_args(given)
    command = _module(options.command)
    try:
        status = int(command.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the pipe (`| head`) has closed it. Python flushes stdout again at exit, which must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _module(command: str) -> ModuleType:
    return import_module(f"mockserver.commands.{command.replace('-', '_')}")
