"""`mockserver generate`: writes the fixture files; equal code writes equal files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mockserver.registry import resources

HELP = "Writes the fixture files of the scenarios. Each run writes the same bytes."
EXAMPLES = """
  mockserver generate
  mockserver generate acme --to fixtures-of-mine
  mockserver generate --check
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `mockserver generate`."""
    add = parser.add_argument
    add("scenario", nargs="*", help="scenario to write (default: all)")
    add("--to", type=Path, metavar="DIR", help="folder to write to (default: the one that the server reads)")
    add("--check", action="store_true", help="write nothing; exit with 1 if a file differs from what would be written")


def run(options: argparse.Namespace) -> int:
    """Returns 0 on success, 1 if `--check` finds a difference, 2 if the files can't be generated."""
    try:
        from mockserver.generate.scenarios import SCENARIOS, file_of
    except ImportError as error:
        print(f"mockserver generate needs {error.name}: pip install 'idp-mockserver[generate]'", file=sys.stderr)
        return 2
    unknown = set(options.scenario) - SCENARIOS.keys()
    if unknown:
        known = ", ".join(SCENARIOS)
        print(f"mockserver generate: no scenario {', '.join(sorted(unknown))}: there are {known}", file=sys.stderr)
        return 2
    target = options.to or resources.folder("fixtures")
    different = False
    for scenario in options.scenario or SCENARIOS:
        for service, records in SCENARIOS[scenario].items():
            path = target / scenario / f"{service}.json"
            content = file_of(records())
            same = path.exists() and path.read_bytes() == content
            different = different or not same
            print(f"{scenario}/{service}.json: {'unchanged' if same else 'differs' if options.check else 'written'}")
            if not same and not options.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    return 1 if different and options.check else 0
